/** What a device of another maker is asked for an account (ERC-4527), and which of its answers count. */
import {
  getBytes,
  SigningKey,
  Transaction,
  TypedDataEncoder,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";
import { describe, expect, test } from "vitest";
import type { AccountAttempt, MessageAttempt, SafeAttempt } from "../../../../src/chains/evm/attempt.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import {
  ANSWERS_OTHERWISE,
  answererOf,
  answerOf,
  signRequestsOf,
  type SignRequest,
} from "../../../../src/chains/evm/sign-request.ts";
import { SIGNATURE_MALFORMED } from "../../../../src/chains/evm/signature.ts";
import { encodeUnsigned, type EvmTransaction } from "../../../../src/chains/evm/transaction.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { viewOf, openKeys } from "../../../factory/custody.ts";
import { evmCustody, evmPayout, evmPlan } from "../../../factory/evm-account.ts";
import { safeCustody, safePlan } from "../../../factory/evm-safe.ts";
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

const safeCustodyOf = safeCustody();

function safeAttempt(): SafeAttempt {
  const paid = safePlan(safeCustodyOf, [evmPayout(safeCustodyOf)]);
  const read = evmCodec.decodePlan(paid.body, [], viewOf(safeCustodyOf));
  return read.rungs[0]?.tx as SafeAttempt;
}

function attestation(): MessageAttempt {
  const base = Uint8Array.of(0x19, ...new TextEncoder().encode("reserves of a day"));
  return evmCodec.decode(base, viewOf(custody)).tx as MessageAttempt;
}

/** The digest of typed data in a request, by ethers. */
function digestOf(signData: Uint8Array): string {
  const { types, domain, message } = JSON.parse(new TextDecoder().decode(signData)) as {
    types: Record<string, TypedDataField[]>;
    domain: TypedDataDomain;
    message: Record<string, unknown>;
  };
  const { EIP712Domain: _, ...own } = types;
  return TypedDataEncoder.hash(domain, own, message);
}

describe("a request", () => {
  test("has the very bytes that are signed, the key's path, and the attempt's name", () => {
    const [asked] = signRequestsOf(attempt) as [SignRequest];
    expect(Transaction.from(`0x${toHex(asked.signData)}`).unsignedHash).toBe(`0x${toHex(attempt.hash)}`);
    expect(asked).toMatchObject({
      dataType: "typedTransaction",
      chainId: 31337,
      path: { path, fingerprint },
    });
    expect(answererOf(attempt, asked.requestId)).toBe(attempt.account);
    expect(answererOf(other, asked.requestId)).toBeUndefined();
  });

  test("of a legacy chain is marked as such: its RLP has EIP-155's places", () => {
    const { nonce, gasLimit, to, value, data, chainId } = attempt.transaction;
    const transaction: EvmTransaction = { type: 0, chainId, nonce, gasLimit, to, value, data, gasPrice: 1n };
    const [asked] = signRequestsOf({ ...attempt, transaction }) as [SignRequest];
    const { dataType, signData } = asked;
    expect(dataType).toBe("legacy");
    expect(signData).toEqual(encodeUnsigned(transaction));
    expect(Transaction.from(`0x${toHex(signData)}`).chainId).toBe(31337n);
  });

  test("of a Safe is one for each owner: the typed data whose digest is the Safe's own hash, as ethers has it", () => {
    const safe = safeAttempt();
    const asked = signRequestsOf(safe);
    expect(asked.map(({ address }) => `0x${toHex(address)}`)).toEqual(
      safe.safe.owners.map((owner) => owner.toLowerCase()),
    );
    expect(new Set(asked.map(({ requestId }) => toHex(requestId))).size).toBe(asked.length);
    for (const [place, { signData, dataType, chainId, requestId }] of asked.entries()) {
      expect([dataType, chainId]).toEqual(["typedData", 31337]);
      expect(digestOf(signData)).toBe(`0x${toHex(safe.hash)}`);
      expect(answererOf(safe, requestId)).toBe(safe.safe.keys[place]);
    }
  });

  test("of a text is the typed data of its one type", () => {
    const text = attestation();
    const [asked] = signRequestsOf(text) as [SignRequest];
    expect([asked.dataType, digestOf(asked.signData)]).toEqual(["typedData", `0x${toHex(text.hash)}`]);
    const { message, primaryType } = JSON.parse(new TextDecoder().decode(asked.signData)) as {
      message: { message: string };
      primaryType: string;
    };
    expect([primaryType, message.message]).toEqual(["Attestation", "reserves of a day"]);
  });
});

