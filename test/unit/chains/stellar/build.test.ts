/** From a task and facts to an account's plan; what the signer reads with is asked what was built. */
import { describe, expect, test } from "vitest";
import type { BuildTask, Payment } from "../../../../src/chains/adapter.ts";
import { free } from "../../../../src/chains/stellar/free.ts";
import { stellarBuilder } from "../../../../src/chains/stellar/index.ts";
import { decodePlan } from "../../../../src/chains/stellar/plan.ts";
import { sequenceKey } from "../../../../src/chains/stellar/sequence-key.ts";
import { accountId } from "../../../../src/core/account.ts";
import { bitcoinAsset, issuedAsset } from "../../../../src/core/asset.ts";
import { canonicalBytes } from "../../../../src/core/canonical.ts";
import { viewOf } from "../../../factory/custody.ts";
import {
  ISTSI,
  LOCAL,
  ONE,
  ownStellar,
  stellarBuilt,
  stellarCustody,
  stellarSnapshot,
  strangeKey,
  stranger,
  XLM,
} from "../../../factory/stellar-account.ts";
import { caught, codeOf } from "../../../factory/thrown.ts";

const custody = stellarCustody();
const view = viewOf(custody);
const own = ownStellar();
const payment = (changes: Partial<Payment> = {}): Payment => ({
  account: stranger(),
  amount: { asset: XLM, units: ONE },
  ...changes,
});
const pay = (...payments: readonly Payment[]): BuildTask => ({ type: "pay", payments });
const built = (task: BuildTask, changes: Parameters<typeof stellarBuilt>[2] = {}) =>
  stellarBuilt(custody, task, changes);
const read = (...args: Parameters<typeof built>) => decodePlan(built(...args), view);
const key = (sequence: bigint) => sequenceKey({ chain: LOCAL, address: own.address, sequence });
const wrapped = (units: bigint) => payment({ amount: { asset: ISTSI, units } });

describe("a plan", () => {
  test("pays whom it is to pay over the next number, and its cancel rung pays nobody for a stroop more", () => {
    const { rungs, cancel } = read(pay(payment(), wrapped(7n)));
    expect(rungs.map(({ effects }) => effects)).toEqual([
      [
        { type: "pay", account: stranger(), asset: XLM, units: ONE },
        { type: "pay", account: stranger(), asset: ISTSI, units: 7n },
      ],
    ]);
    expect(rungs[0]).toMatchObject({
      conflictKeys: [key(42n)],
      fee: { units: 200n },
      until: stellarSnapshot().until,
    });
    expect(cancel).toMatchObject({
      conflictKeys: [key(42n)],
      fee: { units: 201n },
      effects: [{ type: "change", units: 0n }],
    });
  });

  test("takes the number that it is anchored to, and refuses what is no number of the account", () => {
    const anchored = (...anchors: readonly string[]) => ({ options: { anchors } });
    expect(built(pay(payment()), anchored(key(41n))).conflictKeys).toEqual([key(41n)]);
    const other = sequenceKey({
      chain: LOCAL,
      address: strangeKey("payee").keypair.publicKey() as never,
      sequence: 41n,
    });
    for (const anchors of [[other], ["eip155:1:nonce:0x0:1"], [key(41n), key(42n)]])
      expect(codeOf(() => built(pay(payment()), anchored(...anchors)))).toBe("STELLAR_SEQUENCE_TAKEN");
  });

  test("comes back from its snapshot as it was kept, and from no other", () => {
    const snapshot = stellarSnapshot();
    expect(stellarBuilder.readSnapshot(canonicalBytes(snapshot))).toEqual(snapshot);
    expect(codeOf(() => stellarBuilder.readSnapshot(canonicalBytes({ ...snapshot, sequence: "-1" })))).toBe(
      "STELLAR_SNAPSHOT_MALFORMED",
    );
  });
});

