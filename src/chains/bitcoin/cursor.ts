/**
 * Reading bitcoin's wire format without trusting a length: every length is compared with the bytes that are left
 * before anything is taken (attack B17), and a CompactSize has exactly one spelling (attack B16).
 */
import type { ErrorKind } from "../../core/errors.ts";

/** A place in a byte string. `field` and `malformed` say what is being read when it turns out to be broken. */
export type Cursor = {
  readonly bytes: Uint8Array;
  at: number;
  readonly field: string;
  readonly malformed: ErrorKind;
};

export function cursorOf(bytes: Uint8Array, field: string, malformed: ErrorKind): Cursor {
  return { bytes, at: 0, field, malformed };
}

/** A view (not a copy) of the next `length` bytes. */
export function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw broken(cursor, `ends ${end - cursor.bytes.length} bytes early`);
  const view = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return view;
}

export function takeByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw broken(cursor, "ends 1 byte early");
  cursor.at += 1;
  return byte;
}

/** Little endian, 0 to 2^32 - 1. */
export function takeUint32(cursor: Cursor): number {
  const view = take(cursor, 4);
  return uint32At(view, 0);
}

/** Little endian, 0 to 2^64 - 1. */
export function takeUint64(cursor: Cursor): bigint {
  const view = take(cursor, 8);
  return BigInt(uint32At(view, 0)) + (BigInt(uint32At(view, 4)) << 32n);
}

/** A CompactSize in its shortest form; whatever counts more than 2^32 - 1 cannot be in our bytes and is refused. */
export function takeCompactSize(cursor: Cursor): number {
  const first = takeByte(cursor);
  if (first < 0xfd) return first;
  const value = first === 0xfd ? takeUint16(cursor) : takeUint32(cursor);
  if (first === 0xff) throw broken(cursor, "declares a length above 4 GiB");
  if (value < (first === 0xfd ? 0xfd : 0x1_0000))
    throw broken(cursor, "has a length that is not in its shortest form");
  return value;
}

/** A CompactSize that counts items of at least `bytesEach`, refused before allocation when they cannot all be there. */
export function takeCount(cursor: Cursor, bytesEach: number): number {
  const count = takeCompactSize(cursor);
  if (count * bytesEach > cursor.bytes.length - cursor.at) {
    throw broken(cursor, `declares ${count} items, more than its bytes can hold`);
  }
  return count;
}

/** A CompactSize and as many bytes. */
export function takeBlob(cursor: Cursor): Uint8Array {
  return take(cursor, takeCount(cursor, 1));
}

export function atEnd(cursor: Cursor): boolean {
  return cursor.at === cursor.bytes.length;
}

/** Refuses trailing bytes: what is not read must not be carried along. */
export function finish(cursor: Cursor): void {
  if (!atEnd(cursor)) throw broken(cursor, `has ${cursor.bytes.length - cursor.at} bytes after its end`);
}

export function broken(cursor: Cursor, what: string) {
  return cursor.malformed(`${cursor.field} ${what} (at byte ${cursor.at})`, {
    field: cursor.field,
    hint: "export the file again and compare its length and hash with the original",
  });
}

function takeUint16(cursor: Cursor): number {
  const view = take(cursor, 2);
  return (view[0] as number) | ((view[1] as number) << 8);
}

function uint32At(view: Uint8Array, at: number): number {
  return (
    ((view[at] as number) |
      ((view[at + 1] as number) << 8) |
      ((view[at + 2] as number) << 16) |
      ((view[at + 3] as number) << 24)) >>>
    0
  );
}
