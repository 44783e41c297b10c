import { createHash } from "node:crypto";
import type { Brand } from "./brand.ts";
import { declareError } from "./errors.ts";
import { toHex, utf8 } from "./hex.ts";

/** A SHA-256 digest as 64 lowercase hex digits. */
export type Digest = Brand<string, "Digest">;

export const DIGEST_MALFORMED = declareError(
  "DIGEST_MALFORMED",
  "invalid",
  "A digest is not 64 lowercase hex digits.",
);

/** SHA-256 (FIPS 180-4) over the parts one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** SHA-256 over an ASCII domain that ends in a newline, then the parts. Domains keep one digest from being read as another. */
export function taggedDigest(domain: string, ...parts: readonly Uint8Array[]): Digest {
  return toHex(sha256(utf8(`${domain}\n`), ...parts)) as Digest;
}

/** @throws DIGEST_MALFORMED */
export function parseDigest(text: string, field = "digest"): Digest {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw DIGEST_MALFORMED(`${field} is not a digest of 64 lowercase hex digits`, { field });
  }
  return text as Digest;
}
