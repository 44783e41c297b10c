import { describe, expect, test } from "vitest";
import { parseCurrency } from "../../../src/core/currency.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import type { Use } from "../../../src/core/policy/online/judge.ts";
import { SCOPES, WINDOW_SECONDS, type Scope } from "../../../src/core/policy/online/section.ts";
import { windowFrom } from "../../../src/core/policy/online/window.ts";
import type { Store } from "../../../src/store/database.ts";
import { findLimitUse, insertLimitUse, limitUses, type StoredValue } from "../../../src/store/limit-use.ts";
import { LIMITS_BROKEN, verifyLimits } from "../../../src/store/limit-recount.ts";
import { findNewestRates, insertRates, RATES_NOT_NEWER } from "../../../src/store/rates.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { insertWithdrawal, moveWithdrawal } from "../../../src/store/withdrawals.ts";
import { at } from "../../factory/identities.ts";
import { ratesOf } from "../../factory/rates.ts";
import { codeOf } from "../../factory/thrown.ts";
import { CHAIN, CONTEXT, CUSTOMER, furnish, id, NOW, request, scratch } from "./scratch.ts";

const BASIC = "basic" as Name;
const EUR = parseCurrency("EUR");

/** What one test asks for: when, how much, and whose it is. */
type Asked = {
  readonly number: number;
  readonly units: bigint;
  readonly after: number;
  readonly value?: bigint;
};

function step<T>(store: Store, after: number, work: (tx: Tx) => T): T {
  return write(store, { ...CONTEXT, now: addSeconds(NOW, after) }, work);
}

/** Stores a withdrawal `after` seconds, counted as its use case does it. */
function ask(store: Store, { number, units, after, value }: Asked): Id {
  const rates = ratesOf({ issued: NOW });
  return step(store, after, (tx) => {
    if (value !== undefined) insertRates(tx, rates);
    const { withdrawal } = insertWithdrawal(tx, request(number, units));
    const { id: own, customer, account, amount } = withdrawal;
    const stored: StoredValue | undefined =
      value === undefined ? undefined : { currency: EUR, minorUnits: value, rates: rates.digest };
    insertLimitUse(tx, { withdrawal: own, customer, account, amount, tier: BASIC, value: stored });
    return own;
  });
}

function cancel(store: Store, withdrawal: Id, after: number): void {
  step(store, after, (tx) =>
    moveWithdrawal(tx, withdrawal, { version: 1, to: "CANCELLED", event: "cancelled" }),
  );
}

const sum = (uses: readonly Use[]) => uses.reduce((total, { units }) => total + units, 0n);
const used = (
  store: Store,
  now: Instant,
  scope: Scope = "customer",
  window: keyof typeof WINDOW_SECONDS = "day",
) => sum(limitUses(store, scope, subjectOf(scope), windowFrom(window, now)));

function subjectOf(scope: Scope, number = 1): string {
  const subjects = {
    customer: CUSTOMER,
    tier: BASIC,
    destination: request(number, 1n).account,
    network: CHAIN,
  };
  return subjects[scope];
}

function made(): Store {
  const { store } = scratch();
  furnish(store, 10_000n);
  return store;
}

describe("F25: what counts in a window", () => {
  test.each(SCOPES)("per %s: everything of the last day to the second", (scope) => {
    const store = made();
    ask(store, { number: 1, units: 7n, after: 0 });
    const last = addSeconds(NOW, WINDOW_SECONDS.day - 1);
    expect(used(store, last, scope)).toBe(7n);
    expect(used(store, addSeconds(last, 1), scope)).toBe(0n);
    expect(sum(limitUses(store, scope, "another", windowFrom("day", NOW)))).toBe(0n);
  });

  test("what is stored later counts not against what came before it, in the same second too", () => {
    const store = made();
    const first = ask(store, { number: 1, units: 1n, after: 5 });
    const second = ask(store, { number: 2, units: 10n, after: 5 });
    const third = ask(store, { number: 3, units: 100n, after: 6 });
    const before = (withdrawal: Id) => {
      const place = findLimitUse(store, withdrawal);
      return sum(limitUses(store, "network", CHAIN, windowFrom("hour", place?.at as Instant), place));
    };
    expect([first, second, third].map(before)).toEqual([0n, 1n, 11n]);
  });

  test("a clock that ran ahead hides nothing: what is dated later counts at the door", () => {
    const store = made();
    ask(store, { number: 1, units: 5n, after: 3 * 86_400 });
    expect(used(store, NOW, "tier")).toBe(5n);
  });

  test("values are summed beside amounts, and what was never valued apart", () => {
    const store = made();
    ask(store, { number: 1, units: 1n, after: 0, value: 30n });
    ask(store, { number: 2, units: 2n, after: 90, value: 40n });
    ask(store, { number: 3, units: 4n, after: 91 });
    const uses = limitUses(store, "tier", BASIC, windowFrom("month", addSeconds(NOW, 100)));
    expect(uses).toHaveLength(2);
    expect(uses).toContainEqual(
      expect.objectContaining({ units: 3n, currency: EUR, minorUnits: 70n, payments: 2 }),
    );
    expect(uses).toContainEqual(expect.objectContaining({ units: 4n, currency: undefined, payments: 1 }));
  });
});

