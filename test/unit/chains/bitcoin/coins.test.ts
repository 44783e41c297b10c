import { describe, expect, test } from "vitest";
import {
  INSUFFICIENT_COINS,
  selectCoins,
  TRANSACTION_TOO_HEAVY,
  type SelectionTask,
} from "../../../../src/chains/bitcoin/coins.ts";
import { feeAtRate } from "../../../../src/chains/bitcoin/fee.ts";
import { scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import type { BitcoinCoin } from "../../../../src/chains/bitcoin/snapshot.ts";
import { inputWeight, transactionWeight, virtualSizeOf } from "../../../../src/chains/bitcoin/weight.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
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

function task(payUnits: bigint, coins: readonly BitcoinCoin[], feeRateMilli = 1000n): SelectionTask {
  const shape = { input: SINGLE, changeScript: script, parentBytes: () => 200 };
  return { ...shape, coins, required: [], scripts: [script], payUnits, feeRateMilli };
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
