/**
 * Base32 of RFC 4648 §6, upper case and without padding, as BBQr writes it: all letters are in the alphanumeric mode of QR
 * codes. Strict: one byte string has one spelling, so that two scans of the same frame can be compared as they are.
 */
import { declareError } from "../core/errors.ts";

export const BASE32_MALFORMED = declareError(
  "BASE32_MALFORMED",
  "invalid",
  "Text is not canonical base32 without padding (RFC 4648 §6).",
);

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/** Lengths modulo 8 that a whole number of bytes cannot have. */
const IMPOSSIBLE = new Set([1, 3, 6]);

/** Base32 of `bytes`, without padding. */
export function toBase32(bytes: Uint8Array): string {
  const letters: string[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) letters.push(ALPHABET.charAt((held >>> (bits - 5)) & 31));
    held &= (1 << bits) - 1;
  }
  if (bits > 0) letters.push(ALPHABET.charAt((held << (5 - bits)) & 31));
  return letters.join("");
}

/** Bytes of base32 `text`. @throws BASE32_MALFORMED on lower case, padding, an impossible length or bits left over */
export function fromBase32(text: string, field = "base32"): Uint8Array {
  if (IMPOSSIBLE.has(text.length % 8)) throw malformed(field, "has a length that no bytes have");
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let length = 0;
  for (const letter of text) {
    const value = VALUES.get(letter);
    if (value === undefined) throw malformed(field, "has a letter outside A-Z and 2-7");
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = held >>> bits;
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0) throw malformed(field, "ends in bits that belong to no byte");
  return bytes;
}

function malformed(field: string, why: string): Error {
  return BASE32_MALFORMED(`${field} ${why}`, { field, hint: "scan the frame again" });
}
