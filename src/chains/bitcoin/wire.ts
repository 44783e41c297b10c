/** Writing bitcoin's wire format: little-endian integers and CompactSize. The reading half is `cursor.ts`. */
import type { Digest } from "../../core/digest.ts";
import { sha256 } from "../../core/digest.ts";
import { assert } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";

export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** The shortest CompactSize of `value`. */
export function compactSize(value: number): Uint8Array {
  assert(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, "CompactSize out of range");
  if (value < 0xfd) return Uint8Array.of(value);
  if (value <= 0xffff) return Uint8Array.of(0xfd, value & 0xff, value >> 8);
  const bytes = new Uint8Array(5);
  bytes[0] = 0xfe;
  bytes.set(uint32(value), 1);
  return bytes;
}

/** Bytes that `compactSize(value)` takes. */
export function compactSizeLength(value: number): number {
  return value < 0xfd ? 1 : value <= 0xffff ? 3 : 5;
}

/** All chunks one after the other. Takes a list, because half a million arguments would overflow the stack. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}

export function hash256(...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(sha256(...parts));
}

/** A transaction id as people write it: the hash's bytes backwards. */
export function txidText(hash: Uint8Array): Digest {
  return toHex(Uint8Array.from(hash).reverse()) as Digest;
}

/** A transaction id as the wire has it. */
export function txidBytes(txid: Digest): Uint8Array {
  return new Uint8Array(Buffer.from(txid, "hex").reverse());
}
