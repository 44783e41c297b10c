import { describe, expect, test } from "vitest";
import {
  INSUFFICIENT_COINS,
  selectCoins,
  TRANSACTION_TOO_HEAVY,
  wasteOf,
} from "../../../../src/chains/bitcoin/coins/select.ts";
import type { SelectionTask } from "../../../../src/chains/bitcoin/coins/candidates.ts";
import { NO_ANCESTORS } from "../../../../src/chains/bitcoin/ladder.ts";
import { feeAtRate } from "../../../../src/chains/bitcoin/fee.ts";
import { scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import type { BitcoinCoin } from "../../../../src/chains/bitcoin/snapshot.ts";
import { inputWeight, transactionWeight, virtualSizeOf } from "../../../../src/chains/bitcoin/weight.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

const SINGLE = { kind: "p2wpkh", threshold: 1, keys: { length: 1 } } as const;
const script = scriptOf("p2wpkh", new Uint8Array(20));

function coinsOf(...units: readonly bigint[]): BitcoinCoin[] {
  return units.map((each, i) => ({
    txid: parseDigest(i.toString(16).padStart(64, "0")),
    vout: 0,
    units: each.toString(),
    branch: 0,
    index: i,
    height: 1,
    coinbase: false,
  }));
}

const seedOf = (n: number) => parseDigest(n.toString(16).padStart(64, "0"));

/** Spending costs now what it will cost in the long run, unless told otherwise. */
function task(
  payUnits: bigint,
  coins: readonly BitcoinCoin[],
  feeRateMilli = 1000n,
  changes: Partial<SelectionTask> = {},
): SelectionTask {
  return {
    input: SINGLE,
    changeScript: script,
    parentBytes: () => 200,
    coins,
    required: [],
    scripts: [script],
    payUnits,
    feeRateMilli,
    longTermRateMilli: feeRateMilli,
    ancestors: NO_ANCESTORS,
    seed: seedOf(1),
    ...changes,
  };
}

describe("selectCoins", () => {
  test("sizes: a P2WPKH input is 68 vB, one input and two outputs 141 vB", () => {
    expect([inputWeight(SINGLE), virtualSizeOf(transactionWeight(1, SINGLE, [script, script]))]).toEqual([
      272, 141,
    ]);
  });

  test("makes change from the largest coin, at exactly the rate", () => {
    const { coins, feeUnits, changeUnits } = selectCoins(task(50_000n, coinsOf(10_000n, 200_000n, 20_000n)));
    expect(coins.map(({ units }) => units)).toEqual(["200000"]);
    expect([feeUnits, changeUnits]).toEqual([141n, 149_859n]);
  });

  test("finds coins that need no change", () => {
    // 178 vB: 72 sat more than the fee, less than change would cost (99 sat).
    const selection = selectCoins(task(49_750n, coinsOf(200_000n, 30_000n, 20_000n, 7_000n)));
    expect(selection.coins.map(({ units }) => units)).toEqual(["30000", "20000"]);
    expect([selection.changeUnits, selection.feeUnits]).toEqual([0n, 250n]);
  });

  test("F16: change below dust goes to the fee, change at dust is made", () => {
    const base = 50_000n + feeAtRate(141, 1000n);
    for (let extra = 0n; extra < 320n; extra += 1n) {
      const { changeUnits, feeUnits } = selectCoins(task(50_000n, coinsOf(base + extra)));
      expect(changeUnits === 0n || changeUnits >= 294n).toBe(true);
      expect(50_000n + changeUnits + feeUnits).toBe(base + extra);
      // Given away: at most dust and what the change output would have cost.
      expect(feeUnits).toBeLessThan(141n + 294n + 31n);
    }
    expect(selectCoins(task(50_000n, coinsOf(base + 294n))).changeUnits).toBe(294n);
  });

  test("passes over coins that cost more than they bring", () => {
    const dust = coinsOf(...Array.from({ length: 500 }, () => 300n), 100_000n);
    const { coins } = selectCoins(task(50_000n, dust, 10_000n));
    expect(coins).toHaveLength(1);
    expectRefusal(() => selectCoins(task(50_000n, dust.slice(0, 500), 10_000n)), INSUFFICIENT_COINS);
  });

  test("counts a coin that is listed twice once (B10)", () => {
    const [coin] = coinsOf(60_000n);
    expectRefusal(
      () => selectCoins(task(100_000n, [coin as BitcoinCoin, coin as BitcoinCoin])),
      INSUFFICIENT_COINS,
    );
  });

  test("of coins with the same amount takes those whose parents are small to carry", () => {
    const twins = coinsOf(60_000n, 60_000n);
    for (const small of twins) {
      const parentBytes = (txid: string) => (txid === small.txid ? 200 : 50_000);
      expect(selectCoins({ ...task(20_000n, twins), parentBytes }).coins).toEqual([small]);
    }
  });

  test("with room, leaves change that bears the higher rate; coins that must be spent are", () => {
    const coins = coinsOf(51_000n, 30_000n, 60_000n);
    const withRoom = { ...task(50_000n, coins), roomRateMilli: 50_000n };
    expect(selectCoins(task(50_000n, coins)).coins).toHaveLength(1);
    const roomy = selectCoins({ ...withRoom, roomRateMilli: 60_000n });
    expect(roomy.changeUnits).toBeGreaterThanOrEqual(294n + feeAtRate(141, 59_000n));
    const [small] = coins.slice(1) as [BitcoinCoin];
    const forced = selectCoins({ ...task(50_000n, coins), required: [small] });
    expect(forced.coins[0]).toBe(small);
    expect(forced.coins.length).toBeGreaterThan(1);
  });

  test("says exactly what is missing: with that much more it works", () => {
    const short = expectRefusal(() => selectCoins(task(50_000n, coinsOf(30_000n))), INSUFFICIENT_COINS);
    const missing = BigInt(String(short.details["missingUnits"]));
    expect(selectCoins(task(50_000n, coinsOf(30_000n + missing))).coins).toHaveLength(1);
    expect(missing).toBeLessThan(20_200n);
  });

  test("refuses what no node would relay", () => {
    const many = coinsOf(...Array.from({ length: 1600 }, () => 1000n));
    expectRefusal(() => selectCoins(task(1_400_000n, many, 1000n)), TRANSACTION_TOO_HEAVY);
    expect(selectCoins(task(1_000_000n, many, 1000n)).coins.length).toBeGreaterThan(1000);
  });
});

describe("the least waste is taken", () => {
  const many = coinsOf(...Array.from({ length: 30 }, (_, i) => 60_000n + BigInt(i)), 5_000_000n);

  test("dear fees: the fewest inputs; cheap fees: many small coins go along", () => {
    const dear = selectCoins(task(1_000_000n, many, 50_000n, { longTermRateMilli: 10_000n }));
    expect(dear.coins).toHaveLength(1);
    const draws = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const cheap = task(1_000_000n, many, 1000n, { longTermRateMilli: 10_000n, seed: seedOf(seed) });
      return selectCoins(cheap).coins.length;
    });
    expect(Math.max(...draws)).toBeGreaterThan(10);
  });

  test("no other candidate wastes less: changeless, largest first or drawn", () => {
    for (let seed = 0; seed < 20; seed++) {
      const wanted = task(100_000n + BigInt(seed) * 7919n, many, 3000n, {
        longTermRateMilli: 9000n,
        seed: seedOf(seed),
      });
      const chosen = wasteOf(wanted, selectCoins(wanted));
      // With inputs at their long-term price the largest come first; as if they were for this task, they waste no less.
      const largest = selectCoins({ ...wanted, longTermRateMilli: 0n });
      expect(chosen).toBeLessThanOrEqual(wasteOf(wanted, largest));
    }
  });

  test("waste: what inputs cost above the long run, and change or what is given away", () => {
    const wanted = task(50_000n, many, 3000n, { longTermRateMilli: 1000n });
    const [coin] = many as [BitcoinCoin];
    // 272 weight units at 2 sat/vB more; change: 31 vB now, 68 vB in the long run. In parts of 1/4000 sat.
    expect(wasteOf(wanted, { coins: [coin], feeUnits: 423n, changeUnits: 9577n })).toBe(
      272n * 2000n + 4n * 31n * 3000n + 272n * 1000n,
    );
    expect(wasteOf(wanted, { coins: [coin], feeUnits: 10_000n, changeUnits: 0n })).toBe(
      272n * 2000n + (10_000n - 330n) * 4000n,
    );
  });

  test("a draw is the seed's, and leaves change that is worth spending", () => {
    const drawn = (seed: number) =>
      selectCoins(task(300_000n, many, 1000n, { longTermRateMilli: 10_000n, seed: seedOf(seed) }));
    expect(drawn(5)).toEqual(drawn(5));
    expect(
      new Set(
        [1, 2, 3, 4].map((seed) =>
          drawn(seed)
            .coins.map(({ txid }) => txid)
            .join(),
        ),
      ).size,
    ).toBeGreaterThan(1);
    for (const seed of [1, 2, 3, 4]) expect(drawn(seed).changeUnits).toBeGreaterThanOrEqual(50_000n);
  });

  test("the search ends, however many coins are alike", () => {
    const alike = coinsOf(...Array.from({ length: 2000 }, () => 50_000n));
    expect(selectCoins(task(123_456n, alike, 1000n)).coins).toHaveLength(3);
    const near = coinsOf(...Array.from({ length: 2000 }, (_, i) => 50_000n + BigInt((i * 7919) % 4001)));
    expect(selectCoins(task(40_123_456n, near, 1000n)).coins.length).toBeGreaterThan(700);
  });
});

describe("F16: dust by the kind of our own change, over every amount around its threshold", () => {
  test.each([
    ["p2wpkh", 20, 294n],
    ["p2wsh", 32, 330n],
    ["p2tr", 32, 330n],
    ["p2sh", 20, 540n],
    ["p2pkh", 20, 546n],
  ] as const)("%s", (kind, length, dust) => {
    const payload =
      kind === "p2tr"
        ? fromHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
        : new Uint8Array(length);
    const changeScript = scriptOf(kind, payload);
    const size = virtualSizeOf(transactionWeight(1, SINGLE, [script, changeScript]));
    for (let extra = 0n; extra < 700n; extra += 1n) {
      const total = 50_000n + BigInt(size) + extra;
      const { changeUnits, feeUnits } = selectCoins(task(50_000n, coinsOf(total), 1000n, { changeScript }));
      expect(changeUnits === 0n ? extra < dust : changeUnits === extra).toBe(true);
      expect(changeUnits === 0n || changeUnits >= dust).toBe(true);
      // Whole satoshis, none lost: what is no change is fee, and both are judged by the policy's caps.
      expect(50_000n + changeUnits + feeUnits).toBe(total);
    }
  });
});
