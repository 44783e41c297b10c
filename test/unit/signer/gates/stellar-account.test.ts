/** A Stellar account's payments through the whole signer, and what is made of them across two of its three keys. */
import { TransactionBuilder, Networks, type Transaction as TheirTransaction } from "@stellar/stellar-base";
import { describe, expect, test } from "vitest";
import { stellarCodec } from "../../../../src/chains/stellar/index.ts";
import {
  addressOfKey,
  accountIdOf,
  keyOfAddress,
  type Address,
} from "../../../../src/chains/stellar/address.ts";
import { xdrAssetOf } from "../../../../src/chains/stellar/assets.ts";
import { readTransaction, transactionBytes } from "../../../../src/chains/stellar/envelope.ts";
import { passphraseOf } from "../../../../src/chains/stellar/network-id.ts";
import { decodePlan } from "../../../../src/chains/stellar/plan.ts";
import type { OperationBody } from "../../../../src/chains/stellar/xdr/operation.ts";
import type { Transaction } from "../../../../src/chains/stellar/xdr/transaction.ts";
import { splitAccount } from "../../../../src/core/account.ts";
import { issuedAsset } from "../../../../src/core/asset.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { PLAN, type PlanDocument } from "../../../../src/core/documents/plan.ts";
import { fromBase64, toBase64, toHex, utf8 } from "../../../../src/core/hex.ts";
import { stateFor, viewOf } from "../../../factory/custody.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import {
  ISTSI,
  LOCAL,
  ONE,
  OTHERS,
  ownStellar,
  signedByStranger,
  stellarCustody,
  stellarPayout,
  stellarPlan,
  stellarRequest,
  stellarWallet,
  strangeKey,
  stranger,
  XLM,
} from "../../../factory/stellar-account.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

const custody = stellarCustody();
const state = stateFor(custody);
const account = ownStellar();
const [first] = OTHERS;

/** The plan with its transaction changed, and all that the plan says of it made to fit. */
function changed(plan: PlanDocument, change: (transaction: Transaction) => Transaction): PlanDocument {
  const transaction = change(readTransaction(fromBase64(plan.body.base), "base"));
  return makeDocument(PLAN, {
    ...plan.body,
    base: toBase64(transactionBytes(transaction)),
    rungs: [{ feeUnits: String(transaction.fee) }],
    cancel: { feeUnits: String(transaction.fee + 1n), changeIndex: 0 },
    conflictKeys: [`${LOCAL}:sequence:${account.address}:${transaction.sequence}`],
  });
}

const payouts = [stellarPayout(custody, { label: "coins" })];
const plan = stellarPlan(custody, payouts);

/** The gate and rule that refuse the changed plan, or `none`. */
function offered(change: (transaction: Transaction) => Transaction): string {
  return codeOf(() => reviewed(stellarRequest(custody, payouts, [changed(plan, change)]), state));
}

/** Another operation in the payment's place, or behind it. */
const behind = (body: OperationBody) => (transaction: Transaction) => ({
  ...transaction,
  fee: transaction.fee + 100n,
  operations: [...transaction.operations, { source: undefined, body }],
});

