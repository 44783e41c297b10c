import * as z from "zod";
import { countField, digestField, hexField, instantField, textField, unitsField } from "../../core/fields.ts";

/**
 * The chain facts that a bitcoin plan is built from. It is stored beside the plan as canonical JSON, so that the plan
 * can be rebuilt and compared byte for byte.
 */
export const bitcoinSnapshotField = z.strictObject({
  tip: z.strictObject({ height: countField(10_000_000), hash: digestField, time: instantField }),
  /** Confirmed, unleased coins of the wallet in the order in which the node listed them. */
  coins: z.array(
    z.strictObject({
      txid: digestField,
      vout: countField(100_000),
      units: unitsField,
      /** 0 receive, 1 change. */
      branch: countField(1),
      index: countField(2 ** 31 - 1),
      height: countField(10_000_000),
      coinbase: z.boolean(),
    }),
  ),
  /** Full previous transactions of the coins, without witnesses: raw hex, one for each txid. */
  parents: z.array(hexField),
  /** Thousandths of a satoshi per virtual byte, already capped by policy. */
  feeRateMilli: unitsField,
  /** Where the rate came from: "estimatesmartfee 6", "relay floor". */
  feeSource: textField(64),
  /** The node's floor for relaying, in thousandths of a satoshi per virtual byte. */
  relayRateMilli: unitsField,
  /** The change output's index, should one be needed. */
  changeIndex: countField(2 ** 31 - 1),
});

export type BitcoinSnapshot = z.output<typeof bitcoinSnapshotField>;
export type BitcoinCoin = BitcoinSnapshot["coins"][number];
