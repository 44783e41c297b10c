/** F15: fees from several sources, none of them believed; what becomes of each answer stands in the snapshot. */
import { describe, expect, test } from "vitest";
import {
  chooseRate,
  FEE_FLOOR_ABOVE_CAP,
  targetWithin,
  type FeeTarget,
} from "../../../../src/chains/bitcoin/fee-sources.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

const said = (...rates: readonly bigint[]) =>
  rates.map((rateMilli, node) => ({ source: `node ${node + 1}`, blocks: 6, rateMilli }));
const pinnedAt = (rateMilli: bigint) => [{ source: "pinned table", blocks: 6, rateMilli }];
const choose = (
  estimates: ReturnType<typeof said>,
  {
    pinned = [],
    floor = 1000n,
    blocks = 6,
    rateMax = 100,
  }: {
    readonly pinned?: ReturnType<typeof pinnedAt>;
    readonly floor?: bigint;
    readonly blocks?: FeeTarget;
    readonly rateMax?: number;
  } = {},
) => {
  const { feeRateMilli, feeSource, feeAnswers } = chooseRate(
    { estimates, relayRateMilli: floor.toString() },
    { blocks, rateMax, pinned },
  );
  return {
    rate: BigInt(feeRateMilli),
    source: feeSource,
    verdicts: feeAnswers.map(({ verdict }) => verdict),
    became: feeAnswers.map(({ became }) => became),
  };
};

describe("the median of what counts", () => {
  test.each([
    ["one source", said(12_345n), 12_345n, "node 1 for 6 blocks"],
    ["three", said(30_000n, 5000n, 9000n), 9000n, "median of 3 for 6 blocks"],
    [
      "of two the higher: waiting costs more than a satoshi",
      said(5000n, 9000n),
      9000n,
      "median of 2 for 6 blocks",
    ],
    ["none: the relay floor", said(), 1000n, "relay floor"],
    ["one below the floor: the relay floor", said(500n), 1000n, "relay floor"],
  ])("%s", (_, estimates, rate, source) => {
    expect(choose(estimates)).toMatchObject({ rate, source });
  });

  test("a pinned table is one more source", () => {
    expect(choose(said(30_000n, 9000n), { pinned: pinnedAt(8000n) })).toMatchObject({ rate: 9000n });
    expect(choose(said(), { pinned: pinnedAt(8000n) })).toMatchObject({
      rate: 8000n,
      source: "pinned table for 6 blocks",
    });
  });

  test("answers for other targets stand beside it and are not counted", () => {
    const estimates = [...said(9000n), { source: "node 1", blocks: 2, rateMilli: 20_000n }];
    expect(choose(estimates)).toEqual({
      rate: 9000n,
      source: "node 1 for 6 blocks",
      verdicts: ["counted", "not asked: for 2 blocks"],
      became: ["counted", "not-asked"],
    });
    expect(choose(estimates, { blocks: 2 })).toMatchObject({ rate: 20_000n });
  });
});

describe("lies", () => {
  test("above the policy's cap counts as the cap; ten times above it, not at all", () => {
    expect(choose(said(100_001n))).toMatchObject({
      rate: 100_000n,
      verdicts: ["counted at the policy's cap"],
      became: ["capped"],
    });
    expect(choose(said(1_000_001n))).toEqual({
      rate: 1000n,
      source: "relay floor",
      verdicts: ["thrown out: more than 10 times the policy's cap"],
      became: ["thrown-out"],
    });
  });

  test("ten times off the pinned table, either way, is no answer; within it is", () => {
    const pinned = pinnedAt(8000n);
    const one = (rateMilli: bigint) => choose(said(rateMilli), { pinned, rateMax: 1000 }).verdicts[0];
    expect([one(80_000n), one(800n)]).toEqual(["counted", "counted"]);
    expect(one(80_001n)).toBe("thrown out: more than 10 times the pinned table");
    expect(one(799n)).toBe("thrown out: less than a 10th of the pinned table");
    expect(one(0n)).toBe("thrown out: not above zero");
  });

  test("one liar among three moves the rate to an honest answer, never to its own", () => {
    for (const lie of [1n, 99_999n, 10_000_000n])
      expect([6000n, 7000n]).toContain(choose(said(6000n, 7000n, lie)).rate);
  });

  test("a floor at the cap is used, a floor above it is refused", () => {
    expect(choose(said(), { floor: 100_000n })).toMatchObject({ rate: 100_000n });
    expectRefusal(() => choose(said(), { floor: 100_001n }), FEE_FLOOR_ABOVE_CAP);
  });
});

test("a deadline asks for the longest target that it holds", () => {
  expect([undefined, 0, 10, 59, 60, 1439, 1440, 10_080].map(targetWithin)).toEqual([
    6, 6, 2, 2, 6, 6, 144, 144,
  ]);
});
