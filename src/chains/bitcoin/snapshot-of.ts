import type { Digest } from "../../core/digest.ts";
import type { Instant } from "../../core/instant.ts";
import { chooseRate, type FeeRule } from "./fee-sources.ts";
import type { BitcoinFacts, BitcoinSnapshot, UnconfirmedCoin } from "./snapshot.ts";

export type SnapshotChoice = {
  /** 32 bytes of the shell's randomness. */
  readonly seed: Digest;
  readonly taken: Instant;
  readonly fees: FeeRule;
  /** Thousandths of a satoshi per virtual byte. */
  readonly longTermRateMilli: bigint;
  readonly unconfirmed: readonly UnconfirmedCoin[];
  /** Previous transactions of the unconfirmed coins, raw hex without witnesses. */
  readonly unconfirmedParents: readonly string[];
};

/** A node's facts with what is chosen beside them: all that a plan is built from. @throws FEE_FLOOR_ABOVE_CAP */
export function snapshotOf(facts: BitcoinFacts, choice: SnapshotChoice): BitcoinSnapshot {
  const { estimates: _, ...shown } = facts;
  const { seed, taken, longTermRateMilli, unconfirmed, unconfirmedParents } = choice;
  return {
    ...shown,
    ...chooseRate(facts, choice.fees),
    seed,
    taken,
    unconfirmed: [...unconfirmed],
    parents: [...new Set([...facts.parents, ...unconfirmedParents])],
    longTermRateMilli: longTermRateMilli.toString(),
  };
}
