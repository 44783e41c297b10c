/** What an amount is worth in the reference currency: by signed rates that are young enough, rounded against the payment. */
import type { AssetId } from "../../asset.ts";
import type { Currency } from "../../currency.ts";
import type { RatesDocument } from "../../documents/rates.ts";
import { seconds, type Instant } from "../../instant.ts";
import { countSignatures } from "../counting.ts";
import type { Policy, Role } from "../policy.ts";

/** One person of either is enough: rates move limits that the online host alone keeps, and open no way to a signature. */
export const RATES_ROLES: readonly Role[] = ["compliance", "admin"];

/** Whether somebody who may has validly signed `rates`. */
export function ratesSigned(policy: Policy, rates: RatesDocument): boolean {
  return RATES_ROLES.some((role) => countSignatures(policy, role, rates).length > 0);
}

/** Why nothing may be valued by `rates` at `now`; undefined when it may. Ends are included. */
export function ratesDenial(
  policy: Policy,
  rates: RatesDocument | undefined,
  now: Instant,
): string | undefined {
  const { currency, ratesSecondsMax } = policy.online;
  if (rates === undefined) return `there are no rates in ${currency}`;
  const { body } = rates;
  if (body.currency !== currency) return `the rates are in ${body.currency}, not in ${currency}`;
  if (now < body.issued || now > body.expires)
    return `the rates are in force from ${body.issued} to ${body.expires}`;
  if (seconds(now) - seconds(body.issued) > ratesSecondsMax)
    return `the rates of ${body.issued} are older than ${ratesSecondsMax} seconds`;
  if (!ratesSigned(policy, rates)) return "nobody who may in this policy has signed the rates";
  return undefined;
}

/** Rates that may be used now, asset by asset. */
export type Valuation = {
  readonly currency: Currency;
  /** Minor units, rounded up; undefined where the rates do not have the asset. */
  readonly valueOf: (asset: AssetId, units: bigint) => bigint | undefined;
};

/** `rates` as something to value by. Ask `ratesDenial` first. */
export function valuationBy({ body }: RatesDocument): Valuation {
  const byAsset = new Map(body.rates.map((rate) => [rate.asset, rate]));
  return {
    currency: body.currency,
    valueOf: (asset, units) => {
      const rate = byAsset.get(asset);
      if (rate === undefined) return undefined;
      const [worth, per] = [units * BigInt(rate.minorUnits), BigInt(rate.units)];
      return (worth + per - 1n) / per;
    },
  };
}
