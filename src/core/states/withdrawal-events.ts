/** What happens to a withdrawal, what its audit row says of it, and what it writes beside the state. */
import type { Digest } from "../digest.ts";
import type { Id, Name } from "../identifier.ts";
import type { Instant } from "../instant.ts";

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

type End = "rejected" | "cancelled" | "invalid";
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
  | "closed, cancelled"
  | "unblocked, not wanted"
  | "unblocked, expired";

export type WithdrawalEvent =
  | { readonly type: Plain }
  /** `by`: who has done it by hand; undefined where a rule holds it. */
  | { readonly type: "held"; readonly code: Name; readonly by?: string | undefined }
  /** `warrant`: the document by which two of compliance allow it. */
  | { readonly type: "blocked"; readonly code: Name; readonly warrant: Digest }
  | { readonly type: "unblocked"; readonly code: Name }
  /** `transaction`: no attempt of ours; two admins have said that it is this payment. */
  | { readonly type: "paid by another transaction"; readonly transaction: string }
  /**
   * The transaction by which two admins had said it was paid is in no block any more (F10), and they say so. `planned`: what
   * was exported for it was over before, so that only a new generation pays it (law 4).
   */
  | { readonly type: "payment left the chain"; readonly code: Name; readonly planned: boolean }
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
  readonly holder?: string | null;
  readonly warrant?: Digest | null;
  readonly plan?: Id | null;
  readonly intent?: Digest;
  readonly expires?: Instant;
};

/** What the audit row of an event says. */
export function auditedAs(event: WithdrawalEvent): string {
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
    case "unblocked, not wanted":
    case "unblocked, expired":
      return "unblocked";
    case "paid by another transaction":
      return `paid by transaction ${event.transaction}`;
    default:
      return event.type;
  }
}

/** What an event writes beside the state. @param held whether the state that it leads to is ON_HOLD */
export function changesOf(event: WithdrawalEvent, held: boolean): WithdrawalChanges {
  switch (event.type) {
    case "payment left the chain":
      return held ? { code: event.code } : {};
    case "held":
      return { code: event.code, ...(event.by === undefined ? {} : { holder: event.by }) };
    // Two of compliance have looked: whoever held it before has no more to say.
    case "unblocked":
      return { code: event.code, holder: null, warrant: null };
    case "unblocked, not wanted":
    case "unblocked, expired":
      return { code: null, holder: null, warrant: null };
    case "blocked":
      return { code: event.code, warrant: event.warrant };
    case "planned":
      return { plan: event.plan };
    case "superseded":
      return { plan: null, intent: event.intent, expires: event.expires };
    case "plan dropped":
      return { plan: null };
    case "screening":
      return { code: null, holder: null };
    default:
      return "reason" in event ? { reason: event.reason } : {};
  }
}
