/**
 * The container of BIP-174: maps of key-value pairs in the order in which they stand, so that what was read can be
 * written back byte for byte. What the pairs mean is the business of `psbt-fields.ts` and `psbt.ts`.
 */
import { declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { broken, cursorOf, take, takeBlob, takeCompactSize, type Cursor } from "./cursor.ts";
import { compactSize, compactSizeLength, joined } from "./wire.ts";

/** One pair: its key is `type` followed by `keyData`. Byte strings are views of what was read. */
export type PsbtField = { readonly type: number; readonly keyData: Uint8Array; readonly value: Uint8Array };

export const PSBT_MALFORMED = declareError(
  "PSBT_MALFORMED",
  "invalid",
  "Bytes are not a well-formed PSBT (BIP-174).",
);
export const PSBT_TOO_LARGE = declareError(
  "PSBT_TOO_LARGE",
  "invalid",
  "A PSBT exceeds a limit of bytes or fields.",
);

/** "psbt" and 0xff. */
export const PSBT_MAGIC = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);

/** Checks size and magic. @throws PSBT_MALFORMED, PSBT_TOO_LARGE */
export function openPsbt(bytes: Uint8Array, field = "PSBT"): Cursor {
  if (bytes.length > LIMITS.psbtBytesMax) {
    throw PSBT_TOO_LARGE(`${field} has ${bytes.length} bytes, at most ${LIMITS.psbtBytesMax} are read`, {
      field,
    });
  }
  const cursor = cursorOf(bytes, field, PSBT_MALFORMED);
  if (!equalBytes(bytes.subarray(0, PSBT_MAGIC.length), PSBT_MAGIC)) {
    throw PSBT_MALFORMED(`${field} does not begin with the bytes of a PSBT`, {
      field,
      hint: "give the PSBT file itself, binary or base64",
    });
  }
  take(cursor, PSBT_MAGIC.length);
  return cursor;
}

/**
 * Reads one map up to its separator. A key that stands twice makes two readers see two transactions (attack B15).
 * @throws PSBT_MALFORMED, PSBT_TOO_LARGE
 */
export function takeMap(cursor: Cursor, name: string): readonly PsbtField[] {
  const fields: PsbtField[] = [];
  const keys = new Set<string>();
  for (;;) {
    const keyLength = takeCompactSize(cursor);
    if (keyLength === 0) return fields;
    if (fields.length >= LIMITS.psbtFieldsPerMapMax) {
      throw PSBT_TOO_LARGE(`${name} has more than ${LIMITS.psbtFieldsPerMapMax} fields`, { field: name });
    }
    const keyBytes = take(cursor, keyLength);
    const key = cursorOf(keyBytes, `key in ${name}`, PSBT_MALFORMED);
    const type = takeCompactSize(key);
    const keyText = Buffer.from(keyBytes.buffer, keyBytes.byteOffset, keyBytes.length).toString("latin1");
    if (keys.has(keyText)) throw broken(cursor, `has a key twice in ${name}`);
    keys.add(keyText);
    fields.push({ type, keyData: keyBytes.subarray(key.at), value: takeBlob(cursor) });
  }
}

/** Magic and all maps, each with its separator. */
export function psbtBytes(maps: readonly (readonly PsbtField[])[]): Uint8Array {
  const chunks: Uint8Array[] = [PSBT_MAGIC];
  for (const map of maps) {
    for (const { type, keyData, value } of map) {
      chunks.push(compactSize(compactSizeLength(type) + keyData.length), compactSize(type), keyData);
      chunks.push(compactSize(value.length), value);
    }
    chunks.push(SEPARATOR);
  }
  return joined(chunks);
}

const SEPARATOR = Uint8Array.of(0);
