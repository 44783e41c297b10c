import type { BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { taggedDigest } from "../../src/core/digest.ts";
import { parseInstant } from "../../src/core/instant.ts";

/** What the fixtures' snapshots hold beside a node's facts; spending costs now what it will in the long run. */
export const CHOSEN: Pick<
  BitcoinSnapshot,
  "seed" | "taken" | "unconfirmed" | "feeSource" | "feeAnswers" | "longTermRateMilli"
> = {
  seed: taggedDigest("test/seed of the fixtures' snapshots"),
  taken: parseInstant("2026-11-22T08:05:00Z"),
  unconfirmed: [],
  feeSource: "estimatesmartfee for 6 blocks",
  feeAnswers: [],
  longTermRateMilli: "5000",
};
