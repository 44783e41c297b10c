/** A withdrawal, the promise to a client: which event leads it from which state to which. */
import type { Digest } from "../digest.ts";
import type { Id, Name } from "../identifier.ts";
import type { Payment, Posting } from "../ledger.ts";
import { HOLD_OF, postingsFor, type Settlement } from "./holds.ts";
import { from, movesOf, statesBefore, targetOf, type Transition } from "./moves.ts";
import { EXPORTED, OPEN, SENDING, UNEXPORTED } from "./stages.ts";
import {
  auditedAs,
  changesOf,
  type WithdrawalChanges,
  type WithdrawalEvent,
  type WithdrawalStanding,
} from "./withdrawal-events.ts";
import { WITHDRAWAL_STATES, type WithdrawalState } from "./withdrawal-states.ts";

/** It is over: its hold was released, and it is never paid. */
export const ENDED: ReadonlySet<WithdrawalState> = new Set(
  WITHDRAWAL_STATES.filter((state) => HOLD_OF[state] === "RELEASED"),
);

/** No plan of its newest generation has left the machine: it stands where people have put it. */
export const WAITING: ReadonlySet<WithdrawalState> = new Set(["REQUESTED", "SCREENING", ...UNEXPORTED]);

/** A quorum may have approved it, and no block holds its payment. */
const LIVE = [
  "SCREENING",
  "ON_HOLD",
  ...UNEXPORTED,
  ...EXPORTED,
  ...SENDING,
  "FAILED_ONCHAIN",
  "EXPIRED",
] as const;
const UNAPPROVED = ["REQUESTED", "SCREENING", "ON_HOLD", "PENDING_APPROVAL", "EXPIRED"] as const;
/** Nothing that is known here can pay it: people may say that another transaction has. */
const UNSENT = ["SCREENING", "ON_HOLD", "BLOCKED", ...OPEN, "EXPIRED", "REVOKING"] as const;
/** A reorganisation may take them back. */
export const IN_BLOCK = ["CONFIRMING", "COMPLETED", "FAILED_ONCHAIN"] as const;

/** Every event, named as in the audit log where that does not say more. */
export const WITHDRAWAL_MOVES = movesOf<MoveName, WithdrawalState>({
  screening: from(["REQUESTED", "ON_HOLD"], "SCREENING"),
  admitted: { SCREENING: "PENDING_APPROVAL" },
  "approved, waits": from(["SCREENING", "PENDING_APPROVAL"], "COOLING"),
  approved: from(["SCREENING", "PENDING_APPROVAL"], "READY"),
  released: { COOLING: "READY" },
  "approvals lapsed": from(["COOLING", "READY"], "PENDING_APPROVAL"),
  "release lapsed": { READY: "COOLING" },
  "intent expired": from(["SCREENING", ...OPEN], "EXPIRED"),
  held: from(["SCREENING", ...OPEN], "ON_HOLD"),
  // A hit freezes also what is being revoked, or has lapsed: law 3 would give it back else.
  blocked: from(["ON_HOLD", "EXPIRED", "REVOKING"], "BLOCKED"),
  unblocked: { BLOCKED: "ON_HOLD" },
  "unblocked, not wanted": { BLOCKED: "REVOKING" },
  "unblocked, expired": { BLOCKED: "EXPIRED" },
  planned: { READY: "PLANNED" },
  "plan dropped": { PLANNED: "READY" },
  exported: { PLANNED: "EXPORTED" },
  invalid: { SCREENING: "INVALID" },
  rejected: from(UNAPPROVED, "REJECTED"),
  cancelled: from(UNAPPROVED, "CANCELLED"),
  "invalid, live": { SCREENING: "REVOKING" },
  "rejected, live": from(LIVE, "REVOKING"),
  "cancelled, live": from(LIVE, "REVOKING"),
  "closed, rejected": { REVOKING: "REJECTED" },
  "closed, cancelled": { REVOKING: "CANCELLED" },
  superseded: from(["FAILED_ONCHAIN", "EXPIRED"], "PENDING_APPROVAL"),
  "paid by an earlier generation": from([...LIVE, "CONFIRMING"], "REVOKING"),
  "paid by another transaction": from(UNSENT, "COMPLETED"),
  "at EXPORTED": { EXPIRED: "EXPORTED" },
  "at SIGNED": from(["EXPORTED", "EXPIRED"], "SIGNED"),
  "at BROADCASTING": from(
    ["SIGNED", "UNCERTAIN", "BROADCAST", "CONFIRMING", "FAILED_ONCHAIN", "EXPIRED"],
    "BROADCASTING",
  ),
  "at UNCERTAIN": from(["BROADCASTING", "BROADCAST", ...IN_BLOCK, "EXPIRED"], "UNCERTAIN"),
  "at BROADCAST": from(["BROADCASTING", "UNCERTAIN", ...IN_BLOCK, "EXPIRED"], "BROADCAST"),
  // Also what is stopped: whoever owns this host may have had it signed, and the books must say so (law 3).
  "at CONFIRMING": from(
    ["ON_HOLD", "BLOCKED", "SIGNED", ...SENDING, "COMPLETED", "FAILED_ONCHAIN", "EXPIRED", "REVOKING"],
    "CONFIRMING",
  ),
  "at COMPLETED": { CONFIRMING: "COMPLETED" },
  "at FAILED_ONCHAIN": { CONFIRMING: "FAILED_ONCHAIN" },
  "at EXPIRED": from(["EXPORTED", "SIGNED", ...SENDING, "CONFIRMING"], "EXPIRED"),
  "unpaid, not wanted": from(["CONFIRMING", "COMPLETED"], "REVOKING"),
  "unpaid, held": from(["CONFIRMING", "COMPLETED"], "ON_HOLD"),
  "unpaid, blocked": from(["CONFIRMING", "COMPLETED"], "BLOCKED"),
  "unpaid, expired": { COMPLETED: "EXPIRED" },
});

