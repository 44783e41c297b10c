import { snapshotOf } from "../../src/chains/bitcoin/snapshot-of.ts";
import type { BitcoinFacts, BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { taggedDigest } from "../../src/core/digest.ts";

/** What a node said, with what a command would choose beside it. */
export function chosen(facts: BitcoinFacts): BitcoinSnapshot {
  return snapshotOf(facts, {
    seed: taggedDigest("test/chosen"),
    taken: facts.tip.time,
    fees: { blocks: 6, rateMax: 100, pinned: [] },
    longTermRateMilli: 10_000n,
    unconfirmed: [],
    unconfirmedParents: [],
  });
}
