/** E10: bytes with the same meaning as others, or too many of them. Each transaction has one spelling, and a size. */
import { describe, expect, test } from "vitest";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { quantityBytes, wordBytes } from "../../src/chains/evm/quantity.ts";
import { decodeRlp, encodeRlp, type Rlp } from "../../src/chains/evm/rlp.ts";
import {
  encodeSigned,
  parseSigned,
  parseUnsigned,
  signingHash,
  type EvmTransaction,
} from "../../src/chains/evm/transaction.ts";
import { concatBytes } from "../../src/core/hex.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import { BASE, baseWith, bytesOf, FIELDS, itemsOf, LEGACY_BASE, said, type Field } from "./evm-payment.ts";

const ZERO = Uint8Array.of(0);
const bytesAt = (field: Field) => bytesOf(BASE, field);

/** The prefix of a list whose items have `length` bytes together. */
function listPrefix(length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(0xc0 + length);
  const digits = quantityBytes(BigInt(length));
  return concatBytes(Uint8Array.of(0xf7 + digits.length), digits);
}

/** A list of items that are spelt already. */
function listOf(...spelt: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...spelt);
  return concatBytes(listPrefix(body.length), body);
}

/** An empty list in as many others. */
function nested(depth: number): Uint8Array {
  const prefixes: Uint8Array[] = [];
  for (let length = 0; prefixes.length < depth; length += prefixes[0]?.length ?? 0)
    prefixes.unshift(listPrefix(length));
  return concatBytes(...prefixes);
}

/** `BASE` with one item spelt otherwise. */
const spelling = (field: Field, item: Uint8Array) =>
  concatBytes(
    Uint8Array.of(2),
    listOf(...itemsOf(BASE).map((one, place) => (FIELDS[place] === field ? item : encodeRlp(one)))),
  );

describe("spellings of a plan's transaction", () => {
  test("E10 twin: in its one spelling it is signed", () => {
    expect(said(BASE)).toBe("none");
    expect(spelling("nonce", encodeRlp(bytesAt("nonce")))).toEqual(BASE);
  });

  test.each(["chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gasLimit", "value"] as const)(
    "E10: %s has a leading zero",
    (field) => {
      expect(said(baseWith({ [field]: concatBytes(ZERO, bytesAt(field)) }))).toBe("G5_EVM_RLP_MALFORMED");
    },
  );

  test("E10: zero is a byte 0, not nothing", () => {
    const zero = { nonce: new Uint8Array() };
    expect(parseUnsigned(baseWith(zero), ANVIL).nonce).toBe(0n);
    expect(codeOf(() => parseUnsigned(baseWith({ nonce: ZERO }), ANVIL))).toBe("EVM_RLP_MALFORMED");
  });

  test("E10: a byte below 0x80, a short string or a short list spelt the long way", () => {
    expect(bytesAt("nonce")).toEqual(Uint8Array.of(7));
    expect(said(spelling("nonce", Uint8Array.of(0x81, 7)))).toBe("G5_EVM_RLP_MALFORMED");
    expect(said(spelling("to", concatBytes(Uint8Array.of(0xb8, 20), bytesAt("to"))))).toBe(
      "G5_EVM_RLP_MALFORMED",
    );
    expect(said(spelling("accessList", Uint8Array.of(0xf8, 0)))).toBe("G5_EVM_RLP_MALFORMED");
    expect(said(spelling("accessList", encodeRlp([])))).toBe("none");
  });

  test("E10: a length has a leading zero", () => {
    const [, ...body] = BASE.subarray(1);
    const length = BASE.length - 2;
    expect(BASE[1]).toBe(0xc0 + length);
    expect(said(Uint8Array.of(2, 0xf8, length, ...body))).toBe("G5_EVM_RLP_MALFORMED");
    expect(said(Uint8Array.of(2, 0xf9, 0, length, ...body))).toBe("G5_EVM_RLP_MALFORMED");
  });

  test("E10: bytes stand behind the end, or are missing", () => {
    expect(said(concatBytes(BASE, ZERO))).toBe("G5_EVM_RLP_MALFORMED");
    expect(said(concatBytes(BASE, BASE.subarray(1)))).toBe("G5_EVM_RLP_MALFORMED");
    for (let end = 1; end < BASE.length; end++)
      expect(codeOf(() => parseUnsigned(BASE.subarray(0, end), ANVIL))).toBe("EVM_RLP_MALFORMED");
    expect(said(new Uint8Array())).toBe("G5_EVM_TRANSACTION_MALFORMED");
    // A string of nine bytes is no list of nine fields.
    expect(said(Uint8Array.of(2, 0x89, ...new Uint8Array(9)))).toBe("G5_EVM_TRANSACTION_MALFORMED");
  });

  test("E10: a field too many, one too few, or a list where bytes belong", () => {
    const items = itemsOf(BASE);
    const typed = (list: readonly Rlp[]) => said(concatBytes(Uint8Array.of(2), encodeRlp(list)));
    expect(typed(items)).toBe("none");
    expect(typed([...items, new Uint8Array()])).toBe("G5_EVM_TRANSACTION_MALFORMED");
    expect(typed(items.slice(0, -1))).toBe("G5_EVM_TRANSACTION_MALFORMED");
    expect(said(baseWith({ nonce: [] }))).toBe("G5_EVM_RLP_MALFORMED");
    for (const field of ["to", "data"] as const)
      expect(said(baseWith({ [field]: [] }))).toBe("G5_EVM_TRANSACTION_MALFORMED");
    expect(said(baseWith({ accessList: new Uint8Array() }))).toBe("G5_EVM_TRANSACTION_MALFORMED");
  });

  test("E10: the empty places of EIP-155 are not empty", () => {
    const items = itemsOf(LEGACY_BASE);
    expect(said(encodeRlp(items))).toBe("none");
    for (const filled of [ZERO, Uint8Array.of(1), []])
      for (const place of [7, 8])
        expect(said(encodeRlp(items.map((item, at) => (at === place ? filled : item))))).toBe(
          "G5_EVM_TRANSACTION_MALFORMED",
        );
  });
});