/** A person of ours who does not want it ends it here and now, where no quorum has approved it. */
export const ENDS_AT_ONCE = statesBefore(WITHDRAWAL_MOVES, "rejected", "cancelled");

/** It can be ended, or begin to: it has not ended, is not being revoked, nothing has frozen it, no block holds its payment. */
export const REVOCABLE = new Set([
  ...ENDS_AT_ONCE,
  ...statesBefore(WITHDRAWAL_MOVES, "rejected, live", "cancelled, live"),
]);

/** It is judged anew whenever something is said about it. */
export const JUDGED = statesBefore(WITHDRAWAL_MOVES, "held");

/** Two of compliance can freeze it where it stands. */
export const FREEZABLE = statesBefore(WITHDRAWAL_MOVES, "blocked");

/** Another attempt than that of its newest generation has paid it, and it can be stopped. */
export const STOPPABLE = statesBefore(WITHDRAWAL_MOVES, "paid by an earlier generation");

/** Without its generation's end no next one begins (law 4). */
export const SUPERSEDABLE = statesBefore(WITHDRAWAL_MOVES, "superseded");

/** What a reorganisation takes out of its block, and is not wanted, is revoked. */
export const PAID_IN_BLOCK = statesBefore(WITHDRAWAL_MOVES, "unpaid, not wanted");

type Unpaid = "unpaid, not wanted" | "unpaid, held" | "unpaid, blocked" | "unpaid, expired";
type MoveName =
  | Exclude<WithdrawalEvent["type"], "stands" | "payment left the chain">
  | `at ${WithdrawalStanding}`
  | Unpaid;

export type WithdrawalFacts = {
  readonly id: Id;
  readonly state: WithdrawalState;
  /** Why it is not wanted any more; it stays. */
  readonly reason: string | undefined;
  /** Why it is held, or was last. */
  readonly code: Name | undefined;
  /** Of what is blocked. */
  readonly warrant: Digest | undefined;
};

/**
 * What `event` makes of a withdrawal: its next state, what changes with it, what is booked.
 * @param settlement of the attempt that settles it, did, or has failed; needed where one of the two states is COMPLETED or
 *   FAILED_ONCHAIN
 * @throws STATE_CONFLICT
 */
export function withdrawalTransition(
  row: WithdrawalFacts,
  event: WithdrawalEvent,
  payment: Payment,
  settlement: Settlement | undefined,
): Transition<WithdrawalState> & {
  readonly changes: WithdrawalChanges;
  readonly postings: readonly Posting[];
} {
  const move = moveFor(row, event);
  const to = targetOf("withdrawal", row, WITHDRAWAL_MOVES, move);
  return {
    to,
    event: auditedAs(event),
    changes: changesOf(event, to === "ON_HOLD"),
    postings: postingsFor(payment, row.state, to, settlement),
  };
}

/** Where a withdrawal stands whose attempts are at `at`. What is stopped follows them into a block, and out of it alone. */
export function standingPlace(
  row: Pick<WithdrawalFacts, "reason" | "code" | "warrant">,
  at: WithdrawalStanding,
): WithdrawalState {
  const move = moveOf(row, at);
  if (move === "unpaid, blocked") return "BLOCKED";
  if (move === "unpaid, not wanted") return "REVOKING";
  return move === "unpaid, held" ? "ON_HOLD" : at;
}

function moveFor(row: WithdrawalFacts, event: WithdrawalEvent): MoveName {
  if (event.type === "stands") return moveOf(row, event.at);
  if (event.type !== "payment left the chain") return event.type;
  // People decide anew: it is held, whatever it was before.
  return stoppedBy(row) ?? (event.planned ? "unpaid, expired" : "unpaid, held");
}

function moveOf(
  row: Pick<WithdrawalFacts, "reason" | "code" | "warrant">,
  at: WithdrawalStanding,
): `at ${WithdrawalStanding}` | Unpaid {
  if (at === "CONFIRMING" || at === "COMPLETED" || at === "FAILED_ONCHAIN") return `at ${at}`;
  return stoppedBy(row) ?? (row.code === undefined ? `at ${at}` : "unpaid, held");
}

function stoppedBy({ reason, warrant }: Pick<WithdrawalFacts, "reason" | "warrant">): Unpaid | undefined {
  if (warrant !== undefined) return "unpaid, blocked";
  return reason === undefined ? undefined : "unpaid, not wanted";
}
