/** An attempt is the concrete signed bytes of one rung. It is live until proven dead. */
import type { Id } from "../identifier.ts";
import { from, movesOf, targetOf, type Transition } from "./moves.ts";

export const ATTEMPT_STATES = [
  "SIGNED",
  "BROADCASTING",
  "UNCERTAIN",
  "BROADCAST",
  "CONFIRMING",
  "FINAL",
] as const;

export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** From the one that has come furthest to the one that was never sent. */
export const FURTHEST_FIRST: readonly AttemptState[] = [
  "FINAL",
  "CONFIRMING",
  "BROADCAST",
  "BROADCASTING",
  "UNCERTAIN",
  "SIGNED",
];

/**
 * "sending" is written before the first byte leaves, its outcome after (law 6). A node's refusal is what one node said
 * today: the outcome is unknown after it as after a reply that never came (F4).
 */
export type AttemptEvent =
  | "sending"
  | "sending again"
  | "broadcast"
  | "refused by node"
  | "outcome unknown"
  | "seen by node"
  | "not seen by node"
  | "included"
  | "final"
  | "reorganised away"
  | "settlement reorganised away";

export const ATTEMPT_MOVES = movesOf<AttemptEvent, AttemptState>({
  sending: { SIGNED: "BROADCASTING" },
  "sending again": { UNCERTAIN: "BROADCASTING" },
  broadcast: { BROADCASTING: "BROADCAST" },
  "refused by node": { BROADCASTING: "UNCERTAIN" },
  "outcome unknown": { BROADCASTING: "UNCERTAIN" },
  "seen by node": from(["BROADCASTING", "UNCERTAIN"], "BROADCAST"),
  "not seen by node": { BROADCAST: "UNCERTAIN" },
  included: from(["SIGNED", "BROADCASTING", "UNCERTAIN", "BROADCAST"], "CONFIRMING"),
  final: { CONFIRMING: "FINAL" },
  "reorganised away": { CONFIRMING: "BROADCAST" },
  "settlement reorganised away": { FINAL: "BROADCAST" },
});

/** What `event` makes of an attempt. @throws STATE_CONFLICT */
export function attemptTransition(
  row: { readonly id: Id; readonly state: AttemptState },
  event: AttemptEvent,
): Transition<AttemptState> {
  return { to: targetOf("attempt", row, ATTEMPT_MOVES, event), event };
}
