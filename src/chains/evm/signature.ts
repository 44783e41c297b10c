/** ECDSA signatures over secp256k1 as these chains have them: r, s and which of two points (Yellow Paper, appendix F). */
import * as ecc from "tiny-secp256k1";
import { declareError } from "../../core/errors.ts";
import { concatBytes, toHex } from "../../core/hex.ts";
import { addressOfKey, type Address } from "./address.ts";
import { wordBytes } from "./quantity.ts";

export type Signature = { readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 };

export const SIGNATURE_MALFORMED = declareError(
  "EVM_SIGNATURE_MALFORMED",
  "invalid",
  "A signature is not r, s and a parity in their ranges, or its s is above half of the order (EIP-2).",
);

/** The order of secp256k1's group (SEC 2, §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** @throws EVM_SIGNATURE_MALFORMED */
export function readSignature(
  { r, s, yParity }: { readonly r: bigint; readonly s: bigint; readonly yParity: bigint },
  field = "signature",
): Signature {
  const inOrder = (value: bigint) => value > 0n && value < ORDER;
  if (!inOrder(r) || !inOrder(s)) throw malformed(field, "has an r or s out of range");
  // EIP-2: of the two signatures that every one makes, nodes take the one with the lower s.
  if (s > ORDER / 2n) throw malformed(field, "has an s above half of the order");
  if (yParity !== 0n && yParity !== 1n) throw malformed(field, "has a parity that is not 0 or 1");
  return { r, s, yParity: yParity === 0n ? 0 : 1 };
}

/** Reads r ‖ s ‖ v of 65 bytes, v 27 or 28. @throws EVM_SIGNATURE_MALFORMED */
export function parseSignature(bytes: Uint8Array, field = "signature"): Signature {
  if (bytes.length !== 65) throw malformed(field, `has ${bytes.length} bytes, not 65`);
  const number = (from: number, to: number) => BigInt(`0x${toHex(bytes.subarray(from, to))}`);
  return readSignature({ r: number(0, 32), s: number(32, 64), yParity: number(64, 65) - 27n }, field);
}

/** r ‖ s ‖ v, v 27 or 28: 65 bytes, as contracts and messages have it. */
export function signatureBytes({ r, s, yParity }: Signature): Uint8Array {
  return concatBytes(wordBytes(r), wordBytes(s), Uint8Array.of(27 + yParity));
}

/** Whose key signed `hash`: its 64 bytes without prefix; undefined where no key can have. */
export function recoverKey(hash: Uint8Array, { r, s, yParity }: Signature): Uint8Array | undefined {
  const x = wordBytes(r);
  // Half of all numbers are no point's x; the library throws on them, and that is an answer, not a crash.
  if (!ecc.isXOnlyPoint(x)) return undefined;
  const key = ecc.recover(hash, concatBytes(x, wordBytes(s)), yParity, false);
  return key === null ? undefined : key.subarray(1);
}

/** The account whose key signed `hash`; undefined where none can have. */
export function recoverAddress(hash: Uint8Array, signature: Signature): Address | undefined {
  const key = recoverKey(hash, signature);
  return key === undefined ? undefined : addressOfKey(key);
}

function malformed(field: string, why: string) {
  return SIGNATURE_MALFORMED(`${field} ${why}`, { field });
}
