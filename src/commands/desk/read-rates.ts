import { formatShort } from "../../core/amount.ts";
import { formatMinorUnits } from "../../core/currency.ts";
import type { Rates, RatesDocument } from "../../core/documents/rates.ts";
import { signersOf } from "./standing.ts";
import { RATES_ROLES } from "../../core/policy/online/rates.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Fact } from "../../terminal/reading.ts";
import { namesOf, signedAs, type Findings } from "./reading.ts";

export function readRates(document: RatesDocument, policy: Policy | undefined): Findings {
  const { currency, issued, expires } = document.body;
  const signed = policy === undefined ? [] : signersOf(policy, RATES_ROLES, [document]);
  const wanted = policy?.online.currency ?? currency;
  return {
    facts: [
      ["RATES", `what the online host values payments by, in ${currency}`],
      ...rateFacts(document.body),
      ["in force", `${issued} to ${expires}`],
      ["signed by", namesOf(signed)],
    ],
    signed: signedAs("rates", signed),
    missing:
      policy === undefined || signed.length > 0 ? [] : [`a signature of role ${RATES_ROLES.join(" or ")}`],
    warnings: [
      "compare the rates with a source of your own: too low a rate lets more be paid than the policy means",
      ...(wanted === currency
        ? []
        : [`the policy's currency is ${wanted}: nothing is valued by these rates`]),
    ],
  };
}

/** `1 BTC` worth `58123.45 EUR`, as the document has it. */
export function rateFacts({ currency, rates }: Rates): readonly Fact[] {
  return rates.map(
    ({ asset, minorUnits, units }): Fact => [
      formatShort({ asset, units }),
      `is worth ${formatMinorUnits(minorUnits, currency)}`,
    ],
  );
}
