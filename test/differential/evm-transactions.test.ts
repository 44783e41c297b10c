/**
 * Transactions and their signatures beside ethers and micro-eth-signer: written, hashed, signed and read alike. And what we
 * read has one spelling: no bytes are taken that either of them would write otherwise.
 */
import { SigningKey, Transaction as Ethers } from "ethers";
import fc from "fast-check";
import { Transaction as Micro } from "micro-eth-signer";
import { describe, expect, test } from "vitest";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { decodeRlp, encodeRlp, type Rlp } from "../../src/chains/evm/rlp.ts";
import { recoverAddress } from "../../src/chains/evm/signature.ts";
import {
  encodeSigned,
  encodeUnsigned,
  parseSigned,
  parseUnsigned,
  signingHash,
  transactionHash,
  type EvmTransaction,
} from "../../src/chains/evm/transaction.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { concatBytes, equalBytes, fromHex, toHex } from "../../src/core/hex.ts";
import { anySecret, anyTransaction, chainOf } from "./evm-samples.ts";

const hex = (bytes: Uint8Array) => `0x${toHex(bytes)}`;
const RUNS = { numRuns: 300 };

const listOf = (transaction: EvmTransaction) =>
  transaction.type === 0
    ? []
    : transaction.accessList.map(({ address, keys }) => ({ address, storageKeys: keys.map(hex) }));

function ethersOf(transaction: EvmTransaction): Ethers {
  const { nonce, data, type } = transaction;
  const list = type === 0 ? {} : { accessList: listOf(transaction) };
  const { accessList: _, ...fields } = { accessList: undefined, ...transaction };
  return Ethers.from({ ...fields, ...list, nonce: Number(nonce), data: hex(data) });
}

function microOf(transaction: EvmTransaction) {
  const { chainId, nonce, gasLimit, to, value } = transaction;
  const common = { chainId, nonce, gasLimit, to, value, data: hex(transaction.data) };
  if (transaction.type === 0)
    return Micro.prepare({ ...common, type: "legacy", gasPrice: transaction.gasPrice }, false);
  const accessList = listOf(transaction);
  if (transaction.type === 1)
    return Micro.prepare({ ...common, accessList, type: "eip2930", gasPrice: transaction.gasPrice }, false);
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction;
  return Micro.prepare({ ...common, accessList, type: "eip1559", maxFeePerGas, maxPriorityFeePerGas }, false);
}

/** What `read` makes of the bytes; undefined where it refuses them. Of ours, only a typed error is a refusal. */
function attempt<T>(read: () => T, refusal: (error: unknown) => boolean = () => true): T | undefined {
  try {
    return read();
  } catch (error) {
    if (refusal(error)) return undefined;
    throw error;
  }
}

const ours = (bytes: Uint8Array, transaction: EvmTransaction) =>
  attempt(
    () => parseUnsigned(bytes, chainOf(transaction)),
    (error) => error instanceof CustodyError,
  );

describe("transactions at random", () => {
  test("are written, hashed and signed as ethers does", () => {
    fc.assert(
      fc.property(anyTransaction, anySecret, (transaction, secret) => {
        const theirs = ethersOf(transaction);
        expect(hex(encodeUnsigned(transaction))).toBe(theirs.unsignedSerialized);
        expect(hex(signingHash(transaction))).toBe(theirs.unsignedHash);
        const signature = signRecoverable(signingHash(transaction), secret);
        theirs.signature = new SigningKey(secret).sign(theirs.unsignedHash);
        const bytes = encodeSigned(transaction, signature);
        expect(hex(bytes)).toBe(theirs.serialized);
        expect(hex(transactionHash(bytes))).toBe(theirs.hash);
        expect(recoverAddress(signingHash(transaction), signature)).toBe(theirs.from);
      }),
      RUNS,
    );
  });

  test("are signed as micro-eth-signer does, to the byte: nonces are RFC 6979's", () => {
    fc.assert(
      fc.property(anyTransaction, anySecret, (transaction, secret) => {
        const theirs = microOf(transaction).signBy(secret, false);
        const bytes = encodeSigned(transaction, signRecoverable(signingHash(transaction), secret));
        expect(hex(bytes)).toBe(theirs.toHex());
        expect(hex(transactionHash(bytes))).toBe(theirs.hash);
      }),
      RUNS,
    );
  });

  test("are read back as they were, unsigned and signed", () => {
    fc.assert(
      fc.property(anyTransaction, anySecret, (transaction, secret) => {
        const signature = signRecoverable(signingHash(transaction), secret);
        const chain = chainOf(transaction);
        expect(parseUnsigned(encodeUnsigned(transaction), chain)).toEqual(transaction);
        expect(parseSigned(encodeSigned(transaction, signature), chain)).toEqual({ transaction, signature });
      }),
      RUNS,
    );
  });
});