describe("spellings of an access list", () => {
  const address = fixtureBytes("contract").subarray(0, 20);
  const key = fixtureBytes("key");
  const read = (accessList: Rlp) => codeOf(() => parseUnsigned(baseWith({ accessList }), ANVIL));

  test("E10 twin: addresses with keys are read, in their order and as often as they are there", () => {
    const accessList = [
      [address, [key, wordBytes(0n), key]],
      [address, []],
    ];
    const read = parseUnsigned(baseWith({ accessList }), ANVIL);
    expect(read.type === 2 && read.accessList.map(({ keys }) => keys)).toEqual([
      [key, wordBytes(0n), key],
      [],
    ]);
  });

  test.each<[string, Rlp]>([
    ["an address of 19 bytes", [[address.subarray(1), []]]],
    ["a key of 31 bytes", [[address, [key.subarray(1)]]]],
    ["a key without its leading zeros", [[address, [Uint8Array.of(1)]]]],
    ["a third item", [[address, [], []]]],
    ["an address alone", [[address]]],
    ["keys that are no list", [[address, key]]],
    ["an entry that is no list", [address]],
    ["an empty entry", [[]]],
  ])("E10: it holds %s", (_, accessList) => {
    expect(read(accessList)).toBe("EVM_TRANSACTION_MALFORMED");
  });

  test("E10: a key that is a list goes deeper than any transaction", () => {
    expect(read([[address, [[key]]]])).toBe("EVM_RLP_TOO_LARGE");
  });
});

