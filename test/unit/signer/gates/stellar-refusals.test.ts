/** What a signer refuses of a Stellar account's payment that somebody has changed, beside the payment that it signs. */
import { describe, expect, test } from "vitest";
import {
  addressOfKey,
  accountIdOf,
  keyOfAddress,
  type Address,
} from "../../../../src/chains/stellar/address.ts";
import { xdrAssetOf } from "../../../../src/chains/stellar/assets.ts";
import { readTransaction, transactionBytes } from "../../../../src/chains/stellar/envelope.ts";
import type { OperationBody } from "../../../../src/chains/stellar/xdr/operation.ts";
import type { Transaction } from "../../../../src/chains/stellar/xdr/transaction.ts";
import type { AccountId } from "../../../../src/core/account.ts";
import { issuedAsset } from "../../../../src/core/asset.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { PLAN, type PlanDocument } from "../../../../src/core/documents/plan.ts";
import { fromBase64, toBase64, utf8 } from "../../../../src/core/hex.ts";
import { seconds } from "../../../../src/core/instant.ts";
import { stateFor } from "../../../factory/custody.ts";
import { reviewed } from "../../../factory/gates.ts";
import {
  ISTSI,
  LOCAL,
  ONE,
  ownStellar,
  stellarCustody,
  stellarPayout,
  stellarPlan,
  stellarRequest,
  stellarWallet,
  strangeKey,
  withStellarTransaction,
  XLM,
} from "../../../factory/stellar-account.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { at, fixtureBytes } from "../../../factory/identities.ts";

const custody = stellarCustody();
const state = stateFor(custody);
const account = ownStellar();

const payouts = [stellarPayout(custody, { label: "coins" })];
const plan = stellarPlan(custody, payouts);

/** The gate and rule that refuse the changed plan, or `none`. */
function offered(change: (transaction: Transaction) => Transaction): string {
  return codeOf(() =>
    reviewed(stellarRequest(custody, payouts, [withStellarTransaction(plan, change)]), state),
  );
}

/** Another operation in the payment's place, or behind it. */
const behind = (body: OperationBody) => (transaction: Transaction) => ({
  ...transaction,
  fee: transaction.fee + 100n,
  operations: [...transaction.operations, { source: undefined, body }],
});

