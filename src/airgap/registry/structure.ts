/** Maps, lists and tags of registry types (BCR-2020-006), read strictly: a field or tag that is not known is refused. */
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import type { Cbor, CborMap } from "../cbor.ts";

export const UR_STRUCTURE_MALFORMED = declareError(
  "UR_STRUCTURE_MALFORMED",
  "invalid",
  "A UR's CBOR is not the key, account or descriptor that its type promises.",
);

/** @param what the structure, in words */
export function malformed(what: string, why: string) {
  return UR_STRUCTURE_MALFORMED(`${what} ${why}`, {
    field: "cbor",
    hint: "let the device export it again, or as descriptor text",
  });
}

/** A map whose keys are all among `known`. */
export function readMap(value: Cbor | undefined, known: readonly number[], what: string): CborMap {
  if (!(value instanceof Map)) throw malformed(what, "is not a map");
  const map = value as CborMap;
  for (const key of map.keys()) {
    if (typeof key !== "number" || !known.includes(key))
      throw malformed(what, "has a field that is not known here");
  }
  return map;
}

export function readList(value: Cbor | undefined, what: string): readonly Cbor[] {
  if (!Array.isArray(value)) throw malformed(what, "is not a list");
  return value as readonly Cbor[];
}

/** What stands under one of `tags`: of version 1, and the number above 40,000 that version 2 gave it. */
export function readTagged(value: Cbor | undefined, tags: readonly number[], what: string): Cbor {
  const tag = tagOf(value);
  if (tag === undefined || !tags.includes(tag.tag)) throw malformed(what, `has no tag ${tags.join(" or ")}`);
  return tag.value;
}

export function tagOf(value: Cbor | undefined) {
  return typeof value === "object" && "tag" in value ? value : undefined;
}

export function readBytes(value: Cbor | undefined, length: number, what: string): Uint8Array {
  if (value instanceof Uint8Array && value.length === length) return value;
  throw malformed(what, `is not ${length} bytes`);
}

/** A fingerprint, which CBOR carries as a number, in eight hex digits. */
export function readFingerprint(value: Cbor | undefined, what: string): string {
  // 0 is what a key without ancestor would have; the standard rules it out.
  if (typeof value !== "number" || value < 1 || value > 0xffff_ffff)
    throw malformed(what, "is no fingerprint of four bytes");
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return toHex(bytes);
}

/** The number that CBOR carries for a fingerprint of eight hex digits. */
export function fingerprintNumber(fingerprint: string): number {
  return Number.parseInt(fingerprint, 16);
}
