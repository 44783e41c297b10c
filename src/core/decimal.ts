/** Decimals as people write them, read and written without ever passing through a JavaScript number (failure F17). */

/** What was written: `digits` in units of 10 to the power of minus `places`. */
export type Decimal = { readonly digits: bigint; readonly places: number };

/** 78 digits are those of 2^256, the largest amount of any chain. */
const PLAIN = /^(0|[1-9][0-9]{0,77})(?:\.([0-9]{1,78}))?$/;

/**
 * Reads `0.25`, `1`, `0.00000001`. Undefined for all else: a sign, exponent, separator, space, bare point or needless zero
 * before the digits.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = PLAIN.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? "";
  return { digits: BigInt(`${match[1]}${fraction}`), places: fraction.length };
}

/** A decimal in units of 10 to the power of minus `places`; undefined where it is finer than that. Never rounds. */
export function unitsOf(decimal: Decimal, places: number): bigint | undefined {
  if (decimal.places > places) return undefined;
  return decimal.digits * 10n ** BigInt(places - decimal.places);
}

/** All of its places: 25,000,000 units of eight places are `0.25000000`. What is below zero has a sign before it. */
export function formatPlaces(units: bigint, places: number): string {
  if (units < 0n) return `-${formatPlaces(-units, places)}`;
  const digits = units.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Without the zeros at its end that say nothing: `0.25000000` is `0.25`, `3.000` is `3`, `100` stays. */
export function shortened(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
