import { describe, expect, test } from "vitest";
import type { BuildOptions, BuiltPlan, WalletView } from "../../../../src/chains/adapter.ts";
import { CHANGE_INDEX_AHEAD } from "../../../../src/chains/bitcoin/assemble.ts";
import { COINS_TOO_LARGE } from "../../../../src/chains/bitcoin/build-return.ts";
import { FEE_RATES_INVALID } from "../../../../src/chains/bitcoin/build-job.ts";
import { INSUFFICIENT_COINS } from "../../../../src/chains/bitcoin/coins/select.ts";
import { deriveAddress } from "../../../../src/chains/bitcoin/descriptor.ts";
import { CANCEL_UNAFFORDABLE } from "../../../../src/chains/bitcoin/ladder.ts";
import { PAYMENT_OWN, TRANSFER_ADDRESS } from "../../../../src/chains/bitcoin/payments.ts";
import { decodePlan } from "../../../../src/chains/bitcoin/plan-attempts.ts";
import {
  assertNameable,
  COIN_MISSING,
  COINS_TOO_FEW,
  smallestCoins,
} from "../../../../src/chains/bitcoin/snapshot-coins.ts";
import type { BitcoinSnapshot } from "../../../../src/chains/bitcoin/snapshot.ts";
import { transactionWeight } from "../../../../src/chains/bitcoin/weight.ts";
import { FEE_SHARE_CAP } from "../../../../src/core/policy/fee-caps.ts";
import { toBase64 } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  multisigWallet,
  payment,
  planOf,
  policyWallet,
  snapshotOf,
  testWallet,
  viewOf,
  WIDE_CAPS,
  type TestWallet,
} from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const coins = [10_000n, 20_000n, 30_000n, 200_000n].map((units, index) => ({ units, index }));
// As if coins cost nothing to spend some day: the fewest waste least, at every rate.
const snapshot = snapshotOf(wallet, coins, { longTermRateMilli: "0" });

const unitsOf = (plan: BuiltPlan, by: WalletView = view) =>
  decodePlan(plan, plan.previous, by)
    .rungs[0]?.inputs.map(({ units }) => Number(units))
    .sort((a, b) => a - b);
const keysOf = (from: BitcoinSnapshot, ...places: readonly number[]) =>
  places.map((at) => `${view.wallet.chain}:outpoint:${from.coins[at]?.txid}:${from.coins[at]?.vout}`);

