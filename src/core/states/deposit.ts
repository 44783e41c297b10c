/** A deposit that was credited: what the books have of it, after its block has left the chain deeper than it was waited for. */
import { edgesOf, from, movesOf } from "./moves.ts";

const DEPOSIT_STATES = ["CREDITED", "GONE", "UNCREDITED"] as const;

/** GONE: no block of the chain holds it, and the books have it still. UNCREDITED: they have it no more. */
export type DepositState = (typeof DEPOSIT_STATES)[number];

export type DepositEvent = "left the chain" | "taken back" | "in the chain again";

export const DEPOSIT_MOVES = movesOf<DepositEvent, DepositState>({
  "left the chain": { CREDITED: "GONE" },
  "taken back": { GONE: "UNCREDITED" },
  "in the chain again": from(["GONE", "UNCREDITED"], "CREDITED"),
});

export const DEPOSIT_EDGES = edgesOf(DEPOSIT_STATES, DEPOSIT_MOVES);
