/** One frame of a multipart UR: what its Bytewords hold (BCR-2020-005, "UR Encoding"). */
import { declareError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";

export type FountainPart = {
  /** From 1. Above `seqLen` it is an ordinary frame, one that mixes fragments. */
  readonly seqNum: number;
  /** Fragments of the message. */
  readonly seqLen: number;
  /** Bytes of the message. */
  readonly messageLen: number;
  /** CRC-32 of the message. */
  readonly checksum: number;
  /** The mixed fragments; all frames have as many bytes. */
  readonly data: Uint8Array;
};

export const UR_PART_MALFORMED = declareError(
  "UR_PART_MALFORMED",
  "invalid",
  "A frame of an animated UR has a header that contradicts itself (BCR-2020-005).",
);
export const UR_TOO_LARGE = declareError(
  "UR_TOO_LARGE",
  "invalid",
  "A message is too large for animated UR, or cut into too many frames.",
);

export const UINT32_MAX = 2 ** 32 - 1;

export function encodePart(part: FountainPart): Uint8Array {
  return encodeCbor([part.seqNum, part.seqLen, part.messageLen, part.checksum, part.data]);
}

/**
 * Reads one frame. A frame number above the number of fragments is ordinary (T2: a reader that refused it read no UR at
 * all); limits are judged before anybody takes memory for what the header claims (T1).
 * @throws UR_PART_MALFORMED, UR_TOO_LARGE, CBOR_MALFORMED
 */
export function decodePart(bytes: Uint8Array): FountainPart {
  const fields = decodeCbor(bytes);
  if (!Array.isArray(fields) || fields.length !== 5) throw malformed("is no array of five");
  const [seqNum, seqLen, messageLen, checksum, data] = fields as readonly unknown[];
  if (!isCount(seqNum) || !isCount(seqLen) || !isCount(messageLen))
    throw malformed("has a count out of range");
  if (typeof checksum !== "number" || checksum > UINT32_MAX) throw malformed("has no checksum of 32 bits");
  if (!(data instanceof Uint8Array) || data.length === 0) throw malformed("has no data");
  refuseTooLarge(messageLen, seqLen);
  if (seqLen !== Math.ceil(messageLen / data.length)) {
    throw malformed(`claims ${seqLen} fragments of ${data.length} bytes for ${messageLen} bytes`);
  }
  return { seqNum, seqLen, messageLen, checksum, data };
}

/** @throws UR_TOO_LARGE for a message of `messageLen` bytes in `seqLen` fragments */
export function refuseTooLarge(messageLen: number, seqLen: number): void {
  if (messageLen > LIMITS.urMessageBytesMax) {
    throw UR_TOO_LARGE(`message has ${messageLen} bytes, at most ${LIMITS.urMessageBytesMax} go by UR`, {
      field: "message",
      hint: "carry it as a file",
    });
  }
  if (seqLen > LIMITS.urFragmentsMax) {
    throw UR_TOO_LARGE(`message is cut into ${seqLen} fragments, at most ${LIMITS.urFragmentsMax}`, {
      field: "fragments",
      hint: `use fragments of at least ${Math.ceil(messageLen / LIMITS.urFragmentsMax)} bytes`,
    });
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 1 && value <= UINT32_MAX;
}

function malformed(what: string) {
  return UR_PART_MALFORMED(`frame ${what}`, { field: "frame", hint: "scan the frame again" });
}
