/** Which withdrawals a plan may pay: what is ready once everything that waits was judged again, or who is left of an earlier plan. */
import type { Id } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { STATE_CONFLICT } from "../../core/states/edges.ts";
import { EXPORTED, OPEN, SENDING } from "../../core/states/stages.ts";
import type { WithdrawalState } from "../../core/states/withdrawal-states.ts";
import { advance } from "../deciding/advance.ts";
import { haltsNow } from "../deciding/evidence.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { WithdrawalRow } from "../rows.ts";

/** One that may be planned, with its last step: what has made it ready. */
export type Member = WithdrawalRow & { readonly updated: Instant };

type Listing<Tx> = {
  listWithdrawals(
    tx: Tx,
    filter: { readonly state: WithdrawalState },
    page: { readonly limit: number },
  ): readonly Member[];
};

export type MemberPorts<Tx> = Omit<WithdrawalPorts<Tx>, "getWithdrawal" | "withdrawalsOf"> &
  Listing<Tx> & {
    getWithdrawal(tx: Tx, id: Id): Member;
    withdrawalsOf(tx: Tx, plan: Id): readonly Member[];
  };

const PAGE = { limit: LIMITS.pageRowsMax };

/** Judges again what waits: a delay may be over, signatures have lapsed, a customer be suspended (F25). */
export function judgeWaiting<Tx>(
  ports: WithdrawalPorts<Tx> & Listing<Tx>,
  tx: Tx,
  { policy, now }: { readonly policy: PolicyDocument; readonly now: Instant },
): void {
  const about = { policy, now, halts: haltsNow(ports, tx) };
  // The last stage first: what becomes ready here is judged once.
  for (const state of [...OPEN].reverse())
    for (const withdrawal of ports.listWithdrawals(tx, { state }, PAGE))
      advance(ports, tx, withdrawal, about);
}

/**
 * What is ready, the oldest first.
 * @param only those alone, if any are named @throws STATE_CONFLICT, WITHDRAWAL_UNKNOWN
 */
export function readyMembers<Tx>(ports: MemberPorts<Tx>, tx: Tx, only: readonly Id[]): readonly Member[] {
  if (only.length === 0) return ports.listWithdrawals(tx, { state: "READY" }, PAGE);
  return only.map((id) => assertReady(ports.getWithdrawal(tx, id)));
}

function assertReady(withdrawal: Member): Member {
  const { id, state } = withdrawal;
  if (state === "READY") return withdrawal;
  throw STATE_CONFLICT(`withdrawal ${id} is ${state}, not READY`, {
    field: "--only",
    hint: `custody withdraw show ${id}`,
  });
}

const LIVE: ReadonlySet<WithdrawalState> = new Set([...EXPORTED, ...SENDING]);

/** The members of a plan that shall still be paid by what takes its place. */
export function stillWanted<Tx>(
  ports: Pick<MemberPorts<Tx>, "withdrawalsOf">,
  tx: Tx,
  plan: Id,
): readonly Member[] {
  return ports.withdrawalsOf(tx, plan).filter(({ state }) => LIVE.has(state));
}
