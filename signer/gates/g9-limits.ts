/**
 * G9: limits and fee budgets of policy rows, from our own journal. A signer knows what it signed and nothing else, so it
 * enforces its share (`src/core/policy/limits.ts`); windows age by journal time (law 12). A promise that is signed again
 * counts once, with the larger amount and at the later time: G10 lets no two attempts of it ever settle.
 */
import { dearestFee } from "../../src/chains/attempts.ts";
import type { AssetId } from "../../src/core/asset.ts";
import { familyKeys } from "../../src/core/documents/family.ts";
import { declareRule, type Rule } from "../../src/core/gate.ts";
import type { Name } from "../../src/core/identifier.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import {
  leftOf,
  limitExcess,
  signerShare,
  type LimitExcess,
  type Spending,
  type Window,
} from "../../src/core/policy/limits.ts";
import type { PolicyRow } from "../../src/core/policy/policy.ts";
import type { Memory, RememberedPayment } from "../journal/memory.ts";
import type { MatchedPlan } from "./matched-plan.ts";
import { settledIntents } from "./settled.ts";
import type { SignerState } from "./state.ts";

const RULES: Readonly<Record<LimitExcess["of"], Readonly<Record<Window, Rule>>>> = {
  limits: {
    day: declareRule(
      "G9",
      "LIMIT_DAY",
      "the row's limit of 24 hours, or this signer's share of it, is used up.",
    ),
    month: declareRule(
      "G9",
      "LIMIT_MONTH",
      "the row's limit of 30 days, or this signer's share of it, is used up.",
    ),
  },
  feeBudget: {
    day: declareRule(
      "G9",
      "FEE_BUDGET_DAY",
      "the row's fee budget of 24 hours, or this signer's share, is used up.",
    ),
    month: declareRule(
      "G9",
      "FEE_BUDGET_MONTH",
      "the row's fee budget of 30 days, or this signer's share, is used up.",
    ),
  },
};

/** What this signer may still sign under a row once a plan is signed, in base units of the row's asset. */
export type LimitsLeft = {
  readonly row: Name;
  readonly asset: AssetId;
  readonly day: bigint;
  readonly month: bigint;
};

/**
 * Judges the plans one after the other.
 * @param at journal time once the request is done
 * @returns for each plan what its rows have left after it @throws Refusal of G9
 */
export function assertLimits(
  plans: readonly MatchedPlan[],
  state: SignerState,
  memory: Memory,
  at: Instant,
): readonly (readonly LimitsLeft[])[] {
  const book: Book = new Map();
  const asked = new Set(plans.flatMap(({ intents }) => intents.map(({ row }) => row.name)));
  for (const payment of memory.payments) if (asked.has(payment.row)) record(book, payment);
  return plans.map((matched) => {
    const { intents, plan } = matched;
    const fee = dearestFee(matched);
    const touched = new Set(
      settledIntents(intents).map(({ family, row, units }, place) =>
        record(book, { family, row, units: BigInt(units), feeUnits: place === 0 ? fee : 0n, at }),
      ),
    );
    const rows = new Map(intents.map(({ row }) => [row.name, row]));
    return [...rows.values()].map((row) => judgeRow(row, book, touched, { state, at, plan: plan.body.id }));
  });
}

function judgeRow(
  row: PolicyRow,
  book: Book,
  touched: ReadonlySet<string>,
  { state, at, plan }: { readonly state: SignerState; readonly at: Instant; readonly plan: string },
): LimitsLeft {
  const share = signerShare(state.policy.body, row);
  const ofRow = [...book].filter(([, spending]) => spending.row === row.name);
  const before = ofRow.flatMap(([key, spending]) => (touched.has(key) ? [] : [spending]));
  const adding = ofRow
    .flatMap(([key, spending]) => (touched.has(key) ? [spending] : []))
    .reduce((sum, { units, feeUnits }) => ({ units: sum.units + units, feeUnits: sum.feeUnits + feeUnits }), {
      units: 0n,
      feeUnits: 0n,
    });
  const excess = limitExcess(row, before, adding, at, share);
  if (excess !== undefined) {
    throw RULES[excess.of][excess.window](`plan ${plan}: ${excess.why} to this signer`, {
      field: `policy.rows.${excess.of}`,
      hint: "wait until the window has moved on, or let the admins raise the row's limit in the next policy",
    });
  }
  const all = ofRow.map(([, spending]) => spending);
  const left = (window: Window) => leftOf(row, "limits", window, all, at, share);
  return { row: row.name, asset: row.asset, day: left("day"), month: left("month") };
}

/** Spendings, once for each family and row. */
type Book = Map<string, Spending>;

// Under another row the same promise counts there as well: which of its attempts settles, nobody knows yet. A promise is
// the same by all of its names: two that share one of them each with a third could both settle beside each other.
function record(book: Book, payment: RememberedPayment): string {
  const { row, units, feeUnits, at } = payment;
  const key = [row, ...familyKeys(payment.family)].join(" ");
  const earlier = book.get(key);
  book.set(key, {
    row,
    units: larger(units, earlier?.units),
    feeUnits: larger(feeUnits, earlier?.feeUnits),
    at: earlier === undefined ? at : later(at, earlier.at),
  });
  return key;
}

function larger(a: bigint, b = 0n): bigint {
  return a > b ? a : b;
}
