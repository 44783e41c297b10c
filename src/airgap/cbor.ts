/**
 * The part of CBOR (RFC 8949) that UR payloads are made of, in its one deterministic spelling (§4.2.1): shortest heads,
 * definite lengths, map keys sorted and distinct. Any other spelling is refused, so that one value has one digest.
 */
import { declareError } from "../core/errors.ts";
import { concatBytes, utf8 } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";

/** Numbers are unsigned integers up to 2^53 - 1; maps are in the order of their encoded keys. */
export type Cbor = number | boolean | string | Uint8Array | readonly Cbor[] | CborMap | CborTag;
export type CborMap = ReadonlyMap<number | string, Cbor>;
export type CborTag = { readonly tag: number; readonly value: Cbor };

export const CBOR_MALFORMED = declareError(
  "CBOR_MALFORMED",
  "invalid",
  "Bytes are not CBOR (RFC 8949) in its deterministic spelling, hold what UR does not use, or exceed a limit.",
);

const UINT = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;
const FALSE = 20;
const TRUE = 21;
const TWO_32 = 2 ** 32;

/** @throws CBOR_MALFORMED for a number that is no unsigned integer up to 2^53 - 1 */
export function encodeCbor(value: Cbor): Uint8Array {
  const parts: Uint8Array[] = [];
  write(parts, value);
  return concatBytes(...parts);
}

function write(parts: Uint8Array[], value: Cbor): void {
  if (typeof value === "number") parts.push(head(UINT, value));
  else if (typeof value === "boolean") parts.push(head(SIMPLE, value ? TRUE : FALSE));
  else if (typeof value === "string") {
    const bytes = utf8(value);
    parts.push(head(TEXT, bytes.length), bytes);
  } else if (value instanceof Uint8Array) parts.push(head(BYTES, value.length), value);
  else if (isArray(value)) {
    parts.push(head(ARRAY, value.length));
    for (const item of value) write(parts, item);
  } else if (isMap(value)) {
    parts.push(head(MAP, value.size));
    const entries = [...value].map(([key, item]) => [encodeCbor(key), encodeCbor(item)] as const);
    for (const entry of entries.sort(([a], [b]) => Buffer.compare(a, b))) parts.push(...entry);
  } else {
    parts.push(head(TAG, value.tag));
    write(parts, value.value);
  }
}

/** The shortest head of `major` with `argument`. */
function head(major: number, argument: number): Uint8Array {
  if (!Number.isSafeInteger(argument) || argument < 0) {
    throw CBOR_MALFORMED(`${argument} is no unsigned integer up to 2^53 - 1`, {
      field: "cbor",
      hint: "carry larger numbers as text or bytes",
    });
  }
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  if (argument < 0x100) return Uint8Array.of(first | 24, argument);
  const view = new DataView(new ArrayBuffer(9));
  const length = argument < 0x10000 ? 2 : argument < TWO_32 ? 4 : 8;
  view.setUint8(0, first | (length === 2 ? 25 : length === 4 ? 26 : 27));
  if (length === 2) view.setUint16(1, argument);
  else if (length === 4) view.setUint32(1, argument);
  else view.setBigUint64(1, BigInt(argument));
  return new Uint8Array(view.buffer, 0, 1 + length);
}

/**
 * The one value that `bytes` are.
 * @throws CBOR_MALFORMED
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.position !== bytes.length) throw malformed(reader.position, "bytes follow the value");
  return value;
}

class Reader {
  position = 0;
  #values = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): Cbor {
    const start = this.position;
    if (depth > LIMITS.cborDepthMax) throw malformed(start, `more than ${LIMITS.cborDepthMax} levels deep`);
    if (++this.#values > LIMITS.cborValuesMax)
      throw malformed(start, `more than ${LIMITS.cborValuesMax} values`);
    const initial = this.#take(1)[0] ?? 0;
    const major = initial >>> 5;
    if (major === SIMPLE && (initial & 31) === FALSE) return false;
    if (major === SIMPLE && (initial & 31) === TRUE) return true;
    const argument = this.#argument(initial & 31, start);
    switch (major) {
      case UINT:
        return argument;
      case BYTES:
        return this.#take(argument).slice();
      case TEXT:
        return this.#text(argument, start);
      case ARRAY:
        return this.#array(argument, depth);
      case MAP:
        return this.#map(argument, depth);
      case TAG:
        return { tag: argument, value: this.value(depth + 1) };
      default:
        throw malformed(start, "negative numbers, floats and simple values have no place here");
    }
  }

  #argument(info: number, start: number): number {
    if (info < 24) return info;
    if (info > 27) throw malformed(start, "indefinite or reserved length");
    const length = 2 ** (info - 24);
    const at = this.position;
    this.#take(length);
    const value = this.#unsigned(at, length);
    const least = length === 1 ? 24 : 2 ** (4 * length);
    if (value < least) throw malformed(start, "a number is not in its shortest spelling");
    if (!Number.isSafeInteger(value)) throw malformed(start, "a number above 2^53 - 1");
    return value;
  }

  #unsigned(at: number, length: number): number {
    if (length === 1) return this.#view.getUint8(at);
    if (length === 2) return this.#view.getUint16(at);
    if (length === 4) return this.#view.getUint32(at);
    return this.#view.getUint32(at) * TWO_32 + this.#view.getUint32(at + 4);
  }

  #text(length: number, start: number): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.#take(length));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw malformed(start, "text is not UTF-8");
    }
  }

  /** No array is made for a count that only claims to be there: each item takes at least a byte. */
  #array(count: number, depth: number): readonly Cbor[] {
    const items: Cbor[] = [];
    while (items.length < count) items.push(this.value(depth + 1));
    return items;
  }

  #map(count: number, depth: number): CborMap {
    const map = new Map<number | string, Cbor>();
    let before: Uint8Array | undefined;
    while (map.size < count) {
      const start = this.position;
      const key = this.value(depth + 1);
      if (typeof key !== "number" && typeof key !== "string") {
        throw malformed(start, "a key is neither number nor text");
      }
      const spelling = this.#bytes.subarray(start, this.position);
      if (before !== undefined && Buffer.compare(before, spelling) >= 0) {
        throw malformed(start, "keys are not in order, or occur twice");
      }
      before = spelling;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }

  #take(count: number): Uint8Array {
    const start = this.position;
    if (count > this.#bytes.length - start) throw malformed(start, "ends early");
    this.position = start + count;
    return this.#bytes.subarray(start, this.position);
  }
}

/** `Array.isArray` does not narrow a readonly array. */
function isArray(value: Cbor): value is readonly Cbor[] {
  return Array.isArray(value);
}

function isMap(value: Cbor): value is CborMap {
  return value instanceof Map;
}

function malformed(position: number, what: string) {
  return CBOR_MALFORMED(`CBOR at byte ${position}: ${what}`, {
    field: "cbor",
    hint: "scan it again; when it repeats, have it made again",
  });
}
