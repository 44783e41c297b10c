/** A Stellar account's payments through the whole signer, and what is made of them across two of its three keys. */
import { TransactionBuilder, Networks, type Transaction as TheirTransaction } from "@stellar/stellar-base";
import { describe, expect, test } from "vitest";
import { stellarCodec } from "../../../../src/chains/stellar/index.ts";
import { passphraseOf } from "../../../../src/chains/stellar/network-id.ts";
import { decodePlan } from "../../../../src/chains/stellar/plan.ts";
import { splitAccount } from "../../../../src/core/account.ts";
import { toBase64, toHex } from "../../../../src/core/hex.ts";
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
  strangeKey,
  stranger,
} from "../../../factory/stellar-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = stellarCustody();
const state = stateFor(custody);
const account = ownStellar();
const [first] = OTHERS;

const payouts = [stellarPayout(custody, { label: "coins" })];
const plan = stellarPlan(custody, payouts);

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
