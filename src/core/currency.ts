import type { Brand } from "./brand.ts";
import { formatPlaces, parseDecimal, unitsOf } from "./decimal.ts";
import { declareError } from "./errors.ts";
import { quoted } from "./text.ts";

/** A currency by its alphabetic code of ISO 4217: `EUR`. */
export type Currency = Brand<string, "Currency">;

export const CURRENCY_UNKNOWN = declareError(
  "CURRENCY_UNKNOWN",
  "invalid",
  "A currency is not one of the known codes of ISO 4217.",
);

export const CURRENCY_AMOUNT_MALFORMED = declareError(
  "CURRENCY_AMOUNT_MALFORMED",
  "invalid",
  "An amount of a currency is not a plain decimal, or has more decimals than the currency.",
);

/** Decimals of the minor unit, as ISO 4217 has them. A code that is not here is refused, for its amounts would be misread. */
const DECIMALS: Readonly<Record<string, number>> = {
  AED: 2,
  ARS: 2,
  AUD: 2,
  BHD: 3,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CNY: 2,
  COP: 2,
  CZK: 2,
  DKK: 2,
  EGP: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  HUF: 2,
  IDR: 2,
  ILS: 2,
  INR: 2,
  JOD: 3,
  JPY: 0,
  KES: 2,
  KRW: 0,
  KWD: 3,
  MXN: 2,
  MYR: 2,
  NGN: 2,
  NOK: 2,
  NZD: 2,
  OMR: 3,
  PHP: 2,
  PLN: 2,
  RON: 2,
  SAR: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TND: 3,
  TRY: 2,
  TWD: 2,
  UAH: 2,
  USD: 2,
  VND: 0,
  ZAR: 2,
};

/** More than all the money of the world in any currency. */
const UNITS_END = 10n ** 30n;

/** @throws CURRENCY_UNKNOWN */
export function parseCurrency(text: string, field = "currency"): Currency {
  if (Object.hasOwn(DECIMALS, text)) return text as Currency;
  throw CURRENCY_UNKNOWN(`${field} ${quoted(text)} is not a known currency`, {
    field,
    hint: "use a code of ISO 4217, such as EUR, USD or CHF",
  });
}

/**
 * Minor units of what a person writes: `1234.5` EUR is 123450. Never rounds.
 * @throws CURRENCY_AMOUNT_MALFORMED
 */
export function parseMinorUnits(text: string, currency: Currency, field = "amount"): bigint {
  const decimals = DECIMALS[currency] ?? 0;
  const decimal = parseDecimal(text);
  const units = decimal === undefined ? undefined : unitsOf(decimal, decimals);
  if (units !== undefined && units < UNITS_END) return units;
  throw CURRENCY_AMOUNT_MALFORMED(`${field} ${quoted(text)} is not an amount of ${currency}`, {
    field,
    hint: `write a plain decimal with at most ${decimals} decimals, such as 1234${decimals === 0 ? "" : ".5"}`,
  });
}

/** Minor units as people write them: `1234.50 EUR` for 123450 cents. */
export function formatMinorUnits(units: bigint | string, currency: Currency): string {
  return `${formatPlaces(BigInt(units), DECIMALS[currency] ?? 0)} ${currency}`;
}
