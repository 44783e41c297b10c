import { declareError } from "./errors.ts";

export const HEX_MALFORMED = declareError(
  "HEX_MALFORMED",
  "invalid",
  "Text is not lowercase hex of the expected length.",
);
export const BASE64_MALFORMED = declareError(
  "BASE64_MALFORMED",
  "invalid",
  "Text is not canonical base64 (RFC 4648 §4).",
);

/** Lowercase hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/**
 * Bytes of lowercase hex `text`. Uppercase is refused: one value has one spelling, so that digests of
 * documents cannot be varied by respelling.
 * @throws HEX_MALFORMED
 */
export function fromHex(text: string, field = "hex", length?: number): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw HEX_MALFORMED(`${field} is not lowercase hex`, { field });
  if (length !== undefined && text.length !== 2 * length) {
    throw HEX_MALFORMED(`${field} has ${text.length / 2} bytes, expected ${length}`, { field });
  }
  return new Uint8Array(Buffer.from(text, "hex"));
}

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * Bytes of canonical base64 `text`; anything that would not re-encode to itself is refused.
 * @throws BASE64_MALFORMED
 */
export function fromBase64(text: string, field = "base64"): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text)
    throw BASE64_MALFORMED(`${field} is not canonical base64`, { field });
  return new Uint8Array(bytes);
}

/** Whether two byte strings are equal. Not constant time: for public data. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** All parts one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** UTF-8 bytes of `text`. */
export function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "utf8"));
}
