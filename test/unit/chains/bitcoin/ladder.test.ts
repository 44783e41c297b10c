import { describe, expect, test } from "vitest";
import {
  feeLadder,
  ladderWithCancel,
  CANCEL_UNAFFORDABLE,
  FEE_BUDGET_TOO_SMALL,
  NO_ANCESTORS,
  packageFee,
  type LadderTask,
} from "../../../../src/chains/bitcoin/ladder.ts";
import { INCREMENTAL_RATE_MILLI, replacementFee } from "../../../../src/chains/bitcoin/replacement.ts";
import { cancelExcess, FEE_RATE_CAP, judgedUnits } from "../../../../src/core/policy/fee-caps.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { WIDE_CAPS } from "../../../bitcoin/regtest-wallet.ts";
import { BTC } from "../../../factory/documents.ts";

/** A rung of 200 vB with two signatures at 2 sat/vB, and a cancel of 150 vB. */
const task: LadderTask = {
  weight: 800,
  signatures: 2,
  baseUnits: 400n,
  changeUnits: 50_000n,
  dustUnits: 294n,
  paidUnits: 1_000_000n,
  ratesMilli: [2000n, 5000n, 10_000n],
  incrementalMilli: INCREMENTAL_RATE_MILLI,
  caps: WIDE_CAPS,
  budgetUnits: undefined,
  ancestors: NO_ANCESTORS,
};
const cancel = { weight: 600, totalUnits: 1_050_400n, paidUnits: 1_000_000n };
const caps = (changes: Partial<LadderTask["caps"]>) => ({ ...task, caps: { ...WIDE_CAPS, ...changes } });

describe("replacementFee (BIP-125 rules 3 and 4)", () => {
  test("pays the whole old fee and the relay of the new bytes, and beats the old rate", () => {
    expect(replacementFee({ units: 1000n, weight: 800, signatures: 2 }, 800, 1000n)).toBe(1200n);
    expect(replacementFee({ units: 1000n, weight: 800, signatures: 2 }, 400, 1000n)).toBe(1100n);
    expect(replacementFee({ units: 1000n, weight: 800, signatures: 2 }, 800, 5000n)).toBe(2000n);
    // A small transaction at 500 sat/vB replaced by one four times its size: the rate decides, not the sum.
    const large = replacementFee({ units: 50_000n, weight: 400, signatures: 1 }, 1600, 1000n);
    expect(large).toBeGreaterThan(200_000n);
  });
});

describe("feeLadder", () => {
  test("has a fee for each rate, rising", () => {
    expect(feeLadder(task)).toEqual([400n, 1000n, 2000n]);
    expect(feeLadder({ ...task, ratesMilli: [2000n] })).toEqual([400n]);
  });

  test("ends below the budget, and is refused where even the cheapest is above it", () => {
    expect(feeLadder({ ...task, budgetUnits: 2000n })).toEqual([400n, 1000n, 2000n]);
    expect(feeLadder({ ...task, budgetUnits: 1999n })).toEqual([400n, 1000n]);
    expect(feeLadder({ ...task, budgetUnits: 400n })).toEqual([400n]);
    expectRefusal(() => feeLadder({ ...task, budgetUnits: 399n }), FEE_BUDGET_TOO_SMALL);
  });

  test("lifts ancestors to the same rate: the rung pays what they do not", () => {
    // 300 vB that paid 300 sat: at 2 sat/vB they lack 300, at 5 they lack 1,200.
    const ancestors = { virtualSize: 300, feeUnits: 300n };
    expect(packageFee(200, ancestors, 2000n)).toBe(700n);
    expect(feeLadder({ ...task, baseUnits: 700n, ancestors })).toEqual([700n, 2200n, 4700n]);
    // Ancestors that pay more than enough take nothing off the rung's own rate.
    expect(packageFee(200, { virtualSize: 300, feeUnits: 90_000n }, 2000n)).toBe(400n);
  });

  test("raises a rate that nodes would not take as a replacement", () => {
    expect(feeLadder({ ...task, ratesMilli: [2000n, 2001n] })).toEqual([400n, 600n]);
    expect(feeLadder({ ...task, ratesMilli: [2000n, 2001n], incrementalMilli: 3000n })).toEqual([
      400n,
      1000n,
    ]);
  });

  test.each([
    ["change at dust", { ...task, changeUnits: 600n + 294n }, { ...task, changeUnits: 600n + 293n }],
    ["absolute", caps({ absoluteUnitsMax: "1000" }), caps({ absoluteUnitsMax: "999" })],
    ["rate", caps({ rateMax: 5 }), caps({ rateMax: 4 })],
    [
      "ratio",
      { ...caps({ ladderRatioMax: 3 }), ratesMilli: [2000n, 5000n, 10_000n] },
      caps({ ladderRatioMax: 2 }),
    ],
  ])("ends below what breaks a bound: %s", (_, within, beyond) => {
    expect(feeLadder(within)).toEqual([400n, 1000n]);
    expect(feeLadder(beyond)).toEqual([400n]);
  });

  test("share of what is paid, or of what comes back where nothing is", () => {
    const share = { ...caps({ sharePermilleMax: 1 }), paidUnits: 1_000_000n };
    expect(feeLadder(share)).toEqual([400n, 1000n]);
    expect(feeLadder({ ...share, paidUnits: 999_999n })).toEqual([400n]);
    expect(feeLadder({ ...share, paidUnits: undefined, changeUnits: 1_000_600n })).toEqual([400n, 1000n]);
    expect(feeLadder({ ...share, paidUnits: undefined, changeUnits: 1_000_599n })).toEqual([400n]);
  });

  test("a cheapest rung above a cap is refused, not built", () => {
    expectRefusal(() => feeLadder(caps({ rateMax: 1 })), FEE_RATE_CAP);
    expect(feeLadder(caps({ rateMax: 2 }))).toEqual([400n]);
  });
});

