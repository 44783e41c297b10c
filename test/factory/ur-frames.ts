import { encodeBytewords } from "../../src/airgap/bytewords.ts";
import { encodeCbor } from "../../src/airgap/cbor.ts";
import { encodePart, type FountainPart } from "../../src/airgap/fountain-part.ts";
import { Xoshiro } from "../../src/airgap/xoshiro.ts";
import { utf8 } from "../../src/core/hex.ts";

/** `length` bytes as the tests of bc-ur draw them (BlockchainCommons/bc-ur test/test-utils.cpp `make_message`). */
export function wolfBytes(length: number, seed = "Wolf"): Uint8Array {
  const random = new Xoshiro(utf8(seed));
  return Uint8Array.from({ length }, () => random.nextBelow(256));
}

/** The same as the CBOR byte string of a UR (`make_message_ur`). */
export function wolfCbor(length: number, seed?: string): Uint8Array {
  return encodeCbor(wolfBytes(length, seed));
}

/** A frame that says `part`, true or not, with a checksum that fits. */
export function frameText(part: FountainPart, urType = "bytes"): string {
  return `ur:${urType}/${part.seqNum}-${part.seqLen}/${encodeBytewords(encodePart(part))}`;
}

/** The first `count` items. */
export function take<T>(items: Iterator<T>, count: number): T[] {
  return Array.from({ length: count }, () => items.next().value as T);
}