describe("what is refused, each beside the payment that is not", () => {
  test("the payment itself", () => expect(offered((transaction) => transaction)).toBe("none"));

  test("S3: without an end, with one too far, and with one that is over", () => {
    const until = (maxTime: bigint) => (transaction: Transaction) => ({
      ...transaction,
      preconditions: { type: "time" as const, value: { minTime: 0n, maxTime } },
    });
    expect(offered(until(0n))).toBe("G8_STELLAR_NO_TIME_LIMIT");
    expect(offered(until(2n ** 63n))).toBe("G8_STELLAR_NO_TIME_LIMIT");
    expect(offered((transaction) => ({ ...transaction, preconditions: { type: "none" } }))).toBe(
      "G8_STELLAR_NO_TIME_LIMIT",
    );
    const { preconditions } = readTransaction(fromBase64(plan.body.base), "base");
    const end = preconditions.type === "time" ? preconditions.value.maxTime : 0n;
    expect(offered(until(end + 11n * 3600n))).toBe("none");
    expect(offered(until(end + 13n * 3600n))).toBe("G5_LIVES_TOO_LONG");
    expect(offered(until(end - 12n * 3600n))).toBe("G5_LIFE_OVER");
    const none = stellarCustody(stellarWallet(), {
      chains: custody.policy.body.chains.map(({ lifeSecondsMax: _, ...rules }) => rules),
    });
    const asked = [stellarPayout(none)];
    const request = stellarRequest(none, asked, [stellarPlan(none, asked)]);
    expect(codeOf(() => reviewed(request, stateFor(none)))).toBe("G5_LIVES_TOO_LONG");
  });

  test("S3: conditions beside the time, and a transaction that does nothing", () => {
    const conditions = {
      timeBounds: { minTime: 0n, maxTime: BigInt(seconds(at("20:00:00"))) },
      ledgerBounds: undefined,
      minSeqNum: undefined,
      minSeqAge: 0n,
      minSeqLedgerGap: 0,
      extraSigners: [],
    };
    expect(
      offered((transaction) => ({ ...transaction, preconditions: { type: "v2", value: conditions } })),
    ).toBe("G8_STELLAR_CONDITIONS_UNASKED");
    expect(offered((transaction) => ({ ...transaction, operations: [] }))).toBe("G6_INTENT_WITHOUT_EFFECT");
  });

  test("S4: another operation beside the payment, whichever it is, and another account's", () => {
    const address = accountIdOf(strangeKey("thief").keypair.publicKey() as Address);
    const nothing = { inflationDest: undefined, clearFlags: undefined, setFlags: undefined };
    const thresholds = { masterWeight: undefined, lowThreshold: 1, medThreshold: 1, highThreshold: 1 };
    const bodies: readonly OperationBody[] = [
      {
        type: "setOptions",
        value: { ...nothing, ...thresholds, homeDomain: undefined, signer: { key: address, weight: 3 } },
      },
      { type: "accountMerge", value: address },
      { type: "changeTrust", value: { line: { type: "native" }, limit: 1n } },
      { type: "bumpSequence", value: { bumpTo: 10n ** 15n } },
      { type: "manageData", value: { dataName: utf8("a"), dataValue: utf8("b") } },
      { type: "inflation" },
      { type: "beginSponsoringFutureReserves", value: { sponsoredId: address } },
      { type: "clawback", value: { asset: { type: "native" }, from: address, amount: 1n } },
    ];
    for (const body of bodies) expect(offered(behind(body))).toBe("G8_STELLAR_OPERATION_REFUSED");
    expect(
      offered((transaction) => ({
        ...transaction,
        operations: transaction.operations.map((one) => ({ ...one, source: address })),
      })),
    ).toBe("G8_STELLAR_OPERATION_SOURCE");
    expect(
      offered((transaction) => ({
        ...transaction,
        operations: transaction.operations.map((one) => ({
          ...one,
          source: { type: "ed25519" as const, value: keyOfAddress(account.address) },
        })),
      })),
    ).toBe("none");
    expect(offered((transaction) => ({ ...transaction, source: address }))).toBe(
      "G8_STELLAR_SOURCE_ELSEWHERE",
    );
  });

  test("S2: another sequence number than the plan holds", () => {
    const transaction = readTransaction(fromBase64(plan.body.base), "base");
    const bumped = makeDocument(PLAN, {
      ...plan.body,
      base: toBase64(transactionBytes({ ...transaction, sequence: transaction.sequence + 1n })),
    });
    expect(codeOf(() => reviewed(stellarRequest(custody, payouts, [bumped]), state))).toBe(
      "G6_CONFLICT_KEYS_DIFFER",
    );
  });

  test("a second payment, another amount, another payee, another memo", () => {
    const thief = { type: "ed25519" as const, value: strangeKey("thief").keypair.rawPublicKey() };
    const native = { type: "native" as const };
    expect(
      offered(behind({ type: "payment", value: { destination: thief, asset: native, amount: 1n } })),
    ).toBe("G6_EFFECT_WITHOUT_INTENT");
    const withPayment =
      (change: Partial<{ amount: bigint; destination: typeof thief }>) => (transaction: Transaction) => ({
        ...transaction,
        operations: transaction.operations.map((one) =>
          one.body.type === "payment"
            ? { ...one, body: { ...one.body, value: { ...one.body.value, ...change } } }
            : one,
        ),
      });
    expect(offered(withPayment({ amount: 26n * ONE }))).toBe("G6_EFFECT_WITHOUT_INTENT");
    expect(offered(withPayment({ destination: thief }))).toBe("G6_EFFECT_WITHOUT_INTENT");
    expect(offered((transaction) => ({ ...transaction, memo: { type: "id", value: 7n } }))).toBe(
      "G6_EFFECT_WITHOUT_INTENT",
    );
    expect(
      offered((transaction) => ({ ...transaction, memo: { type: "text", value: Uint8Array.of(0xff) } })),
    ).toBe("G8_STELLAR_MEMO_UNREADABLE");
  });

  test("S5: a number in the address and a memo beside it", () => {
    const muxed = "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ";
    const both = [
      stellarPayout(custody, {
        to: `${LOCAL}:${muxed}` as AccountId,
        beneficiary: { memo: "id:7" },
      }),
    ];
    expect(codeOf(() => stellarPlan(custody, both))).toBe("STELLAR_MEMO_AND_MUXED");
  });

  test("S11: the same code of another issuer", () => {
    const wrapped = [stellarPayout(custody, { asset: ISTSI })];
    const spoof = issuedAsset(LOCAL, "iSTSi", addressOfKey(fixtureBytes("spoof")));
    const asset = xdrAssetOf(spoof);
    if (asset === undefined) throw new TypeError("an issued asset has a form");
    const bad = withStellarTransaction(stellarPlan(custody, wrapped), (transaction) => ({
      ...transaction,
      operations: transaction.operations.map((one) =>
        one.body.type === "payment"
          ? { ...one, body: { ...one.body, value: { ...one.body.value, asset } } }
          : one,
      ),
    }));
    expect(
      codeOf(() => reviewed(stellarRequest(custody, wrapped, [stellarPlan(custody, wrapped)]), state)),
    ).toBe("none");
    expect(codeOf(() => reviewed(stellarRequest(custody, wrapped, [bad]), state))).toBe(
      "G8_STELLAR_ASSET_UNLISTED",
    );
  });

  test("S8: resources for a contract that nothing calls; a fee above the caps", () => {
    const resources = {
      footprint: { readOnly: [], readWrite: [] },
      instructions: 0,
      diskReadBytes: 0,
      writeBytes: 0,
    };
    const soroban = { ext: { type: "none" as const }, resources, resourceFee: 10n ** 9n };
    expect(offered((transaction) => ({ ...transaction, ext: { type: "soroban", value: soroban } }))).toBe(
      "G8_STELLAR_CONTRACT_DATA_UNASKED",
    );
    expect(offered((transaction) => ({ ...transaction, fee: 2_000_000n }))).toBe("G7_FEE_TOO_HIGH");
  });

  test("rungs and a cancel rung that the plan cannot have, and a fee that it misstates", () => {
    const told = (body: Partial<PlanDocument["body"]>) =>
      codeOf(() =>
        reviewed(stellarRequest(custody, payouts, [makeDocument(PLAN, { ...plan.body, ...body })]), state),
      );
    expect(told({ rungs: [{ feeUnits: "100" }, { feeUnits: "200" }] })).toBe("G8_STELLAR_ONE_RUNG");
    const cancel = { feeUnits: "200", changeIndex: 0 };
    expect(told({ cancel })).toBe("none");
    expect(told({ cancel: { ...cancel, changeIndex: 1 } })).toBe("G8_STELLAR_CANCEL_UNFIT");
    expect(told({ cancel: { ...cancel, feeUnits: (2n ** 32n).toString() } })).toBe("G8_STELLAR_CANCEL_UNFIT");
    expect(told({ cancel: { ...cancel, feeUnits: "100" } })).toBe("G7_RUNGS_OUT_OF_ORDER");
    expect(told({ rungs: [{ feeUnits: "101" }] })).toBe("G8_STELLAR_FEE_MISSTATED");
    expect(told({ base: toBase64(fromBase64(plan.body.base).slice(0, -4)) })).toBe(
      "G5_STELLAR_XDR_MALFORMED",
    );
    expect(XLM).toBe(`${LOCAL}/slip44:148`);
  });
});
