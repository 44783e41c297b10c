/**
 * A movement is an intent that is no customer's: a transfer, a consolidation, a cancel, a message. It holds nobody's
 * money, so that it ends without voids while no plan of it has left the machine. It has one generation: an EXPIRED one is
 * asked for anew, for nothing is owed by it. A message (`attest`) is COMPLETED by its signatures, from where the export has
 * put it: nothing is ever sent.
 */
import type { Id } from "../identifier.ts";
import { from, movesOf, statesBefore, targetOf, type Transition } from "./moves.ts";
import { EXPORTED, OPEN, SENDING, UNEXPORTED } from "./stages.ts";

export const MOVEMENT_STATES = [
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
  "EXPIRED",
  "REVOKING",
  "REJECTED",
  "CANCELLED",
] as const;

export type MovementState = (typeof MOVEMENT_STATES)[number];

/** PENDING_APPROVAL too: where rows may be missing, an approval and a plan that has left may be among them (F9). */
const LIVE = [...UNEXPORTED, ...EXPORTED, ...SENDING, "EXPIRED"] as const;
const IN_BLOCK = ["CONFIRMING", "COMPLETED"] as const;

/** It is over, and nothing of it was or can be done. */
export const MOVEMENT_ENDED: ReadonlySet<MovementState> = new Set(["REJECTED", "CANCELLED"]);

/** Where the best attempt of its plans stands. */
export type MovementStanding =
  | "EXPORTED"
  | "SIGNED"
  | "BROADCASTING"
  | "UNCERTAIN"
  | "BROADCAST"
  | "CONFIRMING"
  | "COMPLETED"
  | "EXPIRED";

export const MOVEMENT_MOVES = movesOf<MoveName, MovementState>({
  "approved, waits": { PENDING_APPROVAL: "COOLING" },
  approved: { PENDING_APPROVAL: "READY" },
  released: { COOLING: "READY" },
  "approvals lapsed": from(["COOLING", "READY"], "PENDING_APPROVAL"),
  "release lapsed": { READY: "COOLING" },
  "intent expired": from(OPEN, "EXPIRED"),
  planned: { READY: "PLANNED" },
  "plan dropped": { PLANNED: "READY" },
  exported: { PLANNED: "EXPORTED" },
  rejected: { PENDING_APPROVAL: "REJECTED" },
  cancelled: { PENDING_APPROVAL: "CANCELLED" },
  "rejected, live": from(LIVE, "REVOKING"),
  "cancelled, live": from(LIVE, "REVOKING"),
  "closed, rejected": { REVOKING: "REJECTED" },
  "closed, cancelled": { REVOKING: "CANCELLED" },
  "at EXPORTED": { EXPIRED: "EXPORTED" },
  "at SIGNED": from(["EXPORTED", "EXPIRED"], "SIGNED"),
  "at BROADCASTING": from(["SIGNED", "UNCERTAIN", "BROADCAST", "CONFIRMING", "EXPIRED"], "BROADCASTING"),
  "at UNCERTAIN": from(["BROADCASTING", "BROADCAST", ...IN_BLOCK, "EXPIRED"], "UNCERTAIN"),
  "at BROADCAST": from(["BROADCASTING", "UNCERTAIN", ...IN_BLOCK, "EXPIRED"], "BROADCAST"),
  "at CONFIRMING": from(["SIGNED", ...SENDING, "COMPLETED", "EXPIRED", "REVOKING"], "CONFIRMING"),
  "at COMPLETED": from(["CONFIRMING", "EXPORTED", "REVOKING"], "COMPLETED"),
  "at EXPIRED": from(["EXPORTED", "SIGNED", ...SENDING, "CONFIRMING"], "EXPIRED"),
  "unpaid, not wanted": from(IN_BLOCK, "REVOKING"),
});

/** In which nobody's no comes too late. */
export const MOVEMENT_REVOCABLE = statesBefore(
  MOVEMENT_MOVES,
  "rejected",
  "cancelled",
  "rejected, live",
  "cancelled, live",
);

type End = "rejected" | "cancelled";
type Plain =
  | "approved, waits"
  | "approved"
  | "released"
  | "approvals lapsed"
  | "release lapsed"
  | "intent expired"
  | "planned"
  | "plan dropped"
  | "exported"
  | "closed, rejected"
  | "closed, cancelled";

type MoveName = Exclude<MovementEvent["type"], "stands"> | `at ${MovementStanding}` | "unpaid, not wanted";

export type MovementEvent =
  | { readonly type: Plain }
  | { readonly type: End | `${End}, live`; readonly reason: string }
  | { readonly type: "stands"; readonly at: MovementStanding; readonly why: string };

type Facts = { readonly id: Id; readonly state: MovementState; readonly reason: string | undefined };

/** What `event` makes of a movement. @throws STATE_CONFLICT */
export function movementTransition(
  row: Facts,
  event: MovementEvent,
): Transition<MovementState> & { readonly reason: string | undefined } {
  const move = event.type === "stands" ? moveOf(row, event.at) : event.type;
  const reason = "reason" in event ? event.reason : undefined;
  return { to: targetOf("movement", row, MOVEMENT_MOVES, move), event: auditedAs(event), reason };
}

/** Where a movement stands whose attempts are at `at`. What is not wanted follows them into a block alone. */
export function movementPlace(row: Pick<Facts, "reason">, at: MovementStanding): MovementState {
  return moveOf(row, at) === "unpaid, not wanted" ? "REVOKING" : at;
}

function moveOf({ reason }: Pick<Facts, "reason">, at: MovementStanding) {
  const included = at === "CONFIRMING" || at === "COMPLETED";
  return reason === undefined || included ? (`at ${at}` as const) : "unpaid, not wanted";
}

function auditedAs(event: MovementEvent): string {
  if (event.type === "stands") return event.why;
  if (event.type === "approved, waits") return "approved";
  return event.type.startsWith("closed") ? "nothing of it can settle" : event.type;
}