describe("rungs of a payment", () => {
  const pay = (units: bigint, options: Partial<BuildOptions>, from = snapshot) =>
    planOf([payment(units)], view, from, options);
  const feesOf = (plan: BuiltPlan) => plan.rungs.map(({ feeUnits }) => Number(feeUnits));

  test("coins are chosen so that change bears the dearest rate", () => {
    // 29,500 sat: at one rate two coins of 30,000 together pay it without change.
    const steady = { ...snapshot, longTermRateMilli: "2000" };
    const one = pay(29_500n, { feeRatesMilli: [2000n] }, steady);
    expect([unitsOf(one), one.changeIndex, one.rungs.length]).toEqual([[10_000, 20_000], undefined, 1]);
    const three = pay(29_500n, { feeRatesMilli: [2000n, 20_000n, 60_000n] });
    expect([unitsOf(three), three.changeIndex]).toEqual([[200_000], 3]);
    expect(feesOf(three)).toEqual([282, 2820, 8460]);
  });

  test("falls back to the dearest rate that the coins bear, then to one rung", () => {
    const all = 260_000n;
    const few = pay(all - 5000n, { feeRatesMilli: [2000n, 5000n, 60_000n] });
    expect(feesOf(few)).toHaveLength(2);
    expect(few.changeIndex).toBe(3);
    const bare = pay(all - 800n, { feeRatesMilli: [2000n, 5000n, 60_000n] });
    expect([feesOf(bare).length, bare.changeIndex]).toEqual([1, undefined]);
    expect(decodePlan(bare, bare.previous, view).cancel?.effects).toHaveLength(1);
    expectRefusal(() => pay(all - 300n, { feeRatesMilli: [2000n, 5000n] }), INSUFFICIENT_COINS);
  });

  test("rates are given, rise, and are at least the node's floor", () => {
    const floored = pay(50_000n, { feeRatesMilli: [100n, 200n, 4000n] });
    expect(feesOf(floored)).toEqual([141, 564]);
    for (const feeRatesMilli of [[], [2000n, 2000n], [2000n, 1000n], [1n, 2n, 3n, 4n, 5n, 6n, 7n]])
      expectRefusal(() => pay(50_000n, { feeRatesMilli }), FEE_RATES_INVALID);
  });

  test("what a cap forbids is not built; without room for a cancel rung nothing is", () => {
    const feeRatesMilli = [2000n, 5000n, 60_000n];
    const capped = (changes: Partial<typeof WIDE_CAPS>) => ({
      feeRatesMilli,
      caps: { ...WIDE_CAPS, ...changes },
    });
    expect(pay(50_000n, capped({ rateMax: 20 })).rungs).toHaveLength(2);
    expectRefusal(() => pay(50_000n, capped({ ladderRatioMax: 1 })), CANCEL_UNAFFORDABLE);
    expectRefusal(() => pay(50_000n, capped({ sharePermilleMax: 5 })), FEE_SHARE_CAP);
    expect(pay(60_000n, capped({ sharePermilleMax: 8 })).rungs).toHaveLength(1);
  });

  test("a cancel rung needs the change index even where there is no change (law 10)", () => {
    const ahead = snapshotOf(wallet, coins, { changeIndex: 41 });
    expectRefusal(() => pay(29_500n, { feeRatesMilli: [2000n] }, ahead), CHANGE_INDEX_AHEAD);
    expect(
      pay(29_500n, { feeRatesMilli: [2000n] }, snapshotOf(wallet, coins, { changeIndex: 40 })).cancel,
    ).toMatchObject({ changeIndex: 40 });
  });

  test("law 4: anchors are spent, whatever they cost and whatever else is chosen", () => {
    const anchored = pay(50_000n, { anchors: keysOf(snapshot, 0) });
    expect(unitsOf(anchored)).toEqual([10_000, 200_000]);
    const enough = pay(9000n, { anchors: keysOf(snapshot, 3), feeRatesMilli: [1000n] });
    expect(unitsOf(enough)).toEqual([200_000]);
    const dear = pay(50_000n, { anchors: keysOf(snapshot, 0), feeRatesMilli: [200_000n] });
    expect(unitsOf(dear)).toEqual([10_000, 200_000]);
    const gone = keysOf(snapshot, 0).map((key) => key.replace(/.$/, "7"));
    expect(expectRefusal(() => pay(50_000n, { anchors: gone }), COIN_MISSING).message).toContain(gone[0]);
  });

  test("previous transactions stand once each, in the order of their base64 text", () => {
    const all = pay(255_000n, {});
    const texts = all.previous.map(toBase64);
    expect(texts).toHaveLength(4);
    expect(texts).toEqual([...new Set(texts)].sort());
  });
});

describe("transfers", () => {
  const other = multisigWallet();
  const to = policyWallet(other, "other");
  const seeing = viewOf(wallet, 20, 20, [to]);
  const transfer = (index: number, at = index) => ({
    ...payment(50_000n, deriveAddress(other.descriptor, 0, at).address),
    own: { wallet: to, index },
  });

  test("go to the address that the other wallet's descriptor gives, proven in the plan", () => {
    const plan = planOf([transfer(4)], seeing, snapshot);
    const { rungs, cancel } = decodePlan(plan, plan.previous, seeing);
    expect(rungs[0]?.effects).toContainEqual(
      expect.objectContaining({ type: "own", wallet: "other", units: 50_000n, index: 4 }),
    );
    expect(cancel).toBeDefined();
    expectRefusal(() => planOf([transfer(4, 5)], seeing, snapshot), TRANSFER_ADDRESS);
  });

  test("do not go to the paying wallet", () => {
    const self = deriveAddress(wallet.descriptor, 0, 7).address;
    const back = { ...payment(5000n, self), own: { wallet: view.wallet, index: 7 } };
    expectRefusal(() => planOf([back], seeing, snapshot), PAYMENT_OWN);
  });
});

