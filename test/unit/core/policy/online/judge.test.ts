import { describe, expect, test } from "vitest";
import type { AssetId } from "../../../../../src/core/asset.ts";
import { bitcoinAsset } from "../../../../../src/core/asset.ts";
import { parseCurrency } from "../../../../../src/core/currency.ts";
import type { Name } from "../../../../../src/core/identifier.ts";
import {
  judgeOnline,
  needsRates,
  type Use,
  type UseOf,
} from "../../../../../src/core/policy/online/judge.ts";
import { valuationBy } from "../../../../../src/core/policy/online/rates.ts";
import type { OnlineLimit, Scope } from "../../../../../src/core/policy/online/section.ts";
import { BTC, onlineLimit, onlineRules } from "../../../../factory/documents.ts";
import { ratesOf } from "../../../../factory/rates.ts";

const EUR = parseCurrency("EUR");
const BASIC = "basic" as Name;
const OTHER: AssetId = bitcoinAsset("mainnet");
const RATES = valuationBy(ratesOf());

function use(units: bigint, changes: Partial<Use> = {}): Use {
  return { asset: BTC, units, currency: undefined, minorUnits: 0n, payments: 1, ...changes };
}

function judge(
  limits: readonly OnlineLimit[],
  units: bigint,
  used: readonly Use[] | UseOf = [],
  changes: { tier?: Name; rates?: typeof RATES | string; asset?: AssetId; worth?: bigint } = {},
) {
  const { tier = BASIC, rates = "there are none", asset = BTC, worth } = changes;
  const value =
    worth === undefined ? { currency: undefined, minorUnits: 0n } : { currency: EUR, minorUnits: worth };
  const useOf = typeof used === "function" ? used : () => used;
  return judgeOnline(onlineRules({ limits: [...limits] }), { asset, units, tier, ...value }, useOf, rates);
}

const rule = (...about: Parameters<typeof judge>) => judge(...about).denial?.rule ?? "none";
const upTo = (units: string, changes: Partial<OnlineLimit> = {}) =>
  onlineLimit("limit", { max: { asset: BTC, units }, ...changes });
const worthUpTo = (minorUnits: string, changes: Partial<OnlineLimit> = {}) =>
  onlineLimit("worth", { max: { minorUnits }, ...changes });

describe("default deny", () => {
  test("a tier that no limit per customer names is paid nothing; one that it names is paid", () => {
    const limit = upTo("100", { tiers: [BASIC] });
    expect(rule([limit], 1n)).toBe("none");
    expect(rule([limit], 1n, [], { tier: "gold" as Name })).toBe("TIER_WITHOUT_LIMIT");
    expect(rule([], 1n)).toBe("TIER_WITHOUT_LIMIT");
  });

  test.each(["tier", "destination", "network"] as const)(
    "a limit per %s alone is none per customer",
    (per) => {
      expect(rule([upTo("100", { per })], 1n)).toBe("TIER_WITHOUT_LIMIT");
      expect(rule([upTo("100", { per }), onlineLimit("each")], 1n)).toBe("none");
    },
  );

  test("an asset that no limit is about is paid nothing", () => {
    expect(rule([upTo("100")], 1n, [], { asset: OTHER })).toBe("TIER_WITHOUT_LIMIT");
    const own = upTo("100", { max: { asset: OTHER, units: "100" } });
    expect(rule([upTo("100"), own], 1n, [], { asset: OTHER })).toBe("none");
  });

  test("a limit on another chain is none", () => {
    const mainnet = (OTHER as string).split("/")[0] as never;
    expect(rule([worthUpTo("100", { chain: mainnet })], 1n, [], { rates: RATES })).toBe("TIER_WITHOUT_LIMIT");
  });
});

