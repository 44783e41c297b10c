/** From a task and facts to an account's plan; what the signer reads with is asked what was built. */
import { decodePlan } from "../../../../src/chains/evm/plan-attempts.ts";
import { describe, expect, test } from "vitest";
import { evmBuilder } from "../../../../src/chains/evm/index.ts";
import { canonicalBytes } from "../../../../src/core/canonical.ts";
import { nonceKey } from "../../../../src/chains/evm/nonce-key.ts";
import type { BuildTask, Payment } from "../../../../src/chains/adapter.ts";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import type { ChainRules } from "../../../../src/core/policy/policy.ts";
import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import { viewOf } from "../../../factory/custody.ts";
import {
  ANVIL,
  ETHER,
  evmBuilt,
  evmCustody,
  evmSnapshot,
  ownAccount,
  stranger,
} from "../../../factory/evm-account.ts";
import { fixtureDigest } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = evmCustody();
const view = viewOf(custody);
const ONE = 10n ** 18n;
const payment = (units = ONE): Payment => ({ account: stranger(), amount: { asset: ETHER, units } });
const pay = (...payments: readonly Payment[]): BuildTask => ({ type: "pay", payments });
const built = (task: BuildTask, changes: Parameters<typeof evmBuilt>[2] = {}) =>
  evmBuilt(custody, task, changes);
const read = (...args: Parameters<typeof built>) => decodePlan(built(...args), [], view);
const [rules] = custody.policy.body.chains as [ChainRules];
const caps = feeCapsOf(rules);

describe("a payment", () => {
  test("pays the destination exactly, over the next nonce, at the rates that were asked for", () => {
    const { rungs, cancel } = read(pay(payment()));
    expect(rungs.map(({ effects }) => effects)).toEqual(
      rungs.map(() => [{ type: "pay", account: stranger(), asset: ETHER, units: ONE }]),
    );
    expect(rungs.map(({ fee }) => fee.rateMilli)).toEqual([20_000n, 30_000n, 45_000n]);
    expect(cancel?.fee.rateMilli).toBe(49_500n);
    expect(built(pay(payment())).conflictKeys).toEqual([
      nonceKey({ chain: ANVIL, address: ownAccount().address, nonce: 7n }),
    ]);
  });

  test("the same facts give the same bytes, and stored facts are read back", () => {
    expect(built(pay(payment()))).toEqual(built(pay(payment())));
    const snapshot = evmSnapshot();
    expect(evmBuilder.readSnapshot(canonicalBytes(snapshot))).toEqual(snapshot);
    expect(codeOf(() => evmBuilder.readSnapshot(canonicalBytes({ ...snapshot, nonce: "07" })))).toBe(
      "EVM_SNAPSHOT_MALFORMED",
    );
  });

  test("to a contract it has the gas that its simulation took, to an account what a plain one takes", () => {
    const gas = [{ account: stranger(), limit: 60_000 }];
    const limit = (one: Payment) => read(pay(one), { snapshot: { gas } }).rungs[0]?.tx.transaction.gasLimit;
    const contract = { codeHash: fixtureDigest("code"), gasLimit: 100_000 };
    expect(limit({ ...payment(), contract })).toBe(60_000n);
    expect(limit(payment())).toBe(21_000n);
  });

  test("on a chain without base fees it is of type 0", () => {
    const { rungs } = read(pay(payment()), { snapshot: { baseFees: false } });
    expect(rungs.map(({ tx }) => tx.transaction.type)).toEqual([0, 0, 0]);
    expect(rungs[0]?.tx.transaction).toMatchObject({ gasPrice: 20_000_000_000n });
  });

  test("several at once, another chain's coin, and more than the account holds are refused", () => {
    expect(codeOf(() => built(pay(payment(), payment())))).toBe("EVM_ONE_PAYMENT");
    expect(codeOf(() => built(pay()))).toBe("EVM_ONE_PAYMENT");
    const btc = { ...payment(), amount: { asset: bitcoinAsset("regtest"), units: 1n } };
    expect(codeOf(() => built(pay(btc)))).toBe("EVM_ONE_PAYMENT");
    const most = 21_000n * 49_500_000_000n;
    const holding = (balance: bigint) =>
      codeOf(() => built(pay(payment()), { snapshot: { balance: balance.toString() } }));
    expect(holding(ONE + most)).toBe("none");
    expect(holding(ONE + most - 1n)).toBe("EVM_BALANCE_SHORT");
  });
});

