/** Small coins: whether they should be gathered now, and an intent that does it. */
import { SAT_PER_VBYTE } from "../../core/asset.ts";
import { formatFeeRate } from "../../core/fee-rate.ts";
import { smallCoins, type SmallCoins } from "../../chains/bitcoin/index.ts";
import type { BitcoinSnapshot } from "../../chains/bitcoin/snapshot.ts";
import type { Descriptor } from "../../chains/bitcoin/descriptor.ts";
import { counted } from "../../core/count.ts";
import { declareError } from "../../core/errors.ts";
import { countSetting } from "../../home/settings.ts";
import type { Io } from "../../terminal/io.ts";

export const FEES_NOT_LOW = declareError(
  "FEES_NOT_LOW",
  "pending",
  "Small coins are to be gathered while fees are low, and they are not, or there are too few.",
);

function found(io: Io, snapshot: BitcoinSnapshot, descriptor: Descriptor): SmallCoins {
  return smallCoins(snapshot, descriptor, {
    belowUnits: BigInt(countSetting(io, "consolidate.below-units")),
    coins: countSetting(io, "consolidate.coins"),
  });
}

/** What `build` says when many small coins could be gathered cheaply. */
export function adviceOn(
  io: Io,
  wallet: string,
  snapshot: BitcoinSnapshot,
  descriptor: Descriptor,
): readonly string[] {
  const { advised, count } = found(io, snapshot, descriptor);
  if (!advised) return [];
  const low = `fees are low (${formatFeeRate(snapshot.feeRateMilli, SAT_PER_VBYTE)} below ${formatFeeRate(snapshot.longTermRateMilli, SAT_PER_VBYTE)})`;
  return [
    `${low} and ${count} small coins could become one: custody intent new --type consolidate --wallet ${wallet} --small`,
  ];
}

/** Base units of the small coins, while gathering them is advised. @throws FEES_NOT_LOW */
export function smallUnits(io: Io, snapshot: BitcoinSnapshot, descriptor: Descriptor): bigint {
  const { advised, feesAreLow, count, units } = found(io, snapshot, descriptor);
  if (advised) return units;
  const rates = `${formatFeeRate(snapshot.feeRateMilli, SAT_PER_VBYTE)} now, ${formatFeeRate(snapshot.longTermRateMilli, SAT_PER_VBYTE)} in the long run`;
  const why = feesAreLow ? `there are ${counted(count, "small coin")}` : `fees are not low: ${rates}`;
  throw FEES_NOT_LOW(why, {
    field: "--small",
    hint: "run it again later, set consolidate.coins or fees.long-term-rate, or give --amount",
    details: { coins: count, feeRateMilli: snapshot.feeRateMilli },
  });
}