describe("an answer", () => {
  test.each<[string, (yParity: number) => string]>([
    ["the parity", plain],
    ["27 more", (yParity) => (27 + yParity).toString(16)],
    ["EIP-155's", (yParity) => (35 + 2 * 31337 + yParity).toString(16).padStart(6, "0")],
  ])("twin: with v as %s", (_what, vOf) => {
    const { key, signature, input } = answerOf(attempt, attempt.account, signed(attempt.hash, vOf));
    expect([input, key]).toEqual([0, toHex(attempt.account.key.publicKey)]);
    expect(`0x${signature}`).toBe(KEY.sign(attempt.hash).serialized);
  });

  test.each<[string, Uint8Array]>([
    ["for another rung", signed(other.hash, plain)],
    ["with the other parity", signed(attempt.hash, (yParity) => `0${1 - yParity}`)],
    ["of another chain's v", signed(attempt.hash, (yParity) => (37 + yParity).toString(16))],
  ])("%s does not count", (_what, answer) => {
    expect([ANSWERS_OTHERWISE.code, SIGNATURE_MALFORMED.code]).toContain(
      codeOf(() => answerOf(attempt, attempt.account, answer)),
    );
  });

  test("with a high s does not count: it would give the payment a second id", () => {
    const { r, s, yParity } = KEY.sign(attempt.hash);
    const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = (ORDER - BigInt(s)).toString(16).padStart(64, "0");
    const answer = getBytes(`${r}${high}0${1 - yParity}`);
    expect(codeOf(() => answerOf(attempt, attempt.account, answer))).toBe(SIGNATURE_MALFORMED.code);
  });
});

describe("an owner's answer", () => {
  const safe = safeAttempt();
  const keys = safe.safe.keys.map(({ key }) => ({
    fingerprint: key.fingerprint,
    secret: openKeys().wallets.privateKey(key.fingerprint, key.path),
  }));
  const place = keys.findIndex(({ secret }) => secret !== undefined);
  const owner = safe.safe.keys[place] as (typeof safe.safe.keys)[number];
  const own = new SigningKey(keys[place]?.secret as Uint8Array);
  const answer = (v: (yParity: number) => number) => {
    const { r, s, yParity } = own.sign(safe.hash);
    return getBytes(`${r}${s.slice(2)}${v(yParity).toString(16).padStart(2, "0")}`);
  };

  test("twin: over the typed data is its signature of the Safe's transaction", () => {
    for (const v of [(yParity: number) => yParity, (yParity: number) => 27 + yParity])
      expect(answerOf(safe, owner, answer(v)).key).toBe(toHex(owner.key.publicKey));
  });

  test.each([
    ["of eth_sign (v 31 and 32), over another hash", (yParity: number) => 31 + yParity],
    ["with a transaction's v", (yParity: number) => 62709 + yParity],
  ])("%s does not count", (_what, v) => {
    const given = v(0) > 255 ? getBytes(`0x${toHex(answer(() => 0)).slice(0, 128)}00f4f5`) : answer(v);
    expect([ANSWERS_OTHERWISE.code, SIGNATURE_MALFORMED.code]).toContain(
      codeOf(() => answerOf(safe, owner, given)),
    );
  });

  test("of another owner does not count for this one", () => {
    const another = safe.safe.keys.find(({ address }) => address !== owner.address) as typeof owner;
    expect(
      codeOf(() =>
        answerOf(
          safe,
          another,
          answer((yParity) => yParity),
        ),
      ),
    ).toBe(ANSWERS_OTHERWISE.code);
  });
});
