/**
 * Fee rates. Where they are counted they are whole thousandths of a satoshi per virtual byte, as a bigint whose name ends in
 * `Milli`; nodes call the same number sat/kvB. People write and read sat/vB.
 */
import { formatPlaces, parseDecimal, shortened, unitsOf } from "./decimal.ts";

const PLACES = 3;

/** No fee comes near: whoever types that has typed something else. */
const MILLI_END = 10n ** 9n;

/** Whole satoshis per virtual byte, as policies and settings have them, in thousandths. */
export function milliOf(rate: number): bigint {
  return BigInt(rate) * 1000n;
}

/** `12.5 sat/vB` for 12,500 thousandths. */
export function formatFeeRate(milli: bigint | string): string {
  return `${shortened(formatPlaces(BigInt(milli), PLACES))} sat/vB`;
}

/** Thousandths of what a person writes in sat/vB: `12.5` is 12,500. Undefined for nothing, for more than a million and for no number. */
export function parseFeeRate(text: string): bigint | undefined {
  const decimal = parseDecimal(text);
  const milli = decimal === undefined ? undefined : unitsOf(decimal, PLACES);
  return milli === undefined || milli === 0n || milli >= MILLI_END ? undefined : milli;
}
