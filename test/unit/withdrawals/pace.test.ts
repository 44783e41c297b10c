/** The rung that is due by a plan's deadline and budget, as lnd's sweeper raises a fee. */
import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { blocksLeft, rungDue, type Pace } from "../../../src/withdrawals/planning/pace.ts";

const signed = "2026-11-22T08:00:00Z" as Instant;
const after = (minutes: number) => addSeconds(signed, minutes * 60);
const pace: Pace = { minutes: 90, budgetUnits: undefined };
const ladder = [1000n, 2000n, 4000n].map((feeUnits) => ({ feeUnits, rateMilli: feeUnits * 5n }));
const due = (minutes: number, asked?: bigint, changes: Partial<Pace> = {}) =>
  rungDue(ladder, signed, { ...pace, ...changes }, after(minutes), asked);

describe("rungDue", () => {
  test("each rung has its part of the time: the dearest is out for the last, not after the deadline (lnd #8741)", () => {
    expect([0, 29, 30, 59, 60, 89, 90, 10_000].map((minutes) => due(minutes))).toEqual([
      0, 0, 1, 1, 2, 2, 2, 2,
    ]);
  });

  test("a clock that goes back lowers nothing below the cheapest", () => {
    expect(due(-60)).toBe(0);
  });

  test("what the mempool asks raises it by one rung at most (F15: an oracle that lies)", () => {
    expect([due(0, 4999n), due(0, 5001n), due(0, 10_000n)]).toEqual([0, 1, 1]);
    expect([due(0, 20_000n), due(0, 9_000_000n), due(30, 9_000_000n)]).toEqual([1, 1, 2]);
    // Low fees keep nothing back: the deadline is what people gave.
    expect(due(60, 1n)).toBe(2);
  });

  test("never above the budget, whatever time and mempool say", () => {
    expect([
      due(89, 9_000_000n, { budgetUnits: 2000n }),
      due(89, 9_000_000n, { budgetUnits: 1999n }),
    ]).toEqual([1, 0]);
    // The cheapest is sent by itself; a budget below it is refused when the plan is built.
    expect(due(89, undefined, { budgetUnits: 1n })).toBe(0);
  });

  test("one rung is the answer to everything", () => {
    expect(rungDue(ladder.slice(0, 1), signed, pace, after(80), 9_000_000n)).toBe(0);
  });
});

test("blocks left are whole, and at least one", () => {
  expect([0, 1, 80, 85, 90, 500].map((minutes) => blocksLeft(signed, pace, after(minutes)))).toEqual([
    9, 8, 1, 1, 1, 1,
  ]);
});
