import { sum, type Amount } from "../core/amount.ts";
import type { AssetId } from "../core/asset.ts";

/** What plans leave of `units` that an account holds of an asset: never less than nothing. @param amounts what they take, of any asset */
export function leftOf(units: string, asset: AssetId, amounts: readonly Amount[]): bigint {
  const taken = sum(
    asset,
    amounts.filter((one) => one.asset === asset),
  ).units;
  const left = BigInt(units) - taken;
  return left < 0n ? 0n : left;
}
