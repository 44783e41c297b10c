/** A withdrawal, the promise to a client: its states, and what happens to it. */
import type { Digest } from "../digest.ts";
import type { Id, Name } from "../identifier.ts";
import type { Instant } from "../instant.ts";
import type { Payment, Posting } from "../ledger.ts";
import { postingsFor, type Settlement } from "./holds.ts";
import { from, movesOf, targetOf, type Transition } from "./moves.ts";

/**
 * REQUESTED: stored, its amount held. SCREENING: looked at (KYC, limits, destination), for the first time or again.
 * ON_HOLD: something speaks against paying it now, and compliance decides. BLOCKED: two of compliance have confirmed a
 * hit; its funds are frozen. INVALID: it can never be paid as it was asked for. COOLING: approved, waits for its release or
 * clearance. REVOKING: approved, and not wanted any more; its hold is kept until law 3 is met, or it is paid because it won
 * the race. EXPIRED: what was signed for it can never settle, or its time to be planned is over; only a new generation,
 * approved afresh, can pay it (law 4). FAILED_ONCHAIN: a block holds its payment without its effect, and that is final
 * (EVM: status 0 or no matching Transfer; Safe: ExecutionFailure; Stellar: a failed result). The fee is gone, the amount is
 * not. No bitcoin transaction can end so.
 */
export const WITHDRAWAL_STATES = [
  "REQUESTED",
  "SCREENING",
  "INVALID",
  "ON_HOLD",
  "BLOCKED",
  "PENDING_APPROVAL",
  "COOLING",
  "READY",
  "PLANNED",
  "EXPORTED",
  "SIGNED",
  "BROADCASTING",
  "UNCERTAIN",
  "BROADCAST",
  "CONFIRMING",
  "COMPLETED",
  "FAILED_ONCHAIN",
  "EXPIRED",
  "REVOKING",
  "REJECTED",
  "CANCELLED",
] as const;

export type WithdrawalState = (typeof WITHDRAWAL_STATES)[number];

/** It is over: its hold was released, and it is never paid. */
export const ENDED: ReadonlySet<WithdrawalState> = new Set(["INVALID", "REJECTED", "CANCELLED"]);

/** No plan of its newest generation has left the machine: it stands where people have put it. */
export const WAITING: ReadonlySet<WithdrawalState> = new Set([
  "REQUESTED",
  "SCREENING",
  "PENDING_APPROVAL",
  "COOLING",
  "READY",
  "PLANNED",
]);

const OPEN = ["PENDING_APPROVAL", "COOLING", "READY"] as const;
const SENDING = ["BROADCASTING", "UNCERTAIN", "BROADCAST"] as const;
/** A quorum may have approved it, and no block holds its payment. */
const LIVE = [
  "SCREENING",
  "ON_HOLD",
  ...OPEN,
  "PLANNED",
  "EXPORTED",
  "SIGNED",
  ...SENDING,
  "FAILED_ONCHAIN",
  "EXPIRED",
] as const;
const UNAPPROVED = ["REQUESTED", "SCREENING", "ON_HOLD", "PENDING_APPROVAL", "EXPIRED"] as const;
/** A reorganisation may take them back. */
const IN_BLOCK = ["CONFIRMING", "COMPLETED", "FAILED_ONCHAIN"] as const;

/** Where the best attempt that pays it stands (`withdrawals/stand.ts`). */
export type WithdrawalStanding =
  | "EXPORTED"
  | "SIGNED"
  | "BROADCASTING"
  | "UNCERTAIN"
  | "BROADCAST"
  | "CONFIRMING"
  | "COMPLETED"
  | "FAILED_ONCHAIN"
  | "EXPIRED";

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
  blocked: { ON_HOLD: "BLOCKED" },
  unblocked: { BLOCKED: "ON_HOLD" },
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
});

type End = "rejected" | "cancelled" | "invalid";
type Unpaid = "unpaid, not wanted" | "unpaid, held" | "unpaid, blocked";
type Plain =
  | "screening"
  | "admitted"
  | "approved, waits"
  | "approved"
  | "released"
  | "approvals lapsed"
  | "release lapsed"
  | "intent expired"
  | "plan dropped"
  | "exported"
  | "closed, rejected"
  | "closed, cancelled";

type MoveName = Exclude<WithdrawalEvent["type"], "stands"> | `at ${WithdrawalStanding}` | Unpaid;

export type WithdrawalEvent =
  | { readonly type: Plain }
  | { readonly type: "held"; readonly code: Name }
  /** `warrant`: the document by which two of compliance allow it. */
  | { readonly type: "blocked"; readonly code: Name; readonly warrant: Digest }
  | { readonly type: "unblocked"; readonly code: Name }
  | { readonly type: "planned"; readonly plan: Id }
  | { readonly type: End | `${End}, live` | "paid by an earlier generation"; readonly reason: string }
  | {
      readonly type: "superseded";
      readonly generation: number;
      readonly intent: Digest;
      readonly expires: Instant;
    }
  /** Its attempts, or those of plans beside, have moved. `why`: what has happened to them. */
  | { readonly type: "stands"; readonly at: WithdrawalStanding; readonly why: string };

/** What a step writes beside the state. `null` empties a column. */
export type WithdrawalChanges = {
  readonly reason?: string;
  readonly code?: Name | null;
  readonly warrant?: Digest | null;
  readonly plan?: Id | null;
  readonly intent?: Digest;
  readonly expires?: Instant;
};

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
  const move = event.type === "stands" ? moveOf(row, event.at) : event.type;
  const to = targetOf("withdrawal", row, WITHDRAWAL_MOVES, move);
  return {
    to,
    event: auditedAs(event),
    changes: changesOf(event),
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

function moveOf(
  { reason, code, warrant }: Pick<WithdrawalFacts, "reason" | "code" | "warrant">,
  at: WithdrawalStanding,
): `at ${WithdrawalStanding}` | Unpaid {
  if (at === "CONFIRMING" || at === "COMPLETED" || at === "FAILED_ONCHAIN") return `at ${at}`;
  if (warrant !== undefined) return "unpaid, blocked";
  if (reason !== undefined) return "unpaid, not wanted";
  return code === undefined ? `at ${at}` : "unpaid, held";
}

function auditedAs(event: WithdrawalEvent): string {
  switch (event.type) {
    case "stands":
      return event.why;
    case "superseded":
      return `superseded by generation ${event.generation}`;
    case "approved, waits":
      return "approved";
    case "closed, rejected":
    case "closed, cancelled":
      return "family closed, hold released";
    default:
      return event.type;
  }
}

function changesOf(event: WithdrawalEvent): WithdrawalChanges {
  switch (event.type) {
    case "held":
      return { code: event.code };
    case "unblocked":
      return { code: event.code, warrant: null };
    case "blocked":
      return { code: event.code, warrant: event.warrant };
    case "planned":
      return { plan: event.plan };
    case "superseded":
      return { plan: null, intent: event.intent, expires: event.expires };
    case "plan dropped":
      return { plan: null };
    case "screening":
      return { code: null };
    default:
      return "reason" in event ? { reason: event.reason } : {};
  }
}
