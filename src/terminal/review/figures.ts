/** Numbers of a review in words. */
import { amount, formatAmount } from "../../core/amount.ts";
import type { AssetId } from "../../core/asset.ts";

/** @param units base units */
export function money(asset: AssetId, units: bigint | string): string {
  return formatAmount(amount(asset, BigInt(units)));
}

/** Thousandths as a decimal: `12345` is `12.345`. */
export function milli(thousandths: string): string {
  const digits = thousandths.padStart(4, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** Thousandths of a whole as per cent with one decimal: `15` is `1.5`. */
export function percent(permille: string): string {
  const digits = permille.padStart(2, "0");
  return `${digits.slice(0, -1)}.${digits.slice(-1)}`;
}

/** The coin in a conflict key of Bitcoin: `<txid>:<vout>`; any other key as it is. */
export function coinOf(conflictKey: string): string {
  return conflictKey.split(":outpoint:")[1] ?? conflictKey;
}
