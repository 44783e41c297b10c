import type { MatchedRung } from "../../src/chains/review.ts";
import type { DecodedPlan } from "./g5-decode.ts";

/** A decoded plan of which each effect has the intent that it settles (G6). */
export type MatchedPlan = Omit<DecodedPlan, "rungs" | "cancel"> & {
  readonly rungs: readonly MatchedRung[];
  readonly cancel: MatchedRung | undefined;
};
