/**
 * Money: whole base units as a bigint together with their asset. No JavaScript number ever holds an amount
 * (failure F17: 0.29 BTC became 28 999 999 sat in a float). On the wire and in the database an amount is the
 * decimal string of its base units; people write and read decimals of the asset.
 */
import { assetFacts, type AssetId } from "./asset.ts";
import { formatPlaces, parseDecimal, shortened, unitsOf } from "./decimal.ts";
import { assert, declareError } from "./errors.ts";
import { quoted } from "./text.ts";

export type Amount = { readonly asset: AssetId; readonly units: bigint };

/** An amount as rows, documents and reviews have it: what is to be shown is not parsed first. */
export type Shown = { readonly asset: AssetId; readonly units: bigint | string };

export const AMOUNT_MALFORMED = declareError(
  "AMOUNT_MALFORMED",
  "invalid",
  "An amount is not a plain positive decimal: no sign, exponent, separator, space or bare point.",
);
export const AMOUNT_TOO_PRECISE = declareError(
  "AMOUNT_TOO_PRECISE",
  "invalid",
  "An amount has more decimals than its asset.",
);
export const AMOUNT_TOO_LARGE = declareError(
  "AMOUNT_TOO_LARGE",
  "invalid",
  "An amount exceeds what its asset can ever have.",
);
export const AMOUNT_ZERO = declareError(
  "AMOUNT_ZERO",
  "invalid",
  "An amount that moves must be more than zero.",
);

export function amount(asset: AssetId, units: bigint): Amount {
  assert(units >= 0n, "an amount is never negative");
  return { asset, units };
}

/**
 * Parses what a person writes: `0.25`, `1`, `0.00000001`. Never rounds.
 * @throws AMOUNT_MALFORMED, AMOUNT_TOO_PRECISE, AMOUNT_TOO_LARGE
 * @example parseAmount("0.25", bitcoinAsset("mainnet")).units === 25_000_000n
 */
export function parseAmount(text: string, asset: AssetId, field = "amount"): Amount {
  const decimal = parseDecimal(text);
  if (decimal === undefined) {
    throw AMOUNT_MALFORMED(`${field} ${quoted(text)} is not a plain decimal like 0.25`, {
      field,
      hint: "write digits and at most one point: no sign, no exponent, no comma, no unit",
    });
  }
  const { decimals, symbol } = assetFacts(asset);
  const units = unitsOf(decimal, decimals);
  if (units === undefined) {
    throw AMOUNT_TOO_PRECISE(`${field} ${text} has ${decimal.places} decimals, ${symbol} has ${decimals}`, {
      field,
      hint: `write at most ${decimals} decimals`,
    });
  }
  return bounded(asset, units, field);
}

/** Parses base units as they stand in documents and tables: `"25000000"`. @throws AMOUNT_MALFORMED, AMOUNT_TOO_LARGE */
export function parseUnits(text: string, asset: AssetId, field = "units"): Amount {
  if (!/^(0|[1-9][0-9]{0,77})$/.test(text)) {
    throw AMOUNT_MALFORMED(`${field} ${quoted(text)} is not a whole number of base units`, {
      field,
      hint: "write digits alone, without a leading zero",
    });
  }
  return bounded(asset, BigInt(text), field);
}

/** The amount itself when it is more than zero. @throws AMOUNT_ZERO */
export function positive(value: Amount, field = "amount"): Amount {
  if (value.units === 0n) throw AMOUNT_ZERO(`${field} is zero`, { field, hint: "give an amount above zero" });
  return value;
}

/** Decimal text with all of the asset's decimals: `0.25000000`. */
export function formatDecimal({ asset, units }: Shown): string {
  return formatPlaces(BigInt(units), assetFacts(asset).decimals);
}

/** For people: `0.25000000 BTC (25,000,000 sat)`. */
export function formatAmount(value: Shown): string {
  const { symbol, unit } = assetFacts(value.asset);
  return `${formatDecimal(value)} ${symbol} (${value.units.toString().replace(/\B(?=(\d{3})+$)/g, ",")} ${unit})`;
}

/** Where a line names many: `0.25 BTC`. */
export function formatShort(value: Shown): string {
  return `${shortened(formatDecimal(value))} ${assetFacts(value.asset).symbol}`;
}

/** Sum of two amounts of one asset. */
export function add(a: Amount, b: Amount): Amount {
  assert(a.asset === b.asset, "amounts of two assets do not add");
  return { asset: a.asset, units: a.units + b.units };
}

/** Difference of two amounts of one asset; the caller has checked that it is not negative. */
export function subtract(a: Amount, b: Amount): Amount {
  assert(a.asset === b.asset, "amounts of two assets do not subtract");
  return amount(a.asset, a.units - b.units);
}

/** Sum of `values`, which may be none. */
export function sum(asset: AssetId, values: readonly Amount[]): Amount {
  return values.reduce(add, amount(asset, 0n));
}

/** What `values` are together, asset by asset, in the order in which each first appears. */
export function totals(values: readonly Amount[]): readonly Amount[] {
  const byAsset = new Map<AssetId, Amount>();
  for (const value of values) {
    const before = byAsset.get(value.asset);
    byAsset.set(value.asset, before === undefined ? value : add(before, value));
  }
  return [...byAsset.values()];
}

function bounded(asset: AssetId, units: bigint, field: string): Amount {
  const { symbol, unitsMax } = assetFacts(asset);
  if (units > unitsMax) {
    throw AMOUNT_TOO_LARGE(`${field} is more than all ${symbol} there will ever be`, {
      field,
      hint: "look for a missing decimal point",
    });
  }
  return { asset, units };
}