describe("a payment", () => {
  test("is reviewed and signed once, and two of three keys complete it: as stellar-base has it", () => {
    const { outcome } = signed(stellarRequest(custody, payouts, [plan]), state).receipt.body;
    if (outcome.type !== "signed") throw new TypeError("a good request is signed");
    const [review] = outcome.review.plans;
    expect(review?.quorum).toBe("2 of 3");
    expect(review?.rungs[0]?.effects).toEqual([
      expect.objectContaining({ type: "pay", account: stranger(), units: (25n * ONE).toString() }),
    ]);
    const attempt = decodePlan(plan.body, viewOf(custody)).rungs[0];
    if (attempt === undefined) throw new TypeError("a plan has a rung");
    const own = outcome.plans[0]?.rungs[0]?.signatures ?? [];
    expect(own).toHaveLength(1);
    expect(stellarCodec.isComplete(attempt.tx, own)).toBe(false);
    expect(codeOf(() => stellarCodec.combine(attempt.tx, own))).toBe("STELLAR_SIGNATURES_INCOMPLETE");
    const theirs = signedByStranger(attempt.tx.hash, first);
    const all = [theirs, ...own, signedByStranger(attempt.tx.hash, OTHERS[1])];
    stellarCodec.verifySignatures(attempt.tx, all);
    expect(stellarCodec.isComplete(attempt.tx, [...own, theirs])).toBe(true);
    const bytes = stellarCodec.combine(attempt.tx, all);
    const read = TransactionBuilder.fromXDR(toBase64(bytes), passphraseOf(LOCAL)) as TheirTransaction;
    expect(read.hash().toString("hex")).toBe(attempt.transaction);
    // No more signatures than are needed, and each as stellar-base and its library make it.
    expect(read.signatures).toHaveLength(2);
    expect(first.keypair.sign(read.hash()).toString("hex")).toBe(theirs.signature);
    for (const one of read.signatures)
      expect(account.keys.some((key) => toHex(key.publicKey.slice(-4)) === one.hint().toString("hex"))).toBe(
        true,
      );
    expect(read.operations).toEqual([
      {
        type: "payment",
        destination: splitAccount(stranger()).address,
        asset: expect.anything(),
        amount: "25.0000000",
      },
    ]);
  });

  test("a signature over another network's transaction, by another key, or twice, is none", () => {
    const attempt = decodePlan(plan.body, viewOf(custody)).rungs[0];
    if (attempt === undefined) throw new TypeError("a plan has a rung");
    const good = signedByStranger(attempt.tx.hash, first);
    const flipped = { ...good, signature: `00${good.signature.slice(2)}` };
    const other = signedByStranger(attempt.tx.hash, strangeKey("nobody"));
    for (const bad of [[flipped], [other], [good, good], [{ ...good, input: 1 }]])
      expect(codeOf(() => stellarCodec.verifySignatures(attempt.tx, bad))).toBe("STELLAR_SIGNATURE_INVALID");
    const public_ = TransactionBuilder.fromXDR(
      toBase64(stellarCodec.combine(attempt.tx, [good, signedByStranger(attempt.tx.hash, OTHERS[1])])),
      Networks.PUBLIC,
    );
    expect(public_.hash().toString("hex")).not.toBe(attempt.transaction);
  });

  test("of an issued asset with a memo, of several together, to a muxed account, and one that makes an account", () => {
    const memo = stellarPayout(custody, { asset: ISTSI, beneficiary: { memo: "text:invoice 7" } });
    const said = (all: typeof payouts, changes: Parameters<typeof stellarPlan>[2] = {}) =>
      reviewed(stellarRequest(custody, all, [stellarPlan(custody, all, changes)]), state).review.body
        .plans[0];
    expect(said([memo])?.rungs[0]?.effects).toEqual([
      expect.objectContaining({ asset: ISTSI, memo: "text:invoice 7" }),
    ]);
    const both = [
      stellarPayout(custody, { label: "a" }),
      stellarPayout(custody, { label: "b", asset: ISTSI }),
    ];
    expect(said(both)?.rungs[0]?.effects).toHaveLength(2);
    const muxed = "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ";
    const to = `${LOCAL}:${muxed}` as ReturnType<typeof stranger>;
    expect(said([stellarPayout(custody, { to })])?.rungs[0]?.effects).toMatchObject([{ account: to }]);
    const made = said(payouts, { snapshot: { missing: [stranger()] } });
    expect(made?.rungs[0]?.effects).toMatchObject([{ type: "pay", account: stranger() }]);
  });

  test("the same intent over another sequence number is refused once this one is signed; over the same it is signed", () => {
    const later = after(state, signed(stellarRequest(custody, payouts, [plan]), state));
    const elsewhere = stellarPlan(custody, payouts, { snapshot: { sequence: "43" } });
    expect(codeOf(() => reviewed(stellarRequest(custody, payouts, [elsewhere]), later))).toBe(
      "G10_NO_SHARED_COIN",
    );
    const again = stellarPlan(custody, payouts, { snapshot: { feeRateMilli: "200000" } });
    expect(codeOf(() => reviewed(stellarRequest(custody, payouts, [again]), later))).toBe("none");
  });
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
        to: `${LOCAL}:${muxed}` as ReturnType<typeof stranger>,
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
    const bad = changed(stellarPlan(custody, wrapped), (transaction) => ({
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
