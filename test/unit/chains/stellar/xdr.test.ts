/** XDR in its one form: what is changed, cut or longer is refused by a typed error, or is read as what it is. */
import type { Transaction } from "@stellar/stellar-base";
import {
  Account,
  Asset,
  FeeBumpTransaction,
  Keypair,
  Memo,
  Networks,
  Operation,
  TransactionBuilder,
} from "@stellar/stellar-base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STELLAR_CHAINS } from "../../../../src/core/chain.ts";
import { CustodyError } from "../../../../src/core/errors.ts";
import { fromBase64, toHex } from "../../../../src/core/hex.ts";
import {
  envelopeBytes,
  feeBumpHash,
  readEnvelope,
  transactionBytes,
  transactionHash,
} from "../../../../src/chains/stellar/envelope.ts";
import { bool, decodeXdr, encodeXdr, list, opaque, uint32 } from "../../../../src/chains/stellar/xdr/type.ts";
import { SC_VAL, type ScVal } from "../../../../src/chains/stellar/xdr/sc-val.ts";
import { ENVELOPE } from "../../../../src/chains/stellar/xdr/transaction.ts";
import { codeOf } from "../../../factory/thrown.ts";

const PUBNET = STELLAR_CHAINS.mainnet;
const bytes = (...values: readonly number[]) => Uint8Array.from(values);

/** A transaction of stellar-base's own making, signed. */
function made(amount: number, memo: string, count: number): Transaction {
  const source = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 7));
  const payee = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 8)).publicKey();
  const builder = new TransactionBuilder(new Account(source.publicKey(), "41"), {
    fee: "100",
    networkPassphrase: Networks.PUBLIC,
    memo: Memo.text(memo),
    timebounds: { minTime: 0, maxTime: 1_800_000_000 },
  });
  const asset = new Asset("iSTSi", source.publicKey());
  const units = (amount / 1e7).toFixed(7);
  for (let place = 0; place < count; place++)
    builder.addOperation(Operation.payment({ destination: payee, asset, amount: units }));
  const transaction = builder.build();
  transaction.sign(source);
  return transaction;
}

describe("of any transaction that stellar-base makes", () => {
  test("bytes and hash are the same", () => {
    const text = fc.string({ unit: "grapheme-ascii", maxLength: 28 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), text, fc.integer({ min: 1, max: 5 }), (...of) => {
        const theirs = made(...of);
        const envelope = readEnvelope(fromBase64(theirs.toEnvelope().toXDR("base64")), "envelope");
        if (envelope.type !== "tx") throw new TypeError("an envelope of today has type tx");
        const { tx, signatures } = envelope.value;
        expect(toHex(transactionHash(tx, PUBNET))).toBe(theirs.hash().toString("hex"));
        expect(toHex(envelopeBytes(tx, signatures))).toBe(theirs.toEnvelope().toXDR("hex"));
      }),
      { numRuns: 50 },
    );
  });

  test("a fee bump has a name of its own, and keeps the name of what it carries", () => {
    const inner = made(1, "inner", 1);
    const payer = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 9));
    const bump = TransactionBuilder.buildFeeBumpTransaction(payer, "5000", inner, Networks.PUBLIC);
    expect(bump).toBeInstanceOf(FeeBumpTransaction);
    const envelope = readEnvelope(fromBase64(bump.toEnvelope().toXDR("base64")), "envelope");
    if (envelope.type !== "feeBump") throw new TypeError("a fee bump is one");
    const { tx } = envelope.value;
    expect(toHex(feeBumpHash(tx, PUBNET))).toBe(bump.hash().toString("hex"));
    expect(toHex(transactionHash(tx.innerTx.value.tx, PUBNET))).toBe(inner.hash().toString("hex"));
  });
});

describe("one form", () => {
  test("what is changed anywhere is refused, or says something else in its one form", () => {
    const whole = fromBase64(made(25, "memo", 2).toEnvelope().toXDR("base64"));
    for (let place = 0; place < whole.length; place++) {
      for (const flip of [0x01, 0x80]) {
        const other = Uint8Array.from(whole);
        other[place] = (other[place] ?? 0) ^ flip;
        try {
          expect(toHex(encodeXdr(ENVELOPE, readEnvelope(other, "envelope")))).toBe(toHex(other));
        } catch (error) {
          expect(error instanceof CustodyError && error.code).toBe("STELLAR_XDR_MALFORMED");
        }
      }
    }
  });

  test("cut short, or longer, it is refused", () => {
    const whole = fromBase64(made(25, "memo", 1).toEnvelope().toXDR("base64"));
    for (let length = 0; length < whole.length; length++)
      expect(codeOf(() => readEnvelope(whole.subarray(0, length), "envelope"))).toBe("STELLAR_XDR_MALFORMED");
    const longer = Uint8Array.from([...whole, 0, 0, 0, 0]);
    expect(codeOf(() => readEnvelope(longer, "envelope"))).toBe("STELLAR_XDR_MALFORMED");
    expect(codeOf(() => readEnvelope(new Uint8Array(300_000), "envelope"))).toBe("STELLAR_XDR_MALFORMED");
  });

  test("padding is zero, a boolean 0 or 1, a length no more than what is there", () => {
    expect(decodeXdr(opaque(3), bytes(1, 2, 3, 0), "it")).toEqual(bytes(1, 2, 3));
    expect(codeOf(() => decodeXdr(opaque(3), bytes(1, 2, 3, 1), "it"))).toBe("STELLAR_XDR_MALFORMED");
    expect(decodeXdr(bool, bytes(0, 0, 0, 1), "it")).toBe(true);
    expect(codeOf(() => decodeXdr(bool, bytes(0, 0, 0, 2), "it"))).toBe("STELLAR_XDR_MALFORMED");
    expect(codeOf(() => decodeXdr(list(uint32), bytes(255, 255, 255, 255), "it"))).toBe(
      "STELLAR_XDR_MALFORMED",
    );
  });

  test("values in values: as deep as a person could read, and no deeper", () => {
    const nested = (depth: number): ScVal =>
      depth === 0 ? { type: "void" } : { type: "vec", value: [nested(depth - 1)] };
    const readable = encodeXdr(SC_VAL, nested(60));
    expect(toHex(encodeXdr(SC_VAL, decodeXdr(SC_VAL, readable, "value")))).toBe(toHex(readable));
    expect(codeOf(() => decodeXdr(SC_VAL, encodeXdr(SC_VAL, nested(64)), "value"))).toBe(
      "STELLAR_XDR_TOO_DEEP",
    );
    // A list that is there, of one item, ten thousand times.
    const bottomless = bytes(
      ...Array.from({ length: 10_000 }, () => [0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1]).flat(),
    );
    expect(codeOf(() => decodeXdr(SC_VAL, bottomless, "value"))).toBe("STELLAR_XDR_TOO_DEEP");
  });

  test("an error says where", () => {
    const envelope = readEnvelope(fromBase64(made(1, "m", 1).toEnvelope().toXDR("base64")), "envelope");
    if (envelope.type !== "tx") throw new TypeError("an envelope of today has type tx");
    const plain = transactionBytes(envelope.value.tx);
    expect(() => decodeXdr(ENVELOPE, plain.subarray(0, 8), "envelope")).toThrow(/envelope/);
  });
});
