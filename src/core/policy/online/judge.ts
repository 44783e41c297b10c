/**
 * One pure judgement of a payment by the online rules. What others have used of each scope is handed in as sums, so that
 * the same judgement serves the door, every later step, and whoever wants to know why.
 */
import { assetFacts, type AssetId } from "../../asset.ts";
import type { Currency } from "../../currency.ts";
import type { Name } from "../../identifier.ts";
import type { Valuation } from "./rates.ts";
import type { OnlineLimit, OnlineRules } from "./section.ts";

/** Why the online host denies a payment. */
export type OnlineRule =
  /** No limit per customer names the customer's tier for this asset: nobody wrote down what such a customer may have. */
  | "TIER_WITHOUT_LIMIT"
  /** The payment alone is above a limit: no waiting helps. */
  | "ABOVE_ONLINE_LIMIT"
  /** A limit is in the reference currency, and nothing in force says what the payment is worth. */
  | "RATE_MISSING"
  /** With what was asked for before it in the window, the payment is above a limit. */
  | "ONLINE_LIMIT_REACHED";

export type OnlineDenial = { readonly rule: OnlineRule; readonly why: string; readonly limit?: Name };

/** An amount with its value in a currency, where it was valued when it was asked for. Base units and minor units. */
export type Valued = {
  readonly asset: AssetId;
  readonly units: bigint;
  readonly currency: Currency | undefined;
  readonly minorUnits: bigint;
};

/** What was asked for in one scope and window, summed by asset and currency. */
export type Use = Valued & { readonly payments: number };

/** Sums of what others asked for in the window of `limit` before the payment that is judged. */
export type UseOf = (limit: OnlineLimit) => readonly Use[];

/** How a payment stands to one limit. Base units, or minor units of the reference currency. */
export type Standing = {
  readonly limit: OnlineLimit;
  /** What others have asked for in the window; undefined where something cannot be valued. */
  readonly used: bigint | undefined;
  readonly asked: bigint | undefined;
  readonly max: bigint;
  /** What is left beside others' use, before this payment; never below 0. */
  readonly left: bigint | undefined;
  readonly payments: number;
  readonly verdict: "within" | "above" | "reached" | "unvalued";
};

export type OnlineJudgement = {
  /** Each limit that is about this payment, in the policy's order. */
  readonly standings: readonly Standing[];
  readonly denial: OnlineDenial | undefined;
};

/**
 * @param payment with its own value, if it was valued when it was asked for
 * @param valuation by which the rest is valued, or why nothing can be
 */
export function judgeOnline(
  rules: OnlineRules,
  payment: Valued & { readonly tier: Name | undefined },
  useOf: UseOf,
  valuation: Valuation | string,
): OnlineJudgement {
  const limits = limitsAbout(rules, payment);
  const standings = limits.map((limit) => standingOf(rules, limit, payment, useOf(limit), valuation));
  if (!limits.some(({ per }) => per === "customer")) {
    const why = `no limit per customer names tier ${payment.tier ?? "none"} for ${assetFacts(payment.asset).symbol}`;
    return { standings, denial: { rule: "TIER_WITHOUT_LIMIT", why } };
  }
  return { standings, denial: denialIn(standings, valuation) };
}

/** The limits that are about a payment: its tier, its chain, its asset. */
export function limitsAbout(
  { limits }: OnlineRules,
  { tier, asset }: { readonly tier: Name | undefined; readonly asset: AssetId },
): readonly OnlineLimit[] {
  if (tier === undefined) return [];
  return limits.filter(
    ({ tiers, chain, max }) =>
      tiers.includes(tier) &&
      (chain === undefined || chain === assetFacts(asset).chain) &&
      (!("asset" in max) || max.asset === asset),
  );
}

/** Whether any of the limits about a payment is in the reference currency. */
export function needsRates(limits: readonly OnlineLimit[]): boolean {
  return limits.some(({ max }) => "minorUnits" in max);
}

function standingOf(
  rules: OnlineRules,
  limit: OnlineLimit,
  payment: Valued,
  uses: readonly Use[],
  valuation: Valuation | string,
): Standing {
  const counted = uses.filter((use) => countsIn(limit, use));
  const measure = measureOf(rules, limit, valuation);
  const max = BigInt("asset" in limit.max ? limit.max.units : limit.max.minorUnits);
  const used = sum(counted.map(measure));
  const asked = measure(payment);
  const payments = counted.reduce((total, use) => total + use.payments, 0);
  const left = used === undefined ? undefined : used > max ? 0n : max - used;
  const standing = { limit, used, asked, max, left, payments };
  return { ...standing, verdict: verdictOn(standing) };
}

function verdictOn({ limit, asked, max, left, payments }: Omit<Standing, "verdict">): Standing["verdict"] {
  if (asked !== undefined && asked > max) return "above";
  if (asked === undefined || left === undefined) return "unvalued";
  const tooMany = limit.paymentsMax !== undefined && payments + 1 > limit.paymentsMax;
  return asked > left || tooMany ? "reached" : "within";
}

function countsIn({ chain, max }: OnlineLimit, { asset }: Valued): boolean {
  if ("asset" in max) return asset === max.asset;
  return chain === undefined || assetFacts(asset).chain === chain;
}

// What was valued when it was asked for keeps that value, so that a recount finds the same; only the rest needs rates now.
function measureOf(
  { currency }: OnlineRules,
  { max }: OnlineLimit,
  valuation: Valuation | string,
): (amount: Valued) => bigint | undefined {
  if ("asset" in max) return ({ units }) => units;
  return (amount) =>
    amount.currency === currency
      ? amount.minorUnits
      : typeof valuation === "string"
        ? undefined
        : valuation.valueOf(amount.asset, amount.units);
}

function sum(values: readonly (bigint | undefined)[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0n,
  );
}

// A payment that is above a limit by itself comes first: it is what holds back even what is signed.
function denialIn(standings: readonly Standing[], valuation: Valuation | string): OnlineDenial | undefined {
  for (const [verdict, rule] of DENIALS) {
    const found = standings.find((standing) => standing.verdict === verdict);
    if (found !== undefined) return { rule, why: whyOf(found, valuation), limit: found.limit.name };
  }
  return undefined;
}

const DENIALS = [
  ["above", "ABOVE_ONLINE_LIMIT"],
  ["unvalued", "RATE_MISSING"],
  ["reached", "ONLINE_LIMIT_REACHED"],
] as const;

function whyOf(
  { limit, asked, max, left, payments, verdict }: Standing,
  valuation: Valuation | string,
): string {
  const { name, per, window, paymentsMax } = limit;
  const what = "asset" in limit.max ? "base units" : "minor units";
  if (verdict === "unvalued")
    return `limit ${name} is in the reference currency: ${typeof valuation === "string" ? valuation : "the rates in force do not have every asset that it counts"}`;
  if (verdict === "above") return `limit ${name}: ${asked} ${what} asked, ${max} a ${window} per ${per}`;
  if (asked !== undefined && left !== undefined && asked > left)
    return `limit ${name}: ${asked} ${what} asked, ${left} of ${max} left in the last ${window} of this ${per}`;
  return `limit ${name}: ${payments} payments in the last ${window} of this ${per}, ${paymentsMax} are allowed`;
}
