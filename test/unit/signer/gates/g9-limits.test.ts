/** G9: limits of rows from the signer's own journal. */
import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import type { PolicyRow } from "../../../../src/core/policy/policy.ts";
import { makeCustody, payout, stateFor, type Custody } from "../../../factory/custody.ts";
import { delegation, policyBody, row } from "../../../factory/documents.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { at, castMember, fixtureDigest } from "../../../factory/identities.ts";
import { ask, planned, plannedOwn, treasury, wish, type Planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";
import type { SignerState } from "../../../../signer/gates/state.ts";

const DAY = 86_400;

/** A custody whose one row has these windows. */
const limited = (changes: Partial<PolicyRow>): Custody =>
  makeCustody({ rows: [row("small", "0", "100000000", 1, { approvalSecondsMax: 40 * DAY, ...changes })] });

/** A payment of `units` under `label` from the coin at `index`, approved at `when`. */
function payment(
  custody: Custody,
  label: string,
  units: string,
  index: number,
  when: Instant = at("09:00:00"),
): Planned {
  const late = { expires: addSeconds(when, DAY) };
  const one = payout(custody, { label, units, intent: late, approval: late, approvedAt: when });
  return planned(custody, [one], { coins: [{ units: 80_000_000n, index }] });
}

/** The signer at `when`, with what a request needs to be in force then. */
function atTime(custody: Custody, plans: readonly Planned[], when: Instant, state: SignerState) {
  const inForce = { notBefore: addSeconds(when, -3600), expires: addSeconds(when, 3600) };
  const request = ask(custody, plans, {
    label: `request at ${when}`,
    at: when,
    delegation: delegation({ custody: custody.id, ...inForce }),
  });
  return { request, state: { ...state, clock: addSeconds(when, 60) } };
}

function judge(custody: Custody, plans: readonly Planned[], when: Instant, state: SignerState) {
  const given = atTime(custody, plans, when, state);
  return codeOf(() => reviewed(given.request, given.state));
}

function sign(custody: Custody, plans: readonly Planned[], when: Instant, state: SignerState) {
  const given = atTime(custody, plans, when, state);
  return after(state, signed(given.request, given.state));
}

const NINE = at("09:00:00");

describe("G9: amounts", () => {
  const custody = limited({ limits: { dayUnits: "30000000", monthUnits: "50000000" } });
  const start = stateFor(custody);
  const once = sign(custody, [payment(custody, "one", "20000000", 1)], NINE, start);

  test("one request may use up a day's limit, not pass it, alone or with others", () => {
    expect(judge(custody, [payment(custody, "a", "30000000", 1)], NINE, start)).toBe("none");
    expect(judge(custody, [payment(custody, "a", "30000001", 1)], NINE, start)).toBe("G9_LIMIT_DAY");
    const two = (units: string) => [payment(custody, "a", "20000000", 1), payment(custody, "b", units, 2)];
    expect(judge(custody, two("10000000"), NINE, start)).toBe("none");
    expect(judge(custody, two("10000001"), NINE, start)).toBe("G9_LIMIT_DAY");
  });

  test("what was signed counts for 24 hours of journal time", () => {
    const more = (units: string, when: Instant) =>
      judge(custody, [payment(custody, "two", units, 2, when)], when, once);
    expect(more("10000000", NINE)).toBe("none");
    expect(more("10000001", NINE)).toBe("G9_LIMIT_DAY");
    expect(more("20000000", addSeconds(NINE, DAY - 1))).toBe("G9_LIMIT_DAY");
    expect(more("20000000", addSeconds(NINE, DAY))).toBe("none");
  });

  test("and for 30 days against the limit of a month", () => {
    const second = addSeconds(NINE, 2 * DAY);
    const twice = sign(custody, [payment(custody, "two", "20000000", 2, second)], second, once);
    const more = (units: string, days: number) => {
      const when = addSeconds(NINE, days * DAY);
      return judge(custody, [payment(custody, "three", units, 3, when)], when, twice);
    };
    expect(more("10000000", 4)).toBe("none");
    expect(more("10000001", 4)).toBe("G9_LIMIT_MONTH");
    expect(more("30000000", 30)).toBe("none");
  });

  test("a promise signed again on the same coins counts once, with the larger amount", () => {
    const bump = payment(custody, "one", "20000000", 1);
    expect(judge(custody, [bump, payment(custody, "two", "10000000", 2)], NINE, once)).toBe("none");
    const again = sign(custody, [bump], NINE, once);
    expect(judge(custody, [payment(custody, "two", "10000000", 2)], NINE, again)).toBe("none");
    expect(judge(custody, [payment(custody, "two", "10000001", 2)], NINE, again)).toBe("G9_LIMIT_DAY");
  });

  test("a promise signed again counts from then on", () => {
    const later = addSeconds(NINE, DAY - 3600);
    const again = sign(custody, [payment(custody, "one", "20000000", 1, later)], later, once);
    const next = addSeconds(NINE, DAY + 3600);
    const more = [payment(custody, "two", "20000000", 2, next)];
    expect(judge(custody, more, next, again)).toBe("G9_LIMIT_DAY");
    expect(judge(custody, more, next, once)).toBe("none");
  });

  test("what a former epoch signed counts too", () => {
    const archived = { ...start, journal: { ...start.journal, archive: once.journal.lines } };
    expect(judge(custody, [payment(custody, "two", "10000001", 2)], NINE, archived)).toBe("G9_LIMIT_DAY");
    expect(judge(custody, [payment(custody, "two", "10000000", 2)], NINE, archived)).toBe("none");
  });

  test("the officer sees what is left", () => {
    const { request, state } = atTime(custody, [payment(custody, "two", "4000000", 2)], NINE, once);
    expect(reviewed(request, state).review.body.plans[0]?.limits).toEqual([
      { row: "small", dayLeftUnits: "6000000", monthLeftUnits: "26000000" },
    ]);
  });
});

describe("G9: fees", () => {
  const fees = (custody: Custody) => {
    const { plan } = payment(custody, "one", "20000000", 1);
    return BigInt(plan.body.cancel?.feeUnits ?? "0");
  };
  const dearest = fees(limited({}));
  const budget = (dayUnits: bigint, monthUnits = dayUnits) =>
    limited({ feeBudget: { dayUnits: dayUnits.toString(), monthUnits: monthUnits.toString() } });

  test("the dearest attempt of a plan counts, which is the cancel rung", () => {
    const verdict = (custody: Custody) =>
      judge(custody, [payment(custody, "one", "20000000", 1)], NINE, stateFor(custody));
    expect(verdict(budget(dearest))).toBe("none");
    expect(verdict(budget(dearest - 1n))).toBe("G9_FEE_BUDGET_DAY");
    expect(verdict(budget(dearest, dearest - 1n))).toBe("G9_FEE_BUDGET_MONTH");
  });

  test("once for a plan, and once for a plan that replaces another", () => {
    const custody = budget(dearest * 2n - 1n);
    const one = payment(custody, "one", "20000000", 1);
    const once = sign(custody, [one], NINE, stateFor(custody));
    expect(judge(custody, [one], NINE, once)).toBe("none");
    expect(judge(custody, [payment(custody, "two", "20000000", 2)], NINE, once)).toBe("G9_FEE_BUDGET_DAY");
  });

  test("a consolidation uses up its row's fees and no amount", () => {
    const world = treasury();
    const coins = [1, 2].map((index) => ({ units: 1_000_000n, index }));
    const task = { type: "consolidate", unitsMax: 2_000_000n } as const;
    const plan = plannedOwn(world, [wish(world, "consolidate", { units: "2000000" })], task, { coins });
    const fee = BigInt(plan.plan.body.rungs[0]?.feeUnits ?? "0");
    const verdict = (changes: Partial<PolicyRow>) => {
      const rows = world.policy.body.rows.map((each) =>
        each.type === "consolidate" ? { ...each, ...changes } : each,
      );
      const policy = { ...world.policy, body: { ...world.policy.body, rows } };
      return judge(world, [plan], NINE, { ...stateFor(world), policy });
    };
    const day = (units: bigint) => ({ dayUnits: units.toString(), monthUnits: units.toString() });
    expect(verdict({ limits: day(0n), feeBudget: day(fee) })).toBe("none");
    expect(verdict({ feeBudget: day(fee - 1n) })).toBe("G9_FEE_BUDGET_DAY");
  });
});

describe("G9: a signer enforces its share", () => {
  test("of a wallet of two signers, one of whom is needed, half", () => {
    const second = castMember("signer-2");
    const [first] = policyBody().signers as [ReturnType<typeof policyBody>["signers"][number]];
    const { wallet } = makeCustody();
    const custody = makeCustody({
      signers: [first, { ...first, name: second.name, key: second.key, startHead: fixtureDigest("start 2") }],
      wallets: [{ ...wallet, signers: [first.name, second.name] }],
      rows: [row("small", "0", "100000000", 1, { limits: { dayUnits: "40000000", monthUnits: "40000000" } })],
    });
    const verdict = (units: string) =>
      judge(custody, [payment(custody, "one", units, 1)], NINE, stateFor(custody));
    expect(verdict("20000000")).toBe("none");
    expect(verdict("20000001")).toBe("G9_LIMIT_DAY");
  });
});
