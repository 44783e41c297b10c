import { expect, test } from "vitest";
import { smallCoins } from "../../../../src/chains/bitcoin/small-coins.ts";
import { snapshotOf, testWallet } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const units = [100n, 20_000n, 30_000n, 40_000n, 900_000n];
const snapshot = snapshotOf(
  wallet,
  units.map((each, index) => ({ units: each, index })),
  {
    feeRateMilli: "2000",
    longTermRateMilli: "10000",
  },
);
const rule = { belowUnits: 100_000n, coins: 3 };
const look = (changes: object = {}, by = rule) =>
  smallCoins({ ...snapshot, ...changes }, wallet.descriptor, by);

test("counts coins below the bound that are worth more than their input", () => {
  expect(look()).toEqual({
    count: 3,
    units: 90_000n,
    advised: true,
    feesAreLow: true,
    longTermRateMilli: "10000",
  });
});

test.each([
  ["too few", {}, { ...rule, coins: 4 }, true],
  ["fees at the long-term rate", { feeRateMilli: "10000" }, rule, false],
] as const)("nothing is advised: %s", (_, changes, by, feesAreLow) => {
  expect(look(changes, by)).toMatchObject({ advised: false, feesAreLow });
});

test("at a low fee the smallest pays for itself as well", () => {
  expect(look({ feeRateMilli: "1000" })).toMatchObject({ count: 4, units: 90_100n });
});
