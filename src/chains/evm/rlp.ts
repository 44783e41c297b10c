/**
 * Recursive length prefix (Yellow Paper, appendix B): byte strings and lists of them. Every value has one spelling, and no
 * other is read (attack E10): a second one would be other bytes with the same meaning, and another hash.
 */
import { declareError } from "../../core/errors.ts";
import { concatBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";

export type Rlp = Uint8Array | readonly Rlp[];

export const RLP_MALFORMED = declareError(
  "EVM_RLP_MALFORMED",
  "invalid",
  "Bytes are not RLP, or not in its one spelling.",
);
export const RLP_TOO_LARGE = declareError(
  "EVM_RLP_TOO_LARGE",
  "invalid",
  "RLP is larger, deeper or of more items than a transaction can be.",
);

const { evmTransactionBytesMax: BYTES_MAX, rlpDepthMax: DEPTH_MAX, rlpItemsMax: ITEMS_MAX } = LIMITS;

/** The one item that `bytes` are. @throws EVM_RLP_MALFORMED, EVM_RLP_TOO_LARGE */
export function decodeRlp(bytes: Uint8Array, field = "rlp"): Rlp {
  if (bytes.length > BYTES_MAX)
    throw RLP_TOO_LARGE(`${field} has ${bytes.length} bytes, a transaction at most ${BYTES_MAX}`, { field });
  // A copy: nobody changes what was read (attack B18).
  const reading = { bytes: new Uint8Array(bytes), field, items: 0 };
  const { item, end } = readItem(reading, 0, bytes.length, 0);
  if (end !== bytes.length) throw malformed(field, `has ${bytes.length - end} bytes behind its end`);
  return item;
}

type Reading = { readonly bytes: Uint8Array; readonly field: string; items: number };

function readItem(
  reading: Reading,
  start: number,
  limit: number,
  depth: number,
): { readonly item: Rlp; readonly end: number } {
  const { bytes, field } = reading;
  reading.items += 1;
  if (reading.items > ITEMS_MAX) throw RLP_TOO_LARGE(`${field} has more than ${ITEMS_MAX} items`, { field });
  const prefix = bytes[start];
  if (prefix === undefined || start >= limit) throw malformed(field, "ends too early");
  if (prefix < 0x80) return { item: bytes.slice(start, start + 1), end: start + 1 };
  const list = prefix >= 0xc0;
  const { from, length } = readLength(reading, start, limit, list ? 0xc0 : 0x80);
  const end = from + length;
  if (end > limit) throw malformed(field, "ends too early");
  if (!list) {
    if (length === 1 && (bytes[from] as number) < 0x80)
      throw malformed(field, "spells a byte below 0x80 with a length");
    return { item: bytes.slice(from, end), end };
  }
  if (depth >= DEPTH_MAX) throw RLP_TOO_LARGE(`${field} has lists more than ${DEPTH_MAX} deep`, { field });
  const items: Rlp[] = [];
  for (let at = from; at < end; ) {
    const next = readItem(reading, at, end, depth + 1);
    items.push(next.item);
    at = next.end;
  }
  return { item: items, end };
}

// Up to 55 the length stands in the prefix; above, the prefix counts the bytes of the length that follow.
function readLength(
  { bytes, field }: Reading,
  start: number,
  limit: number,
  base: number,
): { readonly from: number; readonly length: number } {
  const short = (bytes[start] as number) - base;
  if (short <= 55) return { from: start + 1, length: short };
  const from = start + 1 + short - 55;
  if (from > limit) throw malformed(field, "ends too early");
  if (bytes[start + 1] === 0) throw malformed(field, "has a length with a leading zero");
  // Three bytes hold more than a transaction can have.
  if (short - 55 > 3) throw RLP_TOO_LARGE(`${field} names a length that no transaction has`, { field });
  const length = bytes.subarray(start + 1, from).reduce((sum, byte) => sum * 256 + byte, 0);
  if (length <= 55) throw malformed(field, "spells a short length the long way");
  return { from, length };
}

export function encodeRlp(item: Rlp): Uint8Array {
  if (item instanceof Uint8Array) {
    if (item.length === 1 && (item[0] as number) < 0x80) return Uint8Array.from(item);
    return concatBytes(prefixOf(item.length, 0x80), item);
  }
  const body = concatBytes(...item.map(encodeRlp));
  return concatBytes(prefixOf(body.length, 0xc0), body);
}

function prefixOf(length: number, base: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length);
  const digits: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) digits.unshift(left % 256);
  return Uint8Array.of(base + 55 + digits.length, ...digits);
}

function malformed(field: string, why: string) {
  return RLP_MALFORMED(`${field} ${why}`, { field, hint: "have it built again" });
}