describe("sizes", () => {
  const data = (length: number) => baseWith({ data: new Uint8Array(length).fill(1) });
  const room = LIMITS.evmTransactionBytesMax - 72;
  const rest = data(70_000).length - 70_000;

  test("E10 twin: the longest that a node still takes once it is signed", () => {
    const bytes = data(room - rest);
    expect(bytes.length).toBe(room);
    const transaction = parseUnsigned(bytes, ANVIL);
    const signature = signRecoverable(signingHash(transaction), fixtureBytes("E10"));
    const signed = encodeSigned(transaction, signature);
    expect(signed.length).toBeLessThanOrEqual(LIMITS.evmTransactionBytesMax);
    expect(parseSigned(signed, ANVIL).transaction).toEqual(transaction);
  });

  test("E10: a byte more, and ten megabytes, before any of it is read", () => {
    expect(said(data(room - rest + 1))).toBe("G5_EVM_RLP_TOO_LARGE");
    expect(codeOf(() => parseUnsigned(data(10_000_000), ANVIL))).toBe("EVM_RLP_TOO_LARGE");
    expect(codeOf(() => parseSigned(data(LIMITS.evmTransactionBytesMax), ANVIL))).toBe("EVM_RLP_TOO_LARGE");
  });

  test("E10: a length that promises gigabytes", () => {
    expect(said(Uint8Array.of(2, 0xfb, 0xff, 0xff, 0xff, 0xff))).toBe("G5_EVM_RLP_TOO_LARGE");
    expect(said(Uint8Array.of(2, 0xff, ...new Uint8Array(8).fill(0xff)))).toBe("G5_EVM_RLP_TOO_LARGE");
    expect(said(Uint8Array.of(2, 0xfa, 0xff, 0xff, 0xff))).toBe("G5_EVM_RLP_MALFORMED");
  });

  test("E10: lists in lists, and a hundred thousand items", () => {
    expect(codeOf(() => decodeRlp(nested(LIMITS.rlpDepthMax)))).toBe("none");
    expect(codeOf(() => decodeRlp(nested(LIMITS.rlpDepthMax + 1)))).toBe("EVM_RLP_TOO_LARGE");
    // Far below what recursion without a limit would survive.
    expect(codeOf(() => decodeRlp(nested(30_000)))).toBe("EVM_RLP_TOO_LARGE");
    const items = (count: number) => encodeRlp(Array.from({ length: count }, () => new Uint8Array()));
    expect(codeOf(() => decodeRlp(items(LIMITS.rlpItemsMax - 1)))).toBe("none");
    expect(codeOf(() => decodeRlp(items(LIMITS.rlpItemsMax)))).toBe("EVM_RLP_TOO_LARGE");
    expect(codeOf(() => decodeRlp(items(100_000)))).toBe("EVM_RLP_TOO_LARGE");
  });
});

describe("spellings of a signature", () => {
  const transaction: EvmTransaction = parseUnsigned(BASE, ANVIL);
  const signature = signRecoverable(signingHash(transaction), fixtureBytes("E10"));
  const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const withSignature = (v: Rlp, r: Rlp, s: Rlp) =>
    codeOf(() => parseSigned(concatBytes(Uint8Array.of(2), encodeRlp([...itemsOf(BASE), v, r, s])), ANVIL));
  const [v, r, s] = [BigInt(signature.yParity), signature.r, signature.s].map(quantityBytes) as [
    Rlp,
    Rlp,
    Rlp,
  ];

  test("E10 twin: r, s and parity as they were made", () => {
    expect(withSignature(v, r, s)).toBe("none");
  });

  test("E10: the other of the two that each signature has (EIP-2)", () => {
    const [otherV, high] = [1n - BigInt(signature.yParity), ORDER - signature.s].map(quantityBytes);
    expect(withSignature(otherV as Rlp, r, high as Rlp)).toBe("EVM_SIGNATURE_MALFORMED");
  });

  test("E10: numbers out of range, with leading zeros, or a parity of neither kind", () => {
    const none = new Uint8Array();
    for (const number of [none, quantityBytes(ORDER), quantityBytes(2n ** 256n - 1n)]) {
      expect(withSignature(v, number, s)).toBe("EVM_SIGNATURE_MALFORMED");
      expect(withSignature(v, r, number)).toBe("EVM_SIGNATURE_MALFORMED");
    }
    expect(withSignature(v, concatBytes(ZERO, r as Uint8Array), s)).toBe("EVM_RLP_MALFORMED");
    expect(withSignature(quantityBytes(2n), r, s)).toBe("EVM_SIGNATURE_MALFORMED");
    expect(withSignature(quantityBytes(27n), r, s)).toBe("EVM_SIGNATURE_MALFORMED");
    expect(withSignature(ZERO, r, s)).toBe("EVM_RLP_MALFORMED");
  });
});
