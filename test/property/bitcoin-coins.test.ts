import fc from "fast-check";
import { expect, test } from "vitest";
import { INSUFFICIENT_COINS, selectCoins } from "../../src/chains/bitcoin/coins/select.ts";
import { NO_ANCESTORS } from "../../src/chains/bitcoin/ladder.ts";
import { feeAtRate } from "../../src/chains/bitcoin/fee.ts";
import { dustThreshold, scriptOf } from "../../src/chains/bitcoin/script.ts";
import type { BitcoinCoin } from "../../src/chains/bitcoin/snapshot.ts";
import { transactionWeight, virtualSizeOf } from "../../src/chains/bitcoin/weight.ts";
import { parseDigest } from "../../src/core/digest.ts";
import { isError } from "../../src/core/errors.ts";

const input = { kind: "p2wpkh", threshold: 1, keys: { length: 1 } } as const;
const change = scriptOf("p2wpkh", new Uint8Array(20));

const coins = fc.array(fc.bigInt(1n, 5_000_000n), { minLength: 1, maxLength: 40 }).map((units) =>
  units.map((each, i): BitcoinCoin => {
    const txid = parseDigest((i * 7919).toString(16).padStart(64, "0"));
    return { txid, vout: i % 3, units: each.toString(), branch: 0, index: i, height: 1, coinbase: false };
  }),
);
const scripts = fc
  .array(fc.constantFrom("p2wpkh" as const, "p2tr" as const, "p2pkh" as const), {
    minLength: 1,
    maxLength: 5,
  })
  .map((kinds) => kinds.map((kind) => scriptOf(kind, new Uint8Array(kind === "p2tr" ? 32 : 20))));

test("sums, rate, caps and determinism hold for every selection", () => {
  let selected = 0;
  fc.assert(
    fc.property(
      coins,
      scripts,
      fc.bigInt(300n, 10_000_000n),
      fc.bigInt(100n, 300_000n),
      fc.bigInt(1000n, 50_000n),
      fc.nat(),
      (list, to, payUnits, feeRateMilli, longTermRateMilli, salt) => {
        const seed = parseDigest(salt.toString(16).padStart(64, "0"));
        const shape = { input, changeScript: change, parentBytes: () => 200, ancestors: NO_ANCESTORS, seed };
        const rates = { feeRateMilli, longTermRateMilli };
        const task = { ...shape, ...rates, coins: list, required: [], scripts: to, payUnits };
        let selection;
        try {
          selection = selectCoins(task);
        } catch (error) {
          if (!isError(error, INSUFFICIENT_COINS)) throw error;
          // Nothing that would have been enough was refused: even all coins together miss the fee, within 4 vB.
          const all = list.reduce((sum, { units }) => sum + BigInt(units), 0n);
          const useful = list.filter(({ units }) => BigInt(units) * 4000n > 272n * feeRateMilli);
          const fee =
            feeAtRate(virtualSizeOf(transactionWeight(useful.length, input, to)) + 4, feeRateMilli) + 2n;
          expect(
            useful.reduce((sum, { units }) => sum + BigInt(units), 0n) < payUnits + fee || all < payUnits,
          ).toBe(true);
          return;
        }
        selected += 1;
        const total = selection.coins.reduce((sum, { units }) => sum + BigInt(units), 0n);
        expect(total).toBe(payUnits + selection.changeUnits + selection.feeUnits);
        expect(new Set(selection.coins).size).toBe(selection.coins.length);
        expect(selection.changeUnits === 0n || selection.changeUnits >= dustThreshold("p2wpkh")).toBe(true);
        const outputs = selection.changeUnits === 0n ? to : [...to, change];
        const least = feeAtRate(
          virtualSizeOf(transactionWeight(selection.coins.length, input, outputs)),
          feeRateMilli,
        );
        expect(selection.feeUnits).toBeGreaterThanOrEqual(least);
        // Never given away: more than dust, and change (31 vB) and its later spending (68 vB), and 4 vB of rounding.
        const costs = feeAtRate(31 + 4, feeRateMilli) + feeAtRate(68, longTermRateMilli);
        expect(selection.feeUnits - least).toBeLessThanOrEqual(294n + costs);
        if (selection.changeUnits > 0n) expect(selection.feeUnits).toBe(least);
        expect(selectCoins({ ...task, coins: [...list].reverse() })).toEqual(selection);
      },
    ),
    { numRuns: 300 },
  );
  expect(selected).toBeGreaterThan(30);
});
