/** A Safe's payments through the whole signer, and what it makes of them across two owners. */
import { describe, expect, test } from "vitest";
import { decodeSafePlan, packSafeTx, unpackSafeTx } from "../../../../src/chains/evm/safe-plan.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { makeSafeTx } from "../../../../src/chains/evm/safe.ts";
import { encodeMultiSend } from "../../../../src/chains/evm/multi-send.ts";
import { decodeExecution } from "../../../../src/chains/evm/safe-execution.ts";
import { readSafeExecution } from "../../../../src/chains/evm/safe-partial.ts";
import { encodeTransfer } from "../../../../src/chains/evm/erc20.ts";
import { contractOf } from "../../../../src/chains/evm/tokens.ts";
import { parseAddress } from "../../../../src/chains/evm/address.ts";
import { splitAccount } from "../../../../src/core/account.ts";
import { fromBase64, toBase64 } from "../../../../src/core/hex.ts";
import { stateFor, viewOf } from "../../../factory/custody.ts";
import { ANVIL, evmPayout, evmRequest, stranger } from "../../../factory/evm-account.ts";
import { ownSafe, safeCustody, safePlan, signedByStranger, STRANGERS } from "../../../factory/evm-safe.ts";
import { tokenPayout, TWENTY_FIVE, USDC } from "../../../factory/evm-token.ts";
import { after, signed } from "../../../factory/gates.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = safeCustody();
const state = stateFor(custody);
const safe = ownSafe();
const ONE = 10n ** 18n;
const [first] = STRANGERS;

describe("a batch of a Safe", () => {
  const payouts = [evmPayout(custody, { label: "coins" }), tokenPayout(custody, { label: "tokens" })];
  const plan = safePlan(custody, payouts);

  test("is reviewed payment by payment, and signed once for the batch and once for its end", () => {
    const { outcome } = signed(evmRequest(custody, payouts, [plan]), state).receipt.body;
    if (outcome.type !== "signed") throw new TypeError("a good request is signed");
    const [reviewed] = outcome.review.plans;
    expect(reviewed?.quorum).toBe("2 of 3");
    expect(reviewed?.rungs[0]?.effects).toEqual([
      expect.objectContaining({ type: "pay", units: ONE.toString() }),
      expect.objectContaining({ type: "pay", asset: USDC, units: TWENTY_FIVE.toString() }),
    ]);
    expect(outcome.plans[0]?.rungs.map(({ signatures }) => signatures.length)).toEqual([1, 1]);
  });

  test("one owner does not complete it, two do; what a relayer gets is the very transaction", () => {
    const { outcome } = signed(evmRequest(custody, payouts, [plan]), state).receipt.body;
    if (outcome.type !== "signed") throw new TypeError("a good request is signed");
    const attempt = decodeSafePlan(plan.body, viewOf(custody)).rungs[0];
    if (attempt === undefined) throw new TypeError("a plan has a rung");
    const own = outcome.plans[0]?.rungs[0]?.signatures ?? [];
    const theirs = signedByStranger(attempt.tx.hash, first);
    expect(evmCodec.isComplete(attempt.tx, own)).toBe(false);
    expect(codeOf(() => evmCodec.combine(attempt.tx, own))).toBe("SAFE_SIGNATURES");
    evmCodec.verifySignatures(attempt.tx, [...own, theirs]);
    expect(evmCodec.isComplete(attempt.tx, [...own, theirs])).toBe(true);
    const execution = readSafeExecution(evmCodec.combine(attempt.tx, [theirs, ...own]));
    expect(execution).toMatchObject({ safe: safe.address, nonce: 7n });
    expect(decodeExecution(execution?.data ?? new Uint8Array(), 7n).tx).toEqual(attempt.tx.transaction);
  });

  test("a signature by nobody of the Safe's, or over another transaction, is none", () => {
    const attempt = decodeSafePlan(plan.body, viewOf(custody)).rungs[0];
    const other = decodeSafePlan(safePlan(custody, payouts.slice(0, 1)).body, viewOf(custody)).rungs[0];
    if (attempt === undefined || other === undefined) throw new TypeError("a plan has a rung");
    const said = (hash: Uint8Array) =>
      codeOf(() => evmCodec.verifySignatures(attempt.tx, [signedByStranger(hash, first)]));
    expect(said(attempt.tx.hash)).toBe("none");
    expect(said(other.tx.hash)).toBe("SAFE_SIGNATURE_INVALID");
  });

  test("E2: the same payment over another nonce of the Safe is refused, over the same one it is signed", () => {
    const before = after(state, signed(evmRequest(custody, payouts, [plan]), state));
    const again = (nonce: string) => {
      const other = safePlan(custody, [...payouts].reverse(), {
        snapshot: { nonce },
        plan: { intents: payouts.map((one) => one.intent.digest) },
      });
      return codeOf(() => signed(evmRequest(custody, payouts, [other]), before));
    };
    expect(again("8")).toBe("G10_NO_SHARED_COIN");
    expect(again("7")).toBe("none");
  });
});

