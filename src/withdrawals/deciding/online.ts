/**
 * The online rules, asked of a payment when it is requested and at each later step. A payment counts by the time of its
 * request: at later steps it is judged against what came before it, so that its own amount counts once and the answer
 * changes only with the policy, the customer's tier, or what has ended unpaid.
 */
import type { AccountId } from "../../core/account.ts";
import type { Amount } from "../../core/amount.ts";
import { assetFacts } from "../../core/asset.ts";
import type { RatesDocument } from "../../core/documents/rates.ts";
import { declareError } from "../../core/errors.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import {
  judgeOnline,
  limitsAbout,
  needsRates,
  type OnlineJudgement,
  type UseOf,
} from "../../core/policy/online/judge.ts";
import { ratesDenial, valuationBy, type Valuation } from "../../core/policy/online/rates.ts";
import type { OnlineLimit } from "../../core/policy/online/section.ts";
import { windowFrom } from "../../core/policy/online/window.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { LimitUseRow } from "../rows.ts";

export const ONLINE_RULE_DENIED = declareError(
  "ONLINE_RULE_DENIED",
  "denied",
  "A rule that the online host keeps denies a payment: a limit of its customer, tier, destination or network.",
);

type Reading<Tx> = Pick<WithdrawalPorts<Tx>, "findKyc" | "findLimitUse" | "limitUses" | "findNewestRates">;
type About = { readonly policy: PolicyDocument; readonly now: Instant };

/** Whom it pays, where and how much. */
export type OnlinePayment = {
  readonly id: Id;
  readonly customer: Id;
  readonly account: AccountId;
  readonly amount: Amount;
};

export type OnlineFindings = OnlineJudgement & {
  readonly tier: Name | undefined;
  /** What was recorded at the request. */
  readonly recorded: (LimitUseRow & { readonly at: Instant }) | undefined;
  /** The rates in force now, or why there are none. */
  readonly rates: RatesDocument | string;
};

/** What the online rules say of a payment at `now`, limit by limit. */
export function judgeByOnlineRules<Tx>(
  ports: Reading<Tx>,
  tx: Tx,
  payment: OnlinePayment,
  { policy, now }: About,
): OnlineFindings {
  const { customer, account, amount } = payment;
  const { online } = policy.body;
  const tier = ports.findKyc(tx, customer)?.tier;
  const recorded = ports.findLimitUse(tx, payment.id);
  // Each reading of rates verifies a signature: only where they decide something or are to be recorded.
  const wanted = recorded === undefined || needsRates(limitsAbout(online, { tier, asset: amount.asset }));
  const rates = wanted ? ratesNow(ports, tx, { policy, now }) : "they are not needed";
  const subjects: Readonly<Record<OnlineLimit["per"], string>> = {
    customer,
    destination: account,
    tier: tier ?? "",
    network: assetFacts(amount.asset).chain,
  };
  const judgement = judgeOnline(
    online,
    { ...amount, tier, currency: recorded?.value?.currency, minorUnits: recorded?.value?.minorUnits ?? 0n },
    remembered(({ per, window }) =>
      ports.limitUses(tx, per, subjects[per], windowFrom(window, recorded?.at ?? now), recorded),
    ),
    typeof rates === "string" ? rates : valuationBy(rates),
  );
  return { ...judgement, tier, recorded, rates };
}

// Several limits may be about one scope and window: in units, in the currency, by tier.
function remembered(useOf: UseOf): UseOf {
  const known = new Map<string, ReturnType<UseOf>>();
  return (limit) => {
    const key = `${limit.per} ${limit.window}`;
    const uses = known.get(key) ?? useOf(limit);
    known.set(key, uses);
    return uses;
  };
}

/**
 * Admits a new payment by the online rules.
 * @returns what is to be recorded of it, once it is stored
 * @throws ONLINE_RULE_DENIED
 */
export function admitByOnlineRules<Tx>(
  ports: Reading<Tx>,
  tx: Tx,
  payment: OnlinePayment,
  about: About,
): LimitUseRow {
  const { id, customer, account, amount } = payment;
  const { denial, tier, rates } = judgeByOnlineRules(ports, tx, payment, about);
  if (denial !== undefined || tier === undefined) {
    const { rule, why } = denial ?? { rule: "TIER_WITHOUT_LIMIT", why: "the customer has no tier" };
    throw ONLINE_RULE_DENIED(`denied by the online rules (${rule}): ${why}`, {
      field: rule === "TIER_WITHOUT_LIMIT" ? "--customer" : "--amount",
      hint: HINTS[rule],
      details: { rule, ...(denial?.limit === undefined ? {} : { limit: denial.limit }) },
    });
  }
  return { withdrawal: id, customer, account, amount, tier, value: valueBy(rates, amount) };
}

const HINTS = {
  TIER_WITHOUT_LIMIT: "custody policy show   (its limits say which tiers may be paid)",
  ABOVE_ONLINE_LIMIT: "ask for less; custody policy show",
  RATE_MISSING: "custody rates import rates.signed.json",
  ONLINE_LIMIT_REACHED: "ask again when the window has moved on; custody policy show",
} as const;

function valueBy(rates: RatesDocument | string, { asset, units }: Amount): LimitUseRow["value"] {
  if (typeof rates === "string") return undefined;
  const valuation: Valuation = valuationBy(rates);
  const minorUnits = valuation.valueOf(asset, units);
  return minorUnits === undefined
    ? undefined
    : { currency: valuation.currency, minorUnits, rates: rates.digest };
}

function ratesNow<Tx>(
  ports: Pick<Reading<Tx>, "findNewestRates">,
  tx: Tx,
  { policy, now }: About,
): RatesDocument | string {
  const rates = ports.findNewestRates(tx, policy.body.online.currency);
  return ratesDenial(policy.body, rates, now) ?? (rates as RatesDocument);
}
