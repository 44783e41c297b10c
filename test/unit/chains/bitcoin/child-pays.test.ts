/** Own change that no block holds yet: a child that has its parent mined, and payments that may spend it. */
import { describe, expect, test } from "vitest";
import { CHILD_UNAFFORDABLE } from "../../../../src/chains/bitcoin/build-return.ts";
import { INSUFFICIENT_COINS } from "../../../../src/chains/bitcoin/coins/select.ts";
import { outpointKey } from "../../../../src/chains/bitcoin/outpoint.ts";
import { decodePlan } from "../../../../src/chains/bitcoin/plan-attempts.ts";
import { COIN_MISSING } from "../../../../src/chains/bitcoin/snapshot-coins.ts";
import type { BitcoinSnapshot } from "../../../../src/chains/bitcoin/snapshot.ts";
import { combine } from "../../../../src/chains/bitcoin/finalize.ts";
import { waitingChange } from "../../../../src/chains/bitcoin/waiting-change.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { payment, planOf, signAll, snapshotOf, testWallet, viewOf } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const first = snapshotOf(wallet, [{ units: 100_000n, index: 1 }]);
const parentPlan = planOf([payment(40_000n)], view, first, { feeRatesMilli: [2000n] });
const [parent] = decodePlan(parentPlan, parentPlan.previous, view).rungs as [
  ReturnType<typeof decodePlan>["rungs"][number],
];
const bytes = combine(parent.tx, signAll(wallet, parent.tx));
const waiting = waitingChange([{ attempt: parent, bytes }]);
const [change] = waiting.unconfirmed as [BitcoinSnapshot["unconfirmed"][number]];
const child = outpointKey(change, view.network);

/** Confirmed coins of a second snapshot, beside the parent's waiting change. */
function snapshotWith(...units: readonly bigint[]): BitcoinSnapshot {
  const confirmed = snapshotOf(
    wallet,
    units.map((each, i) => ({ units: each, index: 5 + i })),
    { changeIndex: 4 },
  );
  return {
    ...confirmed,
    unconfirmed: waiting.unconfirmed,
    parents: [...confirmed.parents, ...waiting.parents],
  };
}

describe("waitingChange", () => {
  test("is read from our own bytes, with what must be mined with it", () => {
    const effect = parent.effects.find(({ type }) => type === "change");
    expect(waiting.unconfirmed).toHaveLength(1);
    expect(change).toMatchObject({
      txid: parent.transaction,
      branch: 1,
      index: 3,
      units: effect?.type === "change" ? effect.units.toString() : "",
      ancestors: { count: 1, virtualSize: parent.fee.virtualSize, feeUnits: parent.fee.units.toString() },
    });
  });

  test("a chain is at most five long: the change of the fourth may be spent, that of the fifth not", () => {
    let known = [{ attempt: parent, bytes }];
    for (let place = 0; place < 4; place++) {
      const own = waitingChange(known);
      const top = own.unconfirmed.find(({ ancestors }) => ancestors.count === known.length);
      expect(top !== undefined).toBe(known.length < 5);
      const snapshot = { ...snapshotWith(), unconfirmed: own.unconfirmed, parents: own.parents };
      const task = {
        type: "consolidate",
        unitsMax: 100_000n,
        child: outpointKey(top as never, view.network),
      } as const;
      const plan = planOf(task, view, snapshot, { feeRatesMilli: [1000n] });
      const [rung] = decodePlan(plan, plan.previous, view).rungs as [typeof parent];
      known = [...known, { attempt: rung, bytes: combine(rung.tx, signAll(wallet, rung.tx)) }];
    }
    expect(waitingChange(known).unconfirmed.map(({ ancestors }) => ancestors.count)).toEqual([1, 2, 3, 4]);
  });
});

describe("a child that pays for its parent", () => {
  const gather = (snapshot: BitcoinSnapshot, rate: bigint, unitsMax = 1_000_000n) =>
    planOf({ type: "consolidate", unitsMax, child }, view, snapshot, { feeRatesMilli: [rate, 2n * rate] });

  test("spends the waiting change alone where that bears it, and lifts both to the rate", () => {
    const plan = gather(snapshotWith(500_000n), 10_000n);
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    expect([plan.conflictKeys, cancel]).toEqual([[child], undefined]);
    rungs.forEach(({ fee }, place) => {
      const size = BigInt(fee.virtualSize + parent.fee.virtualSize);
      const rate = ((fee.units + parent.fee.units) * 1000n) / size;
      expect(rate).toBeGreaterThanOrEqual(10_000n * BigInt(place + 1));
      expect(rate).toBeLessThan(10_100n * BigInt(place + 1));
    });
    expect(rungs).toHaveLength(2);
  });

  test("takes the largest further coin, and no more, where the change does not bear it", () => {
    const plan = gather(snapshotWith(30_000n, 800_000n, 60_000n), 300_000n);
    expect(plan.conflictKeys).toHaveLength(2);
    const [rung] = decodePlan(plan, plan.previous, view).rungs;
    expect(rung?.inputs.map(({ units }) => units).sort()).toEqual(["800000", change.units].sort());
  });

  test("is refused above the amount that people approved, and without its coin", () => {
    expectRefusal(() => gather(snapshotWith(800_000n), 300_000n, 500_000n), CHILD_UNAFFORDABLE);
    expectRefusal(() => gather(snapshotWith(), 300_000n), CHILD_UNAFFORDABLE);
    const gone = { ...snapshotWith(800_000n), unconfirmed: [] };
    expectRefusal(() => gather(gone, 10_000n), COIN_MISSING);
  });
});

describe("payments", () => {
  const pay = (units: bigint, unconfirmedChange: boolean | undefined, snapshot = snapshotWith(50_000n)) =>
    planOf([payment(units)], view, snapshot, { feeRatesMilli: [5000n], unconfirmedChange });

  test("spend confirmed coins alone unless they are told otherwise", () => {
    expectRefusal(() => pay(60_000n, undefined), INSUFFICIENT_COINS);
    expect(pay(60_000n, true).conflictKeys).toContain(child);
  });

  test("and even then only where confirmed coins do not suffice", () => {
    expect(pay(40_000n, true).conflictKeys).not.toContain(child);
  });

  test("pay for their waiting parent to be mined at their own rate", () => {
    const plan = pay(60_000n, true);
    const [rung] = decodePlan(plan, plan.previous, view).rungs as [typeof parent];
    const size = BigInt(rung.fee.virtualSize + parent.fee.virtualSize);
    expect(((rung.fee.units + parent.fee.units) * 1000n) / size).toBeGreaterThanOrEqual(5000n);
  });

  test("never a sixth of a chain", () => {
    const deep = snapshotWith(50_000n);
    const unconfirmed = deep.unconfirmed.map((coin) => ({
      ...coin,
      ancestors: { ...coin.ancestors, count: 5 },
    }));
    expectRefusal(() => pay(60_000n, true, { ...deep, unconfirmed }), INSUFFICIENT_COINS);
  });
});
