/** Signatures with their two ranges and their parity; whose they are; and 65 bytes as contracts have them. */
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { signRecoverable } from "../../../../signer/sign/evm-ecdsa.ts";
import { addressOfKey } from "../../../../src/chains/evm/address.ts";
import { keccak256 } from "../../../../src/chains/evm/keccak.ts";
import {
  parseSignature,
  readSignature,
  recoverAddress,
  recoverKey,
  signatureBytes,
  SIGNATURE_MALFORMED,
} from "../../../../src/chains/evm/signature.ts";
import { wordBytes } from "../../../../src/chains/evm/quantity.ts";
import { concatBytes, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const secret = fixtureBytes("account");
const key = (ecc.pointFromScalar(secret, false) as Uint8Array).subarray(1);
const hash = keccak256(fixtureBytes("transaction"));
const signature = signRecoverable(hash, secret);
const { r, s } = signature;
const yParity = BigInt(signature.yParity);
const refused = (...[parts]: Parameters<typeof readSignature>) =>
  expectRefusal(() => readSignature(parts), SIGNATURE_MALFORMED).message;

describe("ranges", () => {
  test("r and s from 1 to below the order, s to its half (EIP-2), a parity of 0 or 1", () => {
    expect(readSignature({ r, s, yParity })).toEqual(signature);
    expect(readSignature({ r: 1n, s: ORDER / 2n, yParity: 0n })).toEqual({
      r: 1n,
      s: ORDER / 2n,
      yParity: 0,
    });
    expect(readSignature({ r: ORDER - 1n, s: 1n, yParity: 1n })).toEqual({
      r: ORDER - 1n,
      s: 1n,
      yParity: 1,
    });
    for (const value of [-1n, 0n, ORDER, 2n ** 256n - 1n]) {
      expect(refused({ r: value, s, yParity })).toContain("out of range");
      expect(refused({ r, s: value, yParity })).toContain("out of range");
    }
    expect(refused({ r, s: ORDER / 2n + 1n, yParity })).toContain("half");
    expect(refused({ r, s: ORDER - s, yParity: 1n - yParity })).toContain("half");
    for (const parity of [-1n, 2n, 27n]) expect(refused({ r, s, yParity: parity })).toContain("parity");
  });
});

describe("65 bytes", () => {
  const bytes = signatureBytes(signature);
  const withV = (v: number) => concatBytes(bytes.subarray(0, 64), Uint8Array.of(v));

  test("r, s, and v of 27 or 28", () => {
    expect(bytes).toHaveLength(65);
    expect(bytes[64]).toBe(27 + signature.yParity);
    expect(parseSignature(bytes)).toEqual(signature);
    expect(parseSignature(withV(55 - (bytes[64] as number))).yParity).toBe(1 - signature.yParity);
  });

  test("refused: another length, another v, numbers out of range", () => {
    const other = [
      bytes.subarray(0, 64),
      concatBytes(bytes, Uint8Array.of(0)),
      new Uint8Array(),
      withV(0),
      withV(1),
    ];
    for (const one of [...other, withV(26), withV(29), withV(31), new Uint8Array(65)])
      expectRefusal(() => parseSignature(one, "signatures[0]"), SIGNATURE_MALFORMED);
    expect(expectRefusal(() => parseSignature(withV(0), "signatures[0]"), SIGNATURE_MALFORMED).field).toBe(
      "signatures[0]",
    );
  });
});

describe("whose it is", () => {
  test("the account's that signed, and of no other hash, parity, r or s", () => {
    const account = addressOfKey(key);
    expect(toHex(recoverKey(hash, signature) as Uint8Array)).toBe(toHex(key));
    expect(recoverAddress(hash, signature)).toBe(account);
    const others = [
      recoverAddress(keccak256(hash), signature),
      recoverAddress(hash, { ...signature, yParity: signature.yParity === 0 ? 1 : 0 }),
      recoverAddress(hash, { ...signature, s: s - 1n }),
    ];
    for (const one of others) expect(one).not.toBe(account);
  });

  test("nobody's where r is no point's x, or the key would be none", () => {
    // 5 is no x of the curve: 5³ + 7 has no root. 1 is one.
    expect(recoverAddress(hash, { r: 5n, s: 1n, yParity: 0 })).toBeUndefined();
    expect(recoverAddress(hash, { r: 1n, s: 1n, yParity: 0 })).toBeDefined();
    // R = G and s = hash make the key (s · R - hash · G) / r, which is no point.
    const generator = BigInt(
      `0x${toHex((ecc.pointFromScalar(wordBytes(1n), true) as Uint8Array).subarray(1))}`,
    );
    const nothing = { r: generator, s: 7n, yParity: 0 } as const;
    expect(recoverAddress(wordBytes(7n), nothing)).toBeUndefined();
    expect(recoverAddress(wordBytes(8n), nothing)).toBeDefined();
  });
});