describe("sums", () => {
  test("what is used and what is asked may reach the limit, and not pass it", () => {
    expect(rule([upTo("100")], 40n, [use(60n)])).toBe("none");
    expect(rule([upTo("100")], 41n, [use(60n)])).toBe("ONLINE_LIMIT_REACHED");
  });

  test("a payment above a limit by itself is told apart, also beside a limit that is only reached", () => {
    const reached = upTo("100", { name: "reached" as Name, per: "network" });
    const above = upTo("50");
    expect(rule([above], 51n)).toBe("ABOVE_ONLINE_LIMIT");
    expect(rule([reached, above], 51n, [use(90n)])).toBe("ABOVE_ONLINE_LIMIT");
    expect(rule([worthUpTo("1"), above], 51n)).toBe("ABOVE_ONLINE_LIMIT");
  });

  test("payments are counted where that is limited too", () => {
    const limit = upTo("100", { paymentsMax: 3 });
    expect(rule([limit], 1n, [use(2n, { payments: 2 })])).toBe("none");
    expect(rule([limit], 1n, [use(2n, { payments: 3 })])).toBe("ONLINE_LIMIT_REACHED");
  });

  test("each limit is held against its own scope and window", () => {
    const limits = (["customer", "tier", "destination", "network"] as const).map((per) =>
      upTo("100", { name: per as unknown as Name, per }),
    );
    for (const full of limits.map(({ per }) => per)) {
      const useOf = ({ per }: { per: Scope }) => (per === full ? [use(100n)] : []);
      const { denial, standings } = judge(limits, 1n, useOf);
      expect(denial).toMatchObject({ rule: "ONLINE_LIMIT_REACHED", limit: full });
      expect(standings.map(({ verdict }) => verdict)).toContain("within");
    }
  });

  test("other assets count in a limit of the currency alone", () => {
    const foreign = use(10n ** 12n, { asset: OTHER, currency: EUR, minorUnits: 70n });
    expect(rule([upTo("100")], 100n, [foreign])).toBe("none");
    expect(rule([worthUpTo("100")], 1n, [foreign], { worth: 30n })).toBe("none");
    expect(rule([worthUpTo("100")], 1n, [foreign], { worth: 31n })).toBe("ONLINE_LIMIT_REACHED");
  });
});

describe("a limit in the reference currency", () => {
  test("values what was not valued at its request, rounded up", () => {
    // A twentieth of a cent each: one satoshi is a whole cent, twenty-one are two.
    expect(judge([worthUpTo("9")], 1n, [], { rates: RATES }).standings[0]?.asked).toBe(1n);
    expect(judge([worthUpTo("9")], 20n, [], { rates: RATES }).standings[0]?.asked).toBe(1n);
    expect(judge([worthUpTo("9")], 21n, [], { rates: RATES }).standings[0]?.asked).toBe(2n);
  });

  test("keeps the value of the request, whatever the rates say now", () => {
    expect(judge([worthUpTo("9")], 1000n, [], { rates: RATES, worth: 3n }).standings[0]?.asked).toBe(3n);
  });

  test("without rates denies what needs them, and only that", () => {
    expect(rule([worthUpTo("100")], 1n)).toBe("RATE_MISSING");
    expect(rule([worthUpTo("100")], 1n, [use(1n)], { worth: 1n })).toBe("RATE_MISSING");
    expect(rule([worthUpTo("100")], 1n, [use(1n, { currency: EUR, minorUnits: 1n })], { worth: 1n })).toBe(
      "none",
    );
    expect(rule([upTo("100")], 1n, [use(1n)])).toBe("none");
  });

  test("a value in another currency is none", () => {
    const dollars = use(20n, { currency: parseCurrency("USD"), minorUnits: 900n });
    expect(rule([worthUpTo("100")], 1n, [dollars], { worth: 99n, rates: RATES })).toBe("none");
    expect(rule([worthUpTo("100")], 1n, [dollars], { worth: 99n })).toBe("RATE_MISSING");
  });
});

test("rates are needed by one limit in the currency, whatever stands beside it", () => {
  expect(needsRates([])).toBe(false);
  expect(needsRates([upTo("100")])).toBe(false);
  expect(needsRates([upTo("100"), worthUpTo("100")])).toBe(true);
});
