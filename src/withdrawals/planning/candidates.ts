/** Which ready withdrawals may go into a plan now: judged by policy, KYC and the whole limits, the oldest first. */
import type { WalletView } from "../../chains/adapter.ts";
import { addSeconds } from "../../core/instant.ts";
import { limitExcess, WHOLE, type Spending } from "../../core/policy/limits.ts";
import type { PolicyRow } from "../../core/policy/policy.ts";
import {
  evidenceOf,
  judgeWithdrawal,
  type JudgeAbout,
  type WithdrawalEvidence,
} from "../deciding/evidence.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { WithdrawalRow } from "../rows.ts";

/** The longest window of a limit. */
export const WINDOW_SECONDS = 30 * 86_400;

/** A ready withdrawal that may not be planned now, and why; it stays where it is and fails no batch. */
export type LeftOut = {
  readonly withdrawal: WithdrawalRow;
  readonly why: string;
  /** It fits into a plan of its own beside this one: a wallet may make one payment with each. */
  readonly again?: boolean;
};
export type Candidate = WithdrawalEvidence & {
  readonly withdrawal: WithdrawalRow;
  readonly row: PolicyRow;
};
export type Judged = { readonly candidates: readonly Candidate[]; readonly leftOut: readonly LeftOut[] };

/**
 * Judges `ready` in its order. The online host knows all payments, so it holds each row against the whole of its limits;
 * a signer, which knows its own journal alone, enforces its share.
 * @param spendings of the windows; withdrawals that are in a plan already are counted in it
 */
export function judgeCandidates<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  input: { readonly ready: readonly WithdrawalRow[]; readonly view: WalletView; readonly max: number },
  about: Omit<JudgeAbout, "wallet"> & { readonly spendings: readonly Spending[] },
): Judged {
  const candidates: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  const spendings = [...about.spendings];
  for (const withdrawal of input.ready) {
    const leave = (why: string) => leftOut.push({ withdrawal, why });
    if (candidates.length >= input.max) {
      leave(`the batch holds ${input.max} already`);
      continue;
    }
    const evidence = evidenceOf(ports, tx, withdrawal);
    const wallet = input.view.wallet.name;
    const verdict = judgeWithdrawal(ports, tx, withdrawal, { ...about, wallet }, evidence);
    if (!verdict.allowed) {
      leave(`${verdict.rule}: ${verdict.why}`);
      continue;
    }
    const { row } = verdict;
    const adding = { units: withdrawal.amount.units, feeUnits: 0n };
    const excess = limitExcess(row, spendings, adding, about.now, WHOLE);
    if (excess !== undefined) {
      leave(`LIMIT: ${excess.why}`);
      continue;
    }
    spendings.push({ row: row.name, ...adding, at: about.now });
    candidates.push({ ...evidence, withdrawal, row });
  }
  return { candidates, leftOut };
}

/** The beginning of the longest window at `now`. */
export function windowStart(now: JudgeAbout["now"]): JudgeAbout["now"] {
  return addSeconds(now, -WINDOW_SECONDS);
}
