import * as z from "zod";
import type { FeeEstimate } from "../adapter.ts";
import { parseCanonical } from "../../core/canonical.ts";
import { declareError } from "../../core/errors.ts";
import { countField, digestField, hexField, instantField, textField, unitsField } from "../../core/fields.ts";
import { LIMITS } from "../../core/limits.ts";

const coinShape = {
  txid: digestField,
  vout: countField(100_000),
  units: unitsField,
  /** 0 receive, 1 change. */
  branch: countField(1),
  index: countField(2 ** 31 - 1),
};

const factsShape = {
  tip: z.strictObject({ height: countField(10_000_000), hash: digestField, time: instantField }),
  /** Confirmed coins of the wallet in the order in which the node listed them; of a plan's, those that are not leased. */
  coins: z.array(z.strictObject({ ...coinShape, height: countField(10_000_000), coinbase: z.boolean() })),
  /** Full previous transactions of the coins, without witnesses: raw hex, one for each txid. */
  parents: z.array(hexField),
  /** The node's floor for relaying, in thousandths of a satoshi per virtual byte. */
  relayRateMilli: unitsField,
  /** The change output's index, should one be needed. */
  changeIndex: countField(2 ** 31 - 1),
};

/** What becomes of a source's answer. `capped`: counted, at the policy's cap. `not-asked`: it is for another target. */
export const FEE_ANSWER_ENDS = ["counted", "capped", "not-asked", "thrown-out"] as const;

/**
 * The chain facts that a bitcoin plan is built from, and all that was chosen beside them. It is stored beside the plan as
 * canonical JSON, so that the plan can be rebuilt and compared byte for byte.
 */
export const bitcoinSnapshotField = z.strictObject({
  ...factsShape,
  /** 32 random bytes of this plan alone. Who has not seen them cannot tell which output is change. */
  seed: digestField,
  /** By the clock of the machine that builds. */
  taken: instantField,
  /** Change of our own plans that no block holds yet: spent only where a task or an option says so. */
  unconfirmed: z.array(
    z.strictObject({
      ...coinShape,
      /** What must be mined with it: transactions of ours, their virtual bytes and their fees in satoshis. */
      ancestors: z.strictObject({
        count: countField(LIMITS.unconfirmedChainMax),
        virtualSize: countField(LIMITS.transactionBytesMax),
        feeUnits: unitsField,
      }),
    }),
  ),
  /** Thousandths of a satoshi per virtual byte, capped by policy. */
  feeRateMilli: unitsField,
  /** Where the rate came from: "median of 2 for 6 blocks", "relay floor". */
  feeSource: textField(64),
  /** What every source said, and what became of it (`fee-sources.ts`). */
  feeAnswers: z.array(
    z.strictObject({
      source: textField(64),
      blocks: countField(LIMITS.feeTargetBlocksMax),
      rateMilli: unitsField,
      became: z.enum(FEE_ANSWER_ENDS),
      /** The same in words. */
      verdict: textField(96),
    }),
  ),
  /** What spending a coin is expected to cost in the long run, in thousandths of a satoshi per virtual byte. */
  longTermRateMilli: unitsField,
});

export type BitcoinSnapshot = z.output<typeof bitcoinSnapshotField>;
export type BitcoinCoin = BitcoinSnapshot["coins"][number];
export type UnconfirmedCoin = BitcoinSnapshot["unconfirmed"][number];
/** What of a coin a transaction needs, in a block or not. */
export type SpentCoin = Pick<BitcoinCoin, keyof typeof coinShape>;

/** What a node says of a wallet, before anything is chosen. */
export type BitcoinFacts = Pick<BitcoinSnapshot, keyof typeof factsShape> & {
  readonly estimates: readonly FeeEstimate[];
};

export const SNAPSHOT_MALFORMED = declareError(
  "SNAPSHOT_MALFORMED",
  "verification",
  "The chain facts that are stored beside a plan cannot be read.",
);

/** A stored snapshot. @throws SNAPSHOT_MALFORMED */
export function readSnapshot(bytes: Uint8Array): BitcoinSnapshot {
  const parsed = bitcoinSnapshotField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw SNAPSHOT_MALFORMED(`snapshot.${issue?.path.join(".")}: ${issue?.message}`, {
    field: "snapshot",
    hint: "custody db check",
  });
}
