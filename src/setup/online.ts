/** What the online host of a new house keeps by itself: how much one customer may be paid. */
import { bitcoinAsset } from "../core/asset.ts";
import { parseCurrency } from "../core/currency.ts";
import { parseName } from "../core/identifier.ts";
import type { OnlineLimit, OnlineRules } from "../core/policy/online/section.ts";
import { unitsOf, type Answers } from "./answers.ts";

const DAY = 86_400;

/** One customer, small payments and large together, gets no more than what large payments may take of all customers. */
export function onlineRulesOf(answers: Answers): OnlineRules {
  const { network, large, tiers } = answers;
  const limit = (window: "day" | "month"): OnlineLimit => ({
    name: parseName(`customer-${window}`),
    per: "customer",
    tiers: [...tiers],
    window,
    max: {
      asset: bitcoinAsset(network),
      units: unitsOf(large[window], network, `large.${window}`).toString(),
    },
  });
  // No limit is in the currency yet: a house that has no rates can begin without them.
  return { currency: parseCurrency("EUR"), ratesSecondsMax: DAY, limits: [limit("day"), limit("month")] };
}