describe("what is refused, beside what is not", () => {
  test("another task than to pay", () => {
    const code = (task: BuildTask) => codeOf(() => built(task));
    expect(code(pay(payment()))).toBe("none");
    expect(code({ type: "consolidate", unitsMax: 1n })).toBe("STELLAR_TASK_UNKNOWN");
    expect(code({ type: "cancel", conflictKeys: [key(42n)] })).toBe("STELLAR_TASK_UNKNOWN");
    expect(code({ type: "attest", message: "ours", coins: false })).toBe("STELLAR_TASK_UNKNOWN");
    expect(code({ type: "control", change: "merge" })).not.toBe("none");
  });

  test("F19: a payment with a memo beside another; alone it is made", () => {
    const memo = payment({ memo: "text:invoice 7" });
    expect(read(pay(memo)).rungs[0]?.effects).toMatchObject([{ memo: "text:invoice 7" }]);
    expect(caught(() => built(pay(payment(), memo)))).toMatchObject({
      code: "STELLAR_ONE_MEMO",
      details: { anotherPlan: true },
    });
  });

  test("an asset that is not the chain's, or not listed", () => {
    const code = (asset: Payment["amount"]["asset"]) =>
      codeOf(() => built(pay(payment({ amount: { asset, units: 1n } }))));
    expect(code(ISTSI)).toBe("none");
    const another = issuedAsset(LOCAL, "iSTSi", strangeKey("another").keypair.publicKey());
    expect([another, bitcoinAsset("regtest")].map(code)).toEqual([
      "STELLAR_ASSET_ELSEWHERE",
      "STELLAR_ASSET_ELSEWHERE",
    ]);
  });

  test("a payment of nothing, and one to the account itself", () => {
    const nothing = payment({ amount: { asset: XLM, units: 0n } });
    const itself = payment({ account: accountId(LOCAL, own.address) });
    for (const one of [nothing, itself]) expect(codeOf(() => built(pay(one)))).toBe("STELLAR_PAYS_NOTHING");
  });

  test("more than the account has above its reserve, the dearest rung's fee included", () => {
    const code = (balance: bigint, ...payments: readonly Payment[]) =>
      codeOf(() => built(pay(...payments), { snapshot: { balance: balance.toString() } }));
    // The cancel rung costs a stroop more than the payment's 100.
    expect(code(ONE + 101n, payment())).toBe("none");
    expect(code(ONE + 100n, payment())).toBe("STELLAR_BALANCE_SHORT");
    expect(code(2n * ONE + 200n, payment(), payment())).toBe("STELLAR_BALANCE_SHORT");
  });

  test("of an issued asset more than its trust line has, and one without lumens for its fee", () => {
    const code = (units: bigint, lumens: bigint) =>
      codeOf(() =>
        built(pay(wrapped(units)), {
          snapshot: { balance: lumens.toString(), tokens: [{ asset: ISTSI, balance: "30" }] },
        }),
      );
    expect(code(30n, 101n)).toBe("none");
    expect(code(31n, 101n)).toBe("STELLAR_BALANCE_SHORT");
    expect(code(30n, 100n)).toBe("STELLAR_BALANCE_SHORT");
  });

  test("F18: a destination that would not take it, and one that is missing and would not be made", () => {
    const refused = [{ account: stranger(), why: "it has no trust line for the asset" }];
    expect(codeOf(() => built(pay(payment()), { snapshot: { refused } }))).toBe(
      "STELLAR_DESTINATION_REFUSES",
    );
    expect(codeOf(() => built(pay(payment({ account: stranger("other") })), { snapshot: { refused } }))).toBe(
      "none",
    );
    const missing = { snapshot: { missing: [stranger()], leastUnits: ONE.toString() } };
    expect(read(pay(payment()), missing).rungs[0]?.warnings).toEqual([
      "operation 1 makes an account that does not exist yet",
    ]);
    const little = payment({ amount: { asset: XLM, units: ONE - 1n } });
    for (const one of [little, wrapped(ONE)])
      expect(codeOf(() => built(pay(one), missing))).toBe("STELLAR_DESTINATION_REFUSES");
  });

  test("a bid of nothing, above a transaction's field, or above what it may cost", () => {
    const code = (feeRatesMilli: readonly bigint[], budgetUnits?: bigint) =>
      codeOf(() => built(pay(payment()), { options: { feeRatesMilli, budgetUnits } }));
    expect(code([100_000n])).toBe("none");
    expect(code([100_000n], 100n)).toBe("none");
    for (const wrong of [code([]), code([0n]), code([2n ** 32n * 1000n]), code([100_000n], 99n)])
      expect(wrong).toBe("STELLAR_FEE_RATES_INVALID");
    expect(code([20_000_000n])).toMatch(/^FEE_/);
  });
});

describe("what other plans leave", () => {
  const held = (sequence: bigint, units: bigint, asset = XLM) => ({
    conflictKeys: [key(sequence)],
    amounts: [{ asset, units }],
  });
  const left = (leased: readonly bigint[], ...plans: readonly ReturnType<typeof held>[]) =>
    free(stellarSnapshot(), view, { leased: new Set(leased.map(key)), held: () => plans, changeIndex: 0 });

  test("F3: the next number that none of them has, without a gap", () => {
    expect(left([]).sequence).toBe("42");
    expect(left([42n, 43n, 45n]).sequence).toBe("44");
  });

  test("the money that they do not take, and never less than nothing; what a ledger has by now takes no more", () => {
    expect(left([42n], held(42n, 2n * ONE)).balance).toBe((4998n * ONE).toString());
    expect(left([42n], held(42n, 3n, ISTSI)).tokens).toEqual([
      { asset: ISTSI, balance: (5000n * ONE - 3n).toString() },
    ]);
    expect(left([42n], held(42n, 9000n * ONE)).balance).toBe("0");
    expect(left([], held(41n, 2n * ONE)).balance).toBe((5000n * ONE).toString());
  });
});