/** One byte changed, put in or left out, a piece that stands twice; or one field spelt otherwise. */
const anyEdit = fc.record({
  place: fc.nat(),
  byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0xb8, 0xc0, 0xf8)),
  how: fc.constantFrom("change", "insert", "remove", "repeat", "append", "zero", "long"),
});
type Edit = typeof anyEdit extends fc.Arbitrary<infer T> ? T : never;

function edited(bytes: Uint8Array, { place, byte, how }: Edit): Uint8Array {
  if (how === "zero" || how === "long") return respelt(bytes, place, how);
  // Most of what there is to get wrong stands at the beginning.
  const at = place % (place % 2 === 0 ? Math.min(bytes.length, 24) : bytes.length);
  const before = bytes.subarray(0, at);
  if (how === "append") return concatBytes(bytes, Uint8Array.of(byte));
  if (how === "insert") return concatBytes(before, Uint8Array.of(byte), bytes.subarray(at));
  if (how === "remove") return concatBytes(before, bytes.subarray(at + 1));
  if (how === "repeat") return concatBytes(bytes.subarray(0, at + 1), bytes.subarray(at));
  return concatBytes(before, Uint8Array.of(byte), bytes.subarray(at + 1));
}

/** The transaction with a leading zero in one field, or with a length where none belongs. */
function respelt(bytes: Uint8Array, place: number, how: "zero" | "long"): Uint8Array {
  const type = (bytes[0] as number) < 0x80 ? bytes.subarray(0, 1) : new Uint8Array();
  const items = decodeRlp(bytes.subarray(type.length)) as readonly Rlp[];
  const body = items.map((item, at) => {
    if (at !== place % items.length || !(item instanceof Uint8Array) || item.length > 55)
      return encodeRlp(item);
    if (how === "zero") return encodeRlp(concatBytes(Uint8Array.of(0), item));
    return concatBytes(Uint8Array.of(0xb8, item.length), item);
  });
  const whole = encodeRlp(concatBytes(...body));
  // A list's prefix is that of a string as long, and 0x40.
  return concatBytes(type, Uint8Array.of((whole[0] as number) + 0x40), whole.subarray(1));
}

describe("spoilt bytes", () => {
  test("what is read is written again as it was, and others read the same in it", () => {
    let [read, alike] = [0, 0];
    fc.assert(
      fc.property(anyTransaction, anyEdit, (transaction, edit) => {
        const bytes = edited(encodeUnsigned(transaction), edit);
        const found = ours(bytes, transaction);
        if (found === undefined) return;
        read += 1;
        expect(hex(encodeUnsigned(found))).toBe(hex(bytes));
        // ethers has no numbers above 2^53 for nonces.
        if (found.nonce >= 2n ** 53n) return;
        alike += 1;
        const theirs = Ethers.from(hex(bytes));
        expect(theirs.unsignedSerialized).toBe(hex(bytes));
        expect(ethersOf(found).unsignedHash).toBe(theirs.unsignedHash);
        expect(Micro.fromBytes(bytes).toHex()).toBe(hex(bytes));
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(read, alike)).toBeGreaterThan(50);
  });

  test("what ethers reads and would write otherwise is refused; what it would write alike is not", () => {
    let [otherwise, alike] = [0, 0];
    fc.assert(
      fc.property(anyTransaction, anyEdit, (transaction, edit) => {
        const bytes = edited(encodeUnsigned(transaction), edit);
        const theirs = attempt(() => Ethers.from(hex(bytes)));
        const again = theirs && attempt(() => fromHex(theirs.unsignedSerialized.slice(2)));
        if (theirs === undefined || again === undefined) return;
        const found = ours(bytes, transaction);
        if (!equalBytes(again, bytes)) {
          otherwise += 1;
          expect(found).toBeUndefined();
        } else if (isOfKindSigned(theirs, transaction)) {
          alike += 1;
          expect(found).toBeDefined();
        }
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(otherwise, alike)).toBeGreaterThan(50);
  });
});

/** Whether nothing but its spelling could speak against it. */
function isOfKindSigned(theirs: Ethers, { chainId }: EvmTransaction): boolean {
  const { type, to, gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas, value, signature } = theirs;
  if (theirs.chainId !== chainId || to === null || signature !== null || (type ?? 3) > 2) return false;
  const price = maxFeePerGas ?? gasPrice ?? 0n;
  if (gasLimit >= 2n ** 64n || gasLimit * price + value >= 2n ** 256n) return false;
  return (maxPriorityFeePerGas ?? 0n) <= price;
}
