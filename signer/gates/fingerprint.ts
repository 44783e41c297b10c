/**
 * One digest of all that a value holds: bytes, numbers, texts, and which part stands where. V8's own serializer writes a
 * number as it happens to keep it, and keeps it otherwise once another object of that shape holds a fraction or a number
 * above 2^31 (a sequence): the digest changed, and nothing had.
 */
import { sha256 } from "../../src/core/digest.ts";
import { assert } from "../../src/core/errors.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";

/**
 * @param value bytes, texts, numbers, truth values, and lists and plain objects of those; anything else is a bug of the
 *   caller. What it holds in several places is read once.
 * @returns 32 bytes (SHA-256)
 */
export function fingerprint(value: unknown): Uint8Array {
  const parts: string[] = [];
  write(value, parts, new Map());
  return sha256(utf8(parts.join("")));
}

function write(value: unknown, parts: string[], seen: Map<object, number>): void {
  if (typeof value !== "object" || value === null) return void parts.push(plain(value));
  const place = seen.get(value);
  if (place !== undefined) return void parts.push(`@${place}`);
  seen.set(value, seen.size);
  if (value instanceof Uint8Array) return void parts.push(`<${toHex(value)}>`);
  if (Array.isArray(value)) {
    parts.push("[");
    for (const item of value) {
      write(item, parts, seen);
      parts.push(",");
    }
    return void parts.push("]");
  }
  // What keeps something where this does not look could change unseen.
  const prototype: unknown = Object.getPrototypeOf(value);
  assert(prototype === Object.prototype || prototype === null, "a fingerprint is of plain values");
  parts.push("{");
  for (const [name, item] of Object.entries(value)) {
    parts.push(JSON.stringify(name), ":");
    write(item, parts, seen);
    parts.push(",");
  }
  parts.push("}");
}

function plain(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    default:
      assert(value === null || typeof value === "boolean" || value === undefined, "a fingerprint of this");
      return String(value);
  }
}
