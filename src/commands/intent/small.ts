/** Small coins: whether they should be gathered now, and an intent that does it. */
import type { ChainSnapshot, SmallCoins, WalletView } from "../../chains/adapter.ts";
import { adapterOf } from "../../chains/registry.ts";
import { formatFeeRate, rateUnitOf } from "../../core/fee-rate.ts";
import { counted } from "../../core/count.ts";
import { declareError } from "../../core/errors.ts";
import { countSetting } from "../../home/settings.ts";
import type { Io } from "../../terminal/io.ts";

export const FEES_NOT_LOW = declareError(
  "FEES_NOT_LOW",
  "pending",
  "Small coins are to be gathered while fees are low, and they are not, or there are too few.",
);

function found(io: Io, snapshot: ChainSnapshot, view: WalletView): SmallCoins | undefined {
  return adapterOf(view.wallet.chain).builder.smallCoins(snapshot, view, {
    belowUnits: BigInt(countSetting(io, "consolidate.below-units")),
    coins: countSetting(io, "consolidate.coins"),
  });
}

/** What `build` says when many small coins could be gathered cheaply. */
export function adviceOn(io: Io, snapshot: ChainSnapshot, view: WalletView): readonly string[] {
  const small = found(io, snapshot, view);
  if (small?.advised !== true) return [];
  const { chain, name } = view.wallet;
  const unit = rateUnitOf(chain);
  const low = `fees are low (${formatFeeRate(snapshot.feeRateMilli, unit)} below ${formatFeeRate(small.longTermRateMilli, unit)})`;
  return [
    `${low} and ${small.count} small coins could become one: custody intent new --type consolidate --wallet ${name} --small`,
  ];
}

/** Base units of the small coins, while gathering them is advised. @throws FEES_NOT_LOW */
export function smallUnits(io: Io, snapshot: ChainSnapshot, view: WalletView): bigint {
  const small = found(io, snapshot, view);
  if (small === undefined)
    throw FEES_NOT_LOW(`wallet ${view.wallet.name} has no coins to gather`, { field: "--small" });
  if (small.advised) return small.units;
  const unit = rateUnitOf(view.wallet.chain);
  const rates = `${formatFeeRate(snapshot.feeRateMilli, unit)} now, ${formatFeeRate(small.longTermRateMilli, unit)} in the long run`;
  const why = small.feesAreLow
    ? `there are ${counted(small.count, "small coin")}`
    : `fees are not low: ${rates}`;
  throw FEES_NOT_LOW(why, {
    field: "--small",
    hint: "run it again later, set consolidate.coins or fees.long-term-rate, or give --amount",
    details: { coins: small.count, feeRateMilli: snapshot.feeRateMilli },
  });
}