describe("the ladder ends where the caps do", () => {
  const rates = (changes: Partial<typeof caps>) =>
    read(pay(payment()), { options: { caps: { ...caps, ...changes } } }).rungs.map(
      ({ fee }) => fee.rateMilli,
    );

  test("rungs above the rate's cap are left out, and so are those that leave no room for a cancel rung", () => {
    expect(rates({ rateMax: 50 })).toEqual([20_000n, 30_000n, 45_000n]);
    expect(rates({ rateMax: 49 })).toEqual([20_000n, 30_000n]);
    expect(rates({ ladderRatioMax: 2 })).toEqual([20_000n, 30_000n]);
  });

  test("a first rung above a cap, or without room above it, is refused", () => {
    const code = (changes: Partial<typeof caps>) => codeOf(() => rates(changes));
    expect(code({ rateMax: 19 })).toBe("FEE_RATE_CAP");
    expect(code({ rateMax: 21 })).toBe("FEE_RATE_CAP");
    expect(code({ rateMax: 22 })).toBe("none");
    expect(code({ absoluteUnitsMax: "1" })).toBe("FEE_ABSOLUTE_CAP");
  });

  test("a rate that is no tenth above the one before is raised to it, and falling rates are refused", () => {
    const at = (...feeRatesMilli: readonly bigint[]) =>
      read(pay(payment()), { options: { feeRatesMilli } }).rungs.map(({ fee }) => fee.rateMilli);
    expect(at(20_000n, 20_001n)).toEqual([20_000n, 22_000n]);
    expect(codeOf(() => at(20_000n, 20_000n))).toBe("EVM_FEE_RATES_INVALID");
    expect(codeOf(() => at())).toBe("EVM_FEE_RATES_INVALID");
  });
});

describe("what takes a plan's place has its nonce (law 4)", () => {
  const key = (nonce: bigint, address = ownAccount().address) => nonceKey({ chain: ANVIL, address, nonce });

  test("a replacement, whatever the next nonce is", () => {
    const { rungs } = read(pay(payment()), { options: { anchors: [key(9n)] } });
    expect(rungs[0]?.tx.transaction.nonce).toBe(9n);
    const code = (...anchors: readonly string[]) =>
      codeOf(() => built(pay(payment()), { options: { anchors } }));
    expect(code(key(9n), key(10n))).toBe("EVM_NONCE_TAKEN");
    expect(code(key(9n, ownAccount(1).address))).toBe("EVM_NONCE_TAKEN");
  });

  test("a nonce that a block holds by now is nobody's: neither for a replacement nor to be used up", () => {
    const code = (nonce: bigint) => [
      codeOf(() => built(pay(payment()), { options: { anchors: [key(nonce)] } })),
      codeOf(() => built({ type: "cancel", conflictKeys: [key(nonce)] })),
    ];
    expect(code(6n)).toEqual(["EVM_NONCE_TAKEN", "EVM_NONCE_TAKEN"]);
    expect(code(7n)).toEqual(["none", "none"]);
  });

  test("F7: a nonce that nobody wants is used up: by nothing, and at rising fees without a cancel rung", () => {
    const { rungs, cancel } = read({ type: "cancel", conflictKeys: [key(8n)] });
    expect(cancel).toBeUndefined();
    expect(rungs.map(({ conflictKeys }) => conflictKeys)).toEqual(rungs.map(() => [key(8n)]));
    expect(rungs.length).toBeGreaterThan(1);
    for (const { effects, tx } of rungs) {
      expect(effects).toEqual([expect.objectContaining({ type: "change", units: 0n, keeps: true })]);
      expect(tx.transaction).toMatchObject({ to: ownAccount().address, value: 0n, gasLimit: 21_000n });
    }
    const other = [key(8n, ownAccount(1).address)];
    expect(codeOf(() => built({ type: "cancel", conflictKeys: other }))).toBe("EVM_NONCE_TAKEN");
    expect(codeOf(() => built({ type: "cancel", conflictKeys: [key(8n), key(9n)] }))).toBe("EVM_NONCE_TAKEN");
  });

  test("an account has no coins to gather, and nobody commands it but its key", () => {
    expect(codeOf(() => built({ type: "consolidate", unitsMax: 1n }))).toBe("EVM_TASK_UNKNOWN");
    expect(codeOf(() => built({ type: "control", change: "threshold 1" }))).toBe("CONTROLS_NOTHING");
  });
});
