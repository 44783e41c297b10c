/**
 * Ed25519 (RFC 8032) by one rule for all our verifiers: S < L, A and R canonical and not of small order, and the
 * cofactorless equation. Libraries differ on each of these points ("Taming the many EdDSAs", 2020), and where two
 * verifiers differ, one person's approval is another's forgery. node:crypto checks S < L and compares the encoding
 * of R with [S]B - [k]A, which is the cofactorless equation; the other conditions are checked here.
 */
import { createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from "node:crypto";
import type { Brand } from "./brand.ts";
import { declareError } from "./errors.ts";
import { concatBytes, fromHex, toHex } from "./hex.ts";

/** An Ed25519 public key as 64 lowercase hex digits. */
export type PublicKey = Brand<string, "PublicKey">;

export const PUBLIC_KEY_INVALID = declareError(
  "PUBLIC_KEY_INVALID",
  "invalid",
  "An Ed25519 public key is not 64 hex digits, not canonical, or of small order.",
);

const FIELD_PRIME = 2n ** 255n - 19n;
/** Order of the base point, RFC 8032 §5.1. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y coordinates of the eight points whose order divides 8; both signs of x are refused with them. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD_PRIME - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** @throws PUBLIC_KEY_INVALID */
export function parsePublicKey(text: string, field = "key"): PublicKey {
  if (!/^[0-9a-f]{64}$/.test(text) || !isSoundPoint(fromHex(text))) {
    throw PUBLIC_KEY_INVALID(`${field} is not a sound Ed25519 public key`, { field });
  }
  return text as PublicKey;
}

/** Signs `message` with a 32-byte seed (RFC 8032 §5.1.6). Deterministic. */
export function sign(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return new Uint8Array(nodeSign(null, message, privateKey(seed)));
}

/** The public key of a 32-byte seed. */
export function publicKeyOf(seed: Uint8Array): PublicKey {
  const der = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
  return toHex(der.subarray(-32)) as PublicKey;
}

/** Whether `signature` (64 bytes) is `key`'s over `message` under the rule above. Never throws. */
export function verify(message: Uint8Array, signature: Uint8Array, key: PublicKey | string): boolean {
  if (signature.length !== 64 || !/^[0-9a-f]{64}$/.test(key)) return false;
  const publicBytes = fromHex(key);
  if (littleEndian(signature.subarray(32)) >= ORDER) return false;
  if (!isSoundPoint(publicBytes) || !isSoundPoint(signature.subarray(0, 32))) return false;
  try {
    const spki = createPublicKey({
      key: Buffer.from(concatBytes(SPKI_PREFIX, publicBytes)),
      format: "der",
      type: "spki",
    });
    return nodeVerify(null, message, spki, signature);
  } catch {
    return false; // not a point of the curve
  }
}

// RFC 8410 §7 and §4: fixed DER in front of the 32 raw bytes.
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420");
const SPKI_PREFIX = fromHex("302a300506032b6570032100");

function privateKey(seed: Uint8Array) {
  return createPrivateKey({
    key: Buffer.from(concatBytes(PKCS8_PREFIX, seed)),
    format: "der",
    type: "pkcs8",
  });
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

// Canonical (y < p, and no sign bit on x = 0, which only small-order points have) and not of small order.
function isSoundPoint(encoded: Uint8Array): boolean {
  const y = littleEndian(encoded) & (2n ** 255n - 1n);
  return y < FIELD_PRIME && !SMALL_ORDER_Y.has(y);
}
