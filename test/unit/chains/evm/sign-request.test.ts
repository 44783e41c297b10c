/** What a device of another maker is asked for an account (ERC-4527), and which of its answers count. */
import { getBytes, SigningKey, Transaction } from "ethers";
import { describe, expect, test } from "vitest";
import type { AccountAttempt } from "../../../../src/chains/evm/attempt.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import {
  ANSWERS_OTHERWISE,
  answerOf,
  answers,
  ASKS_ACCOUNTS_ALONE,
  signRequestOf,
} from "../../../../src/chains/evm/sign-request.ts";
import { SIGNATURE_MALFORMED } from "../../../../src/chains/evm/signature.ts";
import { encodeUnsigned, type EvmTransaction } from "../../../../src/chains/evm/transaction.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { viewOf, openKeys } from "../../../factory/custody.ts";
import { evmCustody, evmPayout, evmPlan } from "../../../factory/evm-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = evmCustody();
const plan = evmPlan(custody, [evmPayout(custody)]);
const { rungs } = evmCodec.decodePlan(plan.body, [], viewOf(custody));
const attempt = rungs[0]?.tx as AccountAttempt;
const other = rungs[1]?.tx as AccountAttempt;
const { fingerprint, path } = attempt.account.key;
const KEY = new SigningKey(openKeys().wallets.privateKey(fingerprint, path) as Uint8Array);

/** r, s and v as a device writes them. */
function signed(hash: Uint8Array, vOf: (yParity: number) => string): Uint8Array {
  const { r, s, yParity } = KEY.sign(hash);
  return getBytes(`${r}${s.slice(2)}${vOf(yParity)}`);
}
const plain = (yParity: number) => `0${yParity}`;

describe("a request", () => {
  test("has the very bytes that are signed, the key's path, and the attempt's name", () => {
    const asked = signRequestOf(attempt);
    expect(Transaction.from(`0x${toHex(asked.signData)}`).unsignedHash).toBe(`0x${toHex(attempt.hash)}`);
    expect(asked).toMatchObject({
      dataType: "typedTransaction",
      chainId: 31337,
      path: { path, fingerprint },
    });
    expect(answers(attempt, asked.requestId)).toBe(true);
    expect(answers(other, asked.requestId)).toBe(false);
  });

  test("of a legacy chain is marked as such: its RLP has EIP-155's places", () => {
    const { nonce, gasLimit, to, value, data, chainId } = attempt.transaction;
    const transaction: EvmTransaction = { type: 0, chainId, nonce, gasLimit, to, value, data, gasPrice: 1n };
    const { dataType, signData } = signRequestOf({ ...attempt, transaction });
    expect(dataType).toBe("legacy");
    expect(signData).toEqual(encodeUnsigned(transaction));
    expect(Transaction.from(`0x${toHex(signData)}`).chainId).toBe(31337n);
  });

  test("is not written for a Safe", () => {
    const safe = { kind: "safe", safe: { address: "0x" } } as never;
    expect(codeOf(() => signRequestOf(safe))).toBe(ASKS_ACCOUNTS_ALONE.code);
    expect(answers(safe, attempt.hash.subarray(0, 16))).toBe(false);
  });
});

describe("an answer", () => {
  test.each<[string, (yParity: number) => string]>([
    ["the parity", plain],
    ["27 more", (yParity) => (27 + yParity).toString(16)],
    ["EIP-155's", (yParity) => (35 + 2 * 31337 + yParity).toString(16).padStart(6, "0")],
  ])("twin: with v as %s", (_what, vOf) => {
    const { key, signature, input } = answerOf(attempt, signed(attempt.hash, vOf));
    expect([input, key]).toEqual([0, toHex(attempt.account.key.publicKey)]);
    expect(`0x${signature}`).toBe(KEY.sign(attempt.hash).serialized);
  });

  test.each<[string, Uint8Array]>([
    ["for another rung", signed(other.hash, plain)],
    ["with the other parity", signed(attempt.hash, (yParity) => `0${1 - yParity}`)],
    ["of another chain's v", signed(attempt.hash, (yParity) => (37 + yParity).toString(16))],
  ])("%s does not count", (_what, answer) => {
    expect([ANSWERS_OTHERWISE.code, SIGNATURE_MALFORMED.code]).toContain(
      codeOf(() => answerOf(attempt, answer)),
    );
  });

  test("with a high s does not count: it would give the payment a second id", () => {
    const { r, s, yParity } = KEY.sign(attempt.hash);
    const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = (ORDER - BigInt(s)).toString(16).padStart(64, "0");
    const answer = getBytes(`${r}${high}0${1 - yParity}`);
    expect(codeOf(() => answerOf(attempt, answer))).toBe(SIGNATURE_MALFORMED.code);
  });
});
