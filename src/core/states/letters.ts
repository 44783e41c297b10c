/**
 * A dead letter is a flag on what a program has given up for the time being: too often failed, or made so that it can
 * only fail. It sits on any state and changes none; people decide what becomes of it.
 */
export const LETTER_STATES = ["OPEN", "REQUEUED", "DROPPED"] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/**
 * REQUEUED: two persons have it tried again; when that fails too, it is OPEN again. DROPPED: they have put it away
 * unsolved. It is not tried any more until it is requeued.
 */
export const LETTER_EDGES: Readonly<Record<LetterState, readonly LetterState[]>> = Object.freeze({
  OPEN: ["REQUEUED", "DROPPED"],
  REQUEUED: ["OPEN"],
  DROPPED: ["REQUEUED"],
});

/**
 * Why it stands still. poison: what it works on cannot be read, today as tomorrow. exhausted: tried as often as it may be.
 * policy: refused by rules. node: a node answers everything else, and not this. unknown: a fault of ours.
 */
export type ReasonClass = "poison" | "exhausted" | "policy" | "node" | "unknown";
