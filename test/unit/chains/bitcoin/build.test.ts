import { describe, expect, test } from "vitest";
import { CHANGE_INDEX_AHEAD } from "../../../../src/chains/bitcoin/assemble.ts";
import { PAYMENTS_NONE } from "../../../../src/chains/bitcoin/build.ts";
import { PAYMENT_DUST } from "../../../../src/chains/bitcoin/dust.ts";
import type { BuiltPlan } from "../../../../src/chains/adapter.ts";
import { INSUFFICIENT_COINS } from "../../../../src/chains/bitcoin/coins/select.ts";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { deriveAddress } from "../../../../src/chains/bitcoin/descriptor.ts";
import { PAYMENT_ASSET, PAYMENT_MEMO, PAYMENT_OWN } from "../../../../src/chains/bitcoin/payments.ts";
import { parsePsbt } from "../../../../src/chains/bitcoin/psbt.ts";
import { SNAPSHOT_INCONSISTENT } from "../../../../src/chains/bitcoin/snapshot-coins.ts";
import { transactionId } from "../../../../src/chains/bitcoin/transaction.ts";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  FOREIGN_ADDRESS,
  firstPsbt,
  payment,
  planOf,
  snapshotOf,
  testWallet,
  viewOf,
} from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const coins = [
  { units: 60_000n, index: 1 },
  { units: 50_000n, index: 2 },
];

function only(plan: BuiltPlan, by = view): Uint8Array {
  expect(plan.rungs).toHaveLength(1);
  return firstPsbt(plan, by);
}