describe("consolidate", () => {
  const gather = (unitsMax: bigint, options: Partial<BuildOptions> = {}, from = snapshot) =>
    planOf({ type: "consolidate", unitsMax }, view, from, options);

  test("gathers the smallest coins within the amount into one change output, without a cancel rung", () => {
    const plan = gather(60_000n, { feeRatesMilli: [2000n, 5000n] });
    expect(unitsOf(plan)).toEqual([10_000, 20_000, 30_000]);
    expect([plan.cancel, plan.changeIndex, plan.rungs.length]).toEqual([undefined, 3, 2]);
    const { rungs } = decodePlan(plan, plan.previous, view);
    for (const { effects, fee } of rungs)
      expect(effects).toMatchObject([{ type: "change", index: 3, units: 60_000n - fee.units }]);
    expect(unitsOf(gather(59_999n))).toEqual([10_000, 20_000]);
  });

  test("leaves coins that cost more than they bring, and is refused below two coins", () => {
    expect(unitsOf(gather(300_000n, { feeRatesMilli: [200_000n] }))).toEqual([20_000, 30_000, 200_000]);
    expectRefusal(() => gather(29_999n), COINS_TOO_FEW);
    expectRefusal(() => gather(300_000n, { feeRatesMilli: [1_000_000n] }), COINS_TOO_FEW);
  });

  test("of named coins those alone, within what was approved", () => {
    expect(unitsOf(gather(300_000n, { anchors: keysOf(snapshot, 3) }))).toEqual([200_000]);
    expect(unitsOf(gather(200_000n, { anchors: keysOf(snapshot, 3) }))).toEqual([200_000]);
    expectRefusal(() => gather(199_999n, { anchors: keysOf(snapshot, 3) }), COINS_TOO_LARGE);
    expectRefusal(() => gather(300_000n, { anchors: ["bip122:0:outpoint:00:1"] }), COIN_MISSING);
  });

  test("people name coins that a block holds, deep enough: no change that waits, no young coinbase", () => {
    const [coin] = snapshot.coins as [BitcoinSnapshot["coins"][number]];
    const key = keysOf(snapshot, 0);
    const young = { ...snapshot, coins: [{ ...coin, coinbase: true, height: snapshot.tip.height - 98 }] };
    const old = { ...snapshot, coins: [{ ...coin, coinbase: true, height: snapshot.tip.height - 99 }] };
    expect(() => assertNameable(key, snapshot, "regtest")).not.toThrow();
    expect(() => assertNameable(key, old, "regtest")).not.toThrow();
    expectRefusal(() => assertNameable(key, young, "regtest"), COIN_MISSING);
    const waiting = { ...snapshot, coins: [], unconfirmed: snapshot.coins as never };
    expectRefusal(() => assertNameable(key, waiting, "regtest"), COIN_MISSING);
  });

  test("takes a thousand coins and no more; of several keys as many as nodes relay", () => {
    const [coin] = snapshot.coins as [BitcoinSnapshot["coins"][number]];
    const many = Array.from({ length: 1010 }, (_, i) => ({ ...coin, vout: i, units: String(5000 + i) }));
    const amounts = { unitsMax: 10n ** 9n, feeRateMilli: 1000n };
    const taken = ({ descriptor }: TestWallet) => {
      const { script } = deriveAddress(descriptor, 1, 0);
      const shape = { input: descriptor, changeScript: script, parentBytes: () => 200 };
      const chosen = smallestCoins(many, shape, amounts);
      expect(chosen).toEqual(many.slice(0, chosen.length));
      return { count: chosen.length, weight: transactionWeight(chosen.length, descriptor, [script]) };
    };
    expect(taken(wallet).count).toBe(1000);
    const { count, weight } = taken(multisigWallet());
    expect(count).toBeLessThan(1000);
    expect(weight).toBeLessThanOrEqual(400_000);
    expect(weight).toBeGreaterThan(399_000);
  });

  test("its fee is a share of what comes back", () => {
    const caps = { ...WIDE_CAPS, sharePermilleMax: 20 };
    expectRefusal(() => gather(60_000n, { feeRatesMilli: [10_000n], caps }), FEE_SHARE_CAP);
    expect(gather(60_000n, { feeRatesMilli: [4000n, 6000n], caps }).rungs).toHaveLength(1);
  });
});

describe("cancel", () => {
  const end = (conflictKeys: readonly string[], options: Partial<BuildOptions> = {}) =>
    planOf({ type: "cancel", conflictKeys }, view, snapshot, options);

  test("spends exactly the coins named, all to our change branch", () => {
    const plan = end(keysOf(snapshot, 3, 0), { feeRatesMilli: [2000n, 9000n] });
    expect(unitsOf(plan)).toEqual([10_000, 200_000]);
    expect([plan.cancel, plan.rungs.length]).toEqual([undefined, 2]);
    const { rungs } = decodePlan(plan, plan.previous, view);
    expect(rungs.flatMap(({ effects }) => effects.map(({ type }) => type))).toEqual(["change", "change"]);
  });

  test("a coin that is gone, none at all, and an anchor outside are refused; too small a coin as well", () => {
    expectRefusal(() => end(["bip122:0:outpoint:00:1"]), COIN_MISSING);
    expectRefusal(() => end([]), COIN_MISSING);
    expectRefusal(() => end(keysOf(snapshot, 0), { anchors: keysOf(snapshot, 1) }), COIN_MISSING);
    expect(unitsOf(end(keysOf(snapshot, 0), { anchors: keysOf(snapshot, 0) }))).toEqual([10_000]);
    expectRefusal(() => end(keysOf(snapshot, 0), { feeRatesMilli: [100_000n] }), INSUFFICIENT_COINS);
  });
});
