/** The rules of the online host in words. */
import { formatAmount } from "../../core/amount.ts";
import { formatMinorUnits } from "../../core/currency.ts";
import type { OnlineLimit, OnlineRules } from "../../core/policy/online/section.ts";
import { span } from "./span.ts";

type Fact = readonly [label: string, value: string];

/** Whoever signs a policy must not take these rules for something that a signer enforces. */
export const ONLINE_ONLY = "kept online only; signers do not know customers' tiers or rates";

export function drawOnlineRules({ currency, ratesSecondsMax, limits }: OnlineRules): readonly Fact[] {
  return [
    ["online rules", ONLINE_ONLY],
    [
      "currency",
      `${currency}, by rates that compliance or an admin has signed, at most ${span(ratesSecondsMax)} old`,
    ],
    ...limits.map((limit): Fact => [`limit ${limit.name}`, drawLimit(limit, currency)]),
    ...(limits.length === 0 ? [["limits", "none: no customer is paid anything"] as const] : []),
  ];
}

/** They slide: no calendar's month begins anew. */
const WINDOWS: Readonly<Record<OnlineLimit["window"], string>> = {
  hour: "hour",
  day: "24 hours",
  week: "7 days",
  month: "30 days",
};

/** `at most 1.5 BTC in any 24 hours per customer, for tiers basic, full`. */
export function drawLimit(limit: OnlineLimit, currency: OnlineRules["currency"]): string {
  const { per, tiers, chain, window, paymentsMax } = limit;
  const payments = paymentsMax === undefined ? "" : `, ${paymentsMax} payments,`;
  const where = chain === undefined ? "" : ` on ${chain}`;
  return `at most ${drawUnits(limit, BigInt(mostOf(limit)), currency)}${payments} in any ${WINDOWS[window]} per ${per}${where}, for tiers ${tiers.join(", ")}`;
}

/** Units as the limit counts them: of its asset, or of the reference currency. */
export function drawUnits({ max }: OnlineLimit, units: bigint, currency: OnlineRules["currency"]): string {
  return "asset" in max ? formatAmount({ asset: max.asset, units }) : formatMinorUnits(units, currency);
}

function mostOf({ max }: OnlineLimit): string {
  return "asset" in max ? max.units : max.minorUnits;
}