describe("build", () => {
  test("pays exactly, with change proven and fee as announced", () => {
    const plan = planOf([payment(80_000n)], view, snapshotOf(wallet, coins));
    const decoded = decode(only(plan), view);
    expect(decoded.effects.filter(({ type }) => type === "pay")).toEqual([
      { type: "pay", account: payment(1n).account, asset: bitcoinAsset("regtest"), units: 80_000n },
    ]);
    const change = decoded.effects.find((effect) => effect.type === "change");
    expect(change).toMatchObject({ path: "m/84h/1h/0h/1/3", index: 3 });
    expect(plan.changeIndex).toBe(3);
    expect(decoded.fee.units.toString()).toBe(plan.rungs[0]?.feeUnits);
    expect(decoded.conflictKeys).toEqual(plan.conflictKeys);
    expect(80_000n + (change?.units ?? 0n) + decoded.fee.units).toBe(110_000n);
    expect(decoded.fee.rateMilli).toBeGreaterThanOrEqual(5000n);
    expect(decoded.fee.rateMilli).toBeLessThan(5050n);
  });

  test("is version 2, replaceable, locked to the tip, with full previous transactions", () => {
    const { unsigned, inputs } = parsePsbt(only(planOf([payment(80_000n)], view, snapshotOf(wallet, coins))));
    expect([unsigned.version, unsigned.lockTime]).toEqual([2, 800]);
    unsigned.inputs.forEach(({ sequence, txid, vout }, i) => {
      expect(sequence).toBe(0xffff_fffd);
      const parent = inputs[i]?.previousTransaction;
      expect(parent === undefined ? undefined : transactionId(parent)).toBe(txid);
      expect(inputs[i]?.previousOutput).toEqual(parent?.outputs[vout]);
    });
  });

  test("gives the same bytes for the same arguments, and another order of outputs for another seed", () => {
    const snapshot = snapshotOf(wallet, coins);
    expect(toHex(only(planOf([payment(80_000n)], view, snapshot)))).toBe(
      toHex(only(planOf([payment(80_000n)], view, snapshot))),
    );
    const places = Array.from({ length: 16 }, (_, n) => {
      const moved = { ...snapshot, seed: parseDigest(n.toString(16).padStart(64, "0")) };
      return decode(only(planOf([payment(80_000n)], view, moved)), view).effects.findIndex(
        ({ type }) => type === "change",
      );
    });
    expect(new Set(places)).toEqual(new Set([0, 1]));
  });

  test("never pays less than the relay floor", () => {
    const plan = planOf(
      [payment(80_000n)],
      view,
      snapshotOf(wallet, coins, { feeRateMilli: "100", relayRateMilli: "2000" }),
    );
    expect(decode(only(plan), view).fee.rateMilli).toBeGreaterThanOrEqual(2000n);
  });

  test("F16 names the one bad payment, and the others build without it", () => {
    const good = payment(40_000n);
    const error = expectRefusal(
      () => planOf([good, payment(293n)], view, snapshotOf(wallet, coins)),
      PAYMENT_DUST,
    );
    expect(error.details).toMatchObject({ payment: 1, dustUnits: "294" });
    expect(
      decode(only(planOf([good, payment(294n)], view, snapshotOf(wallet, coins))), view).effects,
    ).toHaveLength(3);
    expect(
      decode(only(planOf([good], view, snapshotOf(wallet, coins))), view).effects.length,
    ).toBeGreaterThan(0);
  });

  test("refuses payments in other assets, with memos, to ourselves, and none at all", () => {
    const snapshot = snapshotOf(wallet, coins);
    const own = deriveAddress(wallet.descriptor, 0, 7);
    const mainnet = { ...payment(5000n), amount: { asset: bitcoinAsset("mainnet"), units: 5000n } };
    expectRefusal(() => planOf([mainnet], view, snapshot), PAYMENT_ASSET);
    expectRefusal(() => planOf([{ ...payment(5000n), memo: "rent" }], view, snapshot), PAYMENT_MEMO);
    expectRefusal(() => planOf([payment(5000n, own.address)], view, snapshot), PAYMENT_OWN);
    expectRefusal(
      () => planOf([payment(5000n, deriveAddress(wallet.descriptor, 1, 3).address)], view, snapshot),
      PAYMENT_OWN,
    );
    expectRefusal(() => planOf([], view, snapshot), PAYMENTS_NONE);
    expect(only(planOf([payment(5000n, FOREIGN_ADDRESS)], view, snapshot)).length).toBeGreaterThan(0);
  });

  test("says what is missing", () => {
    const error = expectRefusal(
      () => planOf([payment(200_000n)], view, snapshotOf(wallet, coins)),
      INSUFFICIENT_COINS,
    );
    expect(BigInt(String(error.details["missingUnits"]))).toBeGreaterThan(90_000n);
    expect(error.exit).toBe("conflict");
  });

  test("refuses coins that their parents contradict", () => {
    const snapshot = snapshotOf(wallet, coins);
    const lied = { ...snapshot, coins: snapshot.coins.map((coin) => ({ ...coin, units: "70000" })) };
    expectRefusal(() => planOf([payment(80_000n)], view, lied), SNAPSHOT_INCONSISTENT);
    const foreign = {
      ...snapshot,
      coins: snapshot.coins.map((coin) => ({ ...coin, index: coin.index + 1 })),
    };
    expectRefusal(() => planOf([payment(80_000n)], view, foreign), SNAPSHOT_INCONSISTENT);
    expectRefusal(
      () => planOf([payment(80_000n)], view, { ...snapshot, parents: [] }),
      SNAPSHOT_INCONSISTENT,
    );
  });

  test("leaves immature coinbase coins alone", () => {
    const snapshot = snapshotOf(wallet, coins);
    const mined = (height: number) => ({
      ...snapshot,
      coins: snapshot.coins.map((coin) => ({ ...coin, coinbase: true, height })),
    });
    expectRefusal(() => planOf([payment(80_000n)], view, mined(702)), INSUFFICIENT_COINS);
    expect(planOf([payment(80_000n)], view, mined(701)).conflictKeys).toHaveLength(2);
  });

  test("B7: refuses a change index that the signer would refuse, and takes the last that it accepts", () => {
    const change = (changeIndex: number) =>
      planOf([payment(80_000n)], viewOf(wallet, 5, 10), snapshotOf(wallet, coins, { changeIndex }));
    expectRefusal(() => change(16), CHANGE_INDEX_AHEAD);
    const within = viewOf(wallet, 5, 10);
    expect(decode(only(change(15), within), within).effects).toHaveLength(2);
  });
});