describe("ladderWithCancel", () => {
  test("puts the least fee that replaces the dearest rung on top", () => {
    expect(ladderWithCancel(task, cancel)).toEqual({ fees: [400n, 1000n, 2000n], cancelUnits: 2150n });
  });

  test("gives up rungs that leave no room for it", () => {
    expect(ladderWithCancel(caps({ absoluteUnitsMax: "2149" }), cancel)).toEqual({
      fees: [400n, 1000n],
      cancelUnits: 1150n,
    });
    expect(ladderWithCancel(caps({ ladderRatioMax: 5 }), cancel).fees).toEqual([400n, 1000n]);
    // 550 sat over the 200 vB of the rung that it replaces are 2.75 sat/vB, over its own 150 vB 3.7.
    expect(ladderWithCancel(caps({ rateMax: 3 }), cancel)).toEqual({ fees: [400n], cancelUnits: 550n });
  });

  test.each([
    ["absolute", caps({ absoluteUnitsMax: "549" }), cancel],
    ["rate", caps({ rateMax: 2 }), cancel],
    ["share", { ...caps({ sharePermilleMax: 10 }), paidUnits: 54_999n }, { ...cancel, paidUnits: 54_999n }],
    ["ladder", caps({ ladderRatioMax: 1 }), cancel],
    ["dust", task, { ...cancel, totalUnits: 550n + 293n }],
  ])("names the cap that leaves no room at all: %s", (cap, ladder, room) => {
    const error = expectRefusal(() => ladderWithCancel(ladder, room), CANCEL_UNAFFORDABLE);
    expect(error.details).toMatchObject({ cap, cancelUnits: "550" });
  });

  test("just enough room is enough", () => {
    for (const [ladder, room] of [
      [caps({ absoluteUnitsMax: "550" }), cancel],
      [
        { ...caps({ sharePermilleMax: 10 }), paidUnits: 55_000n },
        { ...cancel, paidUnits: 55_000n },
      ],
      [task, { ...cancel, totalUnits: 550n + 294n }],
    ] as const)
      expect(ladderWithCancel(ladder, room)).toEqual({ fees: [400n], cancelUnits: 550n });
  });
});

describe("the rule of fees that gate G7 judges by", () => {
  test("a cancel's rate is taken over the largest rung that it replaces", () => {
    const rungs = [
      { units: 1000n, virtualSize: 400 },
      { units: 4000n, virtualSize: 500 },
    ];
    expect(cancelExcess(5000n, rungs, 1_000_000n, { ...WIDE_CAPS, rateMax: 10 })).toBeUndefined();
    expect(cancelExcess(5001n, rungs, 1_000_000n, { ...WIDE_CAPS, rateMax: 10 })?.cap).toBe("rate");
    expect(cancelExcess(5000n, rungs, 1_000_000n, { ...WIDE_CAPS, ladderRatioMax: 5 })).toBeUndefined();
    expect(cancelExcess(5001n, rungs, 1_000_000n, { ...WIDE_CAPS, ladderRatioMax: 5 })?.cap).toBe("ladder");
    expect(cancelExcess(5000n, rungs, 0n, WIDE_CAPS)?.cap).toBe("share");
  });

  test("a fee is judged by what is paid and transferred, else by what comes back", () => {
    const effect = (type: "pay" | "own" | "change", units: bigint) => ({ type, asset: BTC, units });
    const change = effect("change", 7n);
    expect(judgedUnits([effect("pay", 3n), effect("own", 2n), change])).toBe(5n);
    expect(judgedUnits([change])).toBe(7n);
  });
});