describe("what is no payment of people's is refused by the bytes", () => {
  const payouts = [evmPayout(custody)];
  const good = safePlan(custody, payouts);
  const to = parseAddress(splitAccount(stranger()).address);
  const tx = unpackSafeTx(fromBase64(good.body.base));
  const refused = (base: Uint8Array, plan: Partial<typeof good.body> = {}) =>
    codeOf(() =>
      signed(
        evmRequest(custody, payouts, [
          safePlan(custody, payouts, { plan: { base: toBase64(base), ...plan } }),
        ]),
        state,
      ),
    );

  test("the good one is signed", () => {
    expect(refused(packSafeTx(tx))).toBe("none");
  });

  test("E3: a delegate call of any other contract than the pinned one", () => {
    const batch = encodeMultiSend([{ to, value: ONE, data: new Uint8Array() }]);
    const call = (target: typeof to) =>
      makeSafeTx({ to: target, value: 0n, data: batch, operation: 1, nonce: 7n });
    expect(refused(packSafeTx(call(safe.multiSendCallOnly)))).toBe("none");
    expect(refused(packSafeTx(call(to)))).toBe("G8_SAFE_DELEGATE_CALL");
  });

  test("E4: a call of the Safe itself, which would change who owns it", () => {
    const control = makeSafeTx({ ...tx, to: safe.address, value: 0n, data: Uint8Array.of(1, 2, 3, 4) });
    expect(refused(packSafeTx(control))).toMatch(/^G8_SAFE_/);
  });

  test("E6: calldata that nobody here reads, and a token that the policy does not list", () => {
    expect(refused(packSafeTx({ ...tx, data: Uint8Array.of(1, 2, 3, 4) }))).toMatch(/^G8_/);
    const token = contractOf(USDC);
    const data = encodeTransfer({ token, to, units: 1n });
    expect(refused(packSafeTx({ ...tx, to: stranger2(), value: 0n, data }))).toMatch(/^G8_/);
  });

  test("another amount, a second rung, a fee, another nonce than the plan names", () => {
    expect(refused(packSafeTx({ ...tx, value: tx.value + 1n }))).toBe("G6_EFFECT_WITHOUT_INTENT");
    const rungs = [{ feeUnits: "0" }, { feeUnits: "0" }];
    expect(refused(packSafeTx(tx), { rungs })).toBe("G8_SAFE_PLAN_MALFORMED");
    expect(refused(packSafeTx(tx), { rungs: [{ feeUnits: "1" }] })).toBe("G8_SAFE_PLAN_MALFORMED");
    expect(refused(packSafeTx({ ...tx, nonce: 8n }))).toBe("G6_CONFLICT_KEYS_DIFFER");
    expect(refused(packSafeTx(tx).subarray(0, 40))).toBe("G8_SAFE_PLAN_MALFORMED");
  });

  const stranger2 = () => parseAddress(splitAccount(stranger("contract")).address);
});

test("the cancel rung has the same nonce and pays nobody", () => {
  const plan = safePlan(custody, [evmPayout(custody)]);
  const { cancel, rungs } = evmCodec.decodePlan(plan.body, [], viewOf(custody));
  expect(cancel?.effects).toEqual([expect.objectContaining({ type: "change", units: 0n })]);
  expect(cancel?.conflictKeys).toEqual(rungs[0]?.conflictKeys);
  expect(plan.body.conflictKeys).toEqual([`${ANVIL}:safe-nonce:${safe.address}:7`]);
  expect(evmCodec.keyInWords(plan.body.conflictKeys[0] ?? "")).toBe(`nonce 7 of the Safe ${safe.address}`);
});