describe("what ended without a payment", () => {
  test("gives back what it took, once, and nothing before", () => {
    const store = made();
    const one = ask(store, { number: 1, units: 7n, after: 0 });
    ask(store, { number: 2, units: 8n, after: 1 });
    expect(used(store, addSeconds(NOW, 2), "network")).toBe(15n);
    const take = () => store.database.exec("UPDATE limit_use SET released = '2026-11-22T08:00:00Z'");
    expect(take).toThrow(/only a withdrawal that ended/);
    cancel(store, one, 2);
    for (const scope of ["customer", "tier", "network"] as const)
      expect(used(store, addSeconds(NOW, 3), scope)).toBe(8n);
    expect(used(store, addSeconds(NOW, 3), "destination")).toBe(0n);
    expect(verifyLimits(store)).toBe(1);
  });
});

test("a sum of which nothing is left is no use: it would ask for rates that nobody needs", () => {
  const store = made();
  cancel(store, ask(store, { number: 1, units: 7n, after: 0 }), 1);
  expect(limitUses(store, "network", CHAIN, windowFrom("day", addSeconds(NOW, 90_000 - 3600)))).toEqual([]);
});

describe("I11: a recount of everything", () => {
  test("agrees with what was counted, over days, hours, minutes and releases", () => {
    const store = made();
    const asked = Array.from({ length: 60 }, (_, place) =>
      ask(store, {
        number: place + 1,
        units: BigInt(place + 1),
        after: place * 4001,
        ...(place % 3 === 0 ? { value: BigInt(place) } : {}),
      }),
    );
    for (const [place, withdrawal] of asked.entries())
      if (place % 7 === 0) cancel(store, withdrawal, 300_000 + place);
    expect(verifyLimits(store)).toBe(60 - 9);
    const expected = (from: number, to: number) =>
      asked.reduce((total, _, place) => {
        const second = place * 4001;
        const counts = place % 7 !== 0 && second > from && second <= to;
        return counts ? total + BigInt(place + 1) : total;
      }, 0n);
    for (const now of [3600, 86_399, 86_400, 86_401, 150_000, 240_060]) {
      for (const window of ["hour", "day", "week", "month"] as const) {
        const place = { at: addSeconds(NOW, now + 1), seq: 0 };
        const uses = limitUses(store, "tier", BASIC, windowFrom(window, addSeconds(NOW, now)), place);
        expect(sum(uses)).toBe(expected(now - WINDOW_SECONDS[window], now));
      }
    }
  });

  test.each([
    ["a sum", "UPDATE limit_sum SET units = '1' WHERE scope = 'tier' AND span = 3600"],
    ["a count", "UPDATE limit_sum SET payments = 0 WHERE scope = 'network' AND span = 60"],
    [
      "a sum of nothing",
      "INSERT INTO limit_sum VALUES ('tier', 'gold', 60, '2026-11-22T08:00:00Z', 'a', '', '5', '0', 1)",
    ],
    ["a lost sum", "DROP TRIGGER limit_sum_no_delete; DELETE FROM limit_sum WHERE scope = 'destination'"],
    ["another amount", "DROP TRIGGER limit_use_fixed; UPDATE limit_use SET units = '1'"],
    ["another customer", `DROP TRIGGER limit_use_fixed; UPDATE limit_use SET customer = '${id(9)}'`],
    ["a row less", "DROP TRIGGER limit_use_no_delete; DELETE FROM limit_use"],
    ["a release too early", "DROP TRIGGER limit_use_released_unpaid; UPDATE limit_use SET released = at"],
  ])("finds %s that somebody has changed", (_, sql) => {
    const store = made();
    ask(store, { number: 1, units: 7n, after: 0 });
    expect(verifyLimits(store)).toBe(1);
    store.database.exec(sql);
    expect(codeOf(() => verifyLimits(store))).toBe(LIMITS_BROKEN.code);
  });
});

describe("rates", () => {
  test("are kept by the time of their issue; the same again change nothing, older ones are refused", () => {
    const store = made();
    const rates = ratesOf();
    step(store, 0, (tx) => insertRates(tx, rates));
    step(store, 1, (tx) => insertRates(tx, rates));
    expect(findNewestRates(store, EUR)?.digest).toBe(rates.digest);
    expect(findNewestRates(store, parseCurrency("USD"))).toBeUndefined();
    for (const issued of [at("08:29:59"), at("08:30:00")]) {
      const older = ratesOf({ issued, expires: at("19:00:00") });
      expect(codeOf(() => step(store, 2, (tx) => insertRates(tx, older)))).toBe(RATES_NOT_NEWER.code);
    }
    const newer = ratesOf({ issued: at("08:30:01") });
    step(store, 3, (tx) => insertRates(tx, newer));
    expect(findNewestRates(store, EUR)?.digest).toBe(newer.digest);
  });
});
