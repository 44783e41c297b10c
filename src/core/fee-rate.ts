/**
 * Fee rates: what a chain's transactions pay for each unit of their size. Where they are counted they are whole thousandths
 * of the chain's unit, as a bigint whose name ends in `Milli`; people write and read the unit itself. Of bitcoin that is
 * sat/vB (nodes call its thousandths sat/kvB), of chains with gas it is gwei.
 */
import { coinFacts, type RateUnit } from "./asset.ts";
import type { ChainId } from "./chain.ts";
import { formatPlaces, parseDecimal, shortened, unitsOf } from "./decimal.ts";

/** In what a chain's fee rates are counted, by policies and by people. @throws ASSET_UNKNOWN */
export function rateUnitOf(chain: ChainId): RateUnit {
  return coinFacts(chain).rateUnit;
}

const PLACES = 3;

/** No fee comes near: whoever types that has typed something else. */
const MILLI_END = 10n ** 9n;

/** Whole units of a rate, as policies and settings have them, in thousandths. */
export function milliOf(rate: number): bigint {
  return BigInt(rate) * 1000n;
}

/** The rate of a fee, rounded up. @param size in virtual bytes, or in gas */
export function rateMilliOf(feeUnits: bigint, size: bigint, unit: RateUnit): bigint {
  const whole = size * unit.units;
  return (feeUnits * 1000n + whole - 1n) / whole;
}

/** `12.5 sat/vB` for 12,500 thousandths. */
export function formatFeeRate(milli: bigint | string, unit: RateUnit): string {
  return `${shortened(formatPlaces(BigInt(milli), PLACES))} ${unit.name}`;
}

/** Thousandths of what a person writes: `12.5` is 12,500. Undefined for nothing, for more than a million and for no number. */
export function parseFeeRate(text: string): bigint | undefined {
  const decimal = parseDecimal(text);
  const milli = decimal === undefined ? undefined : unitsOf(decimal, PLACES);
  return milli === undefined || milli === 0n || milli >= MILLI_END ? undefined : milli;
}
