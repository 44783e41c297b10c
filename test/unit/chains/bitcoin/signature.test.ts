import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { combine, SIGNATURES_INCOMPLETE } from "../../../../src/chains/bitcoin/finalize.ts";
import { digests } from "../../../../src/chains/bitcoin/sighash.ts";
import {
  encodeSignature,
  SIGNATURE_INVALID,
  verifySignatures,
} from "../../../../src/chains/bitcoin/signature.ts";
import { parseTransaction, transactionId } from "../../../../src/chains/bitcoin/transaction.ts";
import type { InputSignature } from "../../../../src/core/documents/receipt.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { goodAttempt, privateKeyOf, signAll, testWallet } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const { tx, transaction } = goodAttempt(wallet);
const signatures = signAll(wallet, tx);
const first = signatures[0] as InputSignature;
const second = signatures[1] as InputSignature;

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The first digest signed by the right key with r and s as they come, through `change`. */
function signedBy(
  change: (compact: Uint8Array) => Uint8Array,
  accept: (compact: Uint8Array) => boolean = () => true,
): InputSignature {
  const { digest, keys, input } = digests(tx)[0] as ReturnType<typeof digests>[number];
  const [key] = keys as [(typeof keys)[number]];
  const { publicKey } = key;
  const privateKey = privateKeyOf(wallet, key);
  for (let counter = 0; ; counter++) {
    const entropy = new Uint8Array(32).fill(counter);
    const compact = ecc.sign(digest, privateKey, entropy);
    if (accept(compact)) return { input, key: toHex(publicKey), signature: encodeSignature(change(compact)) };
  }
}

describe("verifySignatures", () => {
  test("accepts all, some, and high R", () => {
    verifySignatures(tx, signatures);
    verifySignatures(tx, [second]);
    verifySignatures(tx, []);
    const highR = signedBy(
      (compact) => compact,
      (compact) => (compact[0] as number) >= 0x80,
    );
    expect(fromHex(highR.signature).length).toBe(72);
    verifySignatures(tx, [highR]);
    for (const { signature } of signatures) expect(fromHex(signature).length).toBeLessThanOrEqual(71);
  });

  test("refuses a signature for another input, by another key, or twice", () => {
    expectRefusal(() => verifySignatures(tx, [{ ...first, input: 1 }]), SIGNATURE_INVALID);
    expectRefusal(() => verifySignatures(tx, [{ ...first, key: second.key }]), SIGNATURE_INVALID);
    expectRefusal(() => verifySignatures(tx, [{ ...first, signature: second.signature }]), SIGNATURE_INVALID);
    expect(
      expectRefusal(() => verifySignatures(tx, [first, second, first]), SIGNATURE_INVALID).message,
    ).toContain("a second one");
    const beyond = expectRefusal(() => verifySignatures(tx, [{ ...first, input: 2 }]), SIGNATURE_INVALID);
    expect([beyond.exit, beyond.details["input"]]).toEqual(["verification", 2]);
  });

  test("B9: refuses sighash bytes other than ALL", () => {
    for (const type of ["00", "02", "03", "81"]) {
      expectRefusal(
        () => verifySignatures(tx, [{ ...first, signature: first.signature.replace(/..$/, type) }]),
        SIGNATURE_INVALID,
      );
    }
  });

  test("BIP-62: refuses the same signature with high S", () => {
    verifySignatures(tx, [signedBy((compact) => compact)]);
    const malleated = signedBy((compact) => {
      const s = ORDER - BigInt(`0x${toHex(compact.subarray(32))}`);
      return fromHex(toHex(compact.subarray(0, 32)) + s.toString(16).padStart(64, "0"));
    });
    expect(expectRefusal(() => verifySignatures(tx, [malleated]), SIGNATURE_INVALID).message).toContain(
      "high S",
    );
  });

  test("BIP-66: refuses what is not strict DER, and numbers out of range", () => {
    const der = fromHex(first.signature);
    const broken = [
      "",
      "01",
      toHex(der.subarray(0, -2)) + "01",
      toHex(der.subarray(0, -1)),
      "31" + first.signature.slice(2),
      "30" + "46" + "0221" + "00" + "01".repeat(32) + first.signature.slice(8 + 64),
      "3006020100020101" + "01",
      "3006020101020100" + "01",
      `3045${"0221" + "00" + "ff".repeat(32)}${"0220" + "01".repeat(32)}01`,
      "3046" + "0222" + "01".repeat(34) + "0220" + "01".repeat(32) + "01",
    ];
    for (const signature of broken)
      expectRefusal(() => verifySignatures(tx, [{ ...first, signature }]), SIGNATURE_INVALID);
  });

  test("every flipped bit of a signature is noticed", () => {
    const bytes = fromHex(first.signature);
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expectRefusal(() => verifySignatures(tx, [{ ...first, signature: toHex(flipped) }]), SIGNATURE_INVALID);
    }
  });
});

describe("combine", () => {
  test("gives the transaction that was decoded, with two witness items an input", () => {
    const raw = parseTransaction(combine(tx, signatures));
    expect(transactionId(raw)).toBe(transaction);
    expect(raw.inputs.map(({ witness }) => witness.map(toHex))).toEqual(
      signatures.map(({ key, signature }) => [signature, key]),
    );
  });

  test("names what is missing", () => {
    const error = expectRefusal(() => combine(tx, [second]), SIGNATURES_INCOMPLETE);
    expect([error.exit, error.details["missing"]]).toEqual(["pending", ["0"]]);
  });
});
