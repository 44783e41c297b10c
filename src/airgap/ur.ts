/** Uniform Resources (BCR-2020-005): CBOR as text that fits a QR code, or a sequence of them. */
import { declareError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { BYTEWORDS_MALFORMED, decodeBytewords, encodeBytewords } from "./bytewords.ts";
import { CBOR_MALFORMED } from "./cbor.ts";
import { FountainEncoder } from "./fountain-encoder.ts";
import {
  decodePart,
  encodePart,
  UR_PART_MALFORMED,
  UR_TOO_LARGE,
  type FountainPart,
} from "./fountain-part.ts";

export const UR_MALFORMED = declareError(
  "UR_MALFORMED",
  "invalid",
  "Text is not a UR (BCR-2020-005): ur:TYPE/WORDS, or ur:TYPE/NUMBER-COUNT/WORDS for a frame of several.",
);

/** What the text of one frame can be refused with. */
export const FRAME_ERRORS = [
  UR_MALFORMED,
  BYTEWORDS_MALFORMED,
  CBOR_MALFORMED,
  UR_PART_MALFORMED,
  UR_TOO_LARGE,
] as const;

/** A message: its UR type in lowercase, and the CBOR that the type gives a meaning. */
export type UrMessage = { readonly urType: string; readonly cbor: Uint8Array };

/** One frame: the whole message, or a part of it. */
export type UrFrame =
  | { readonly type: "single"; readonly urType: string; readonly cbor: Uint8Array }
  | { readonly type: "part"; readonly urType: string; readonly part: FountainPart };

export type EncodedUr = {
  /** Fragments of the message: so many frames carry it if none is lost. */
  readonly length: number;
  /** The one frame of a message that needs no more. */
  readonly single: string | undefined;
  /** Frames from number `first` (1 by default) on: one, or of a message in several fragments ever new ones. */
  parts(first?: number): Generator<string>;
};

const TYPE = /^[a-z0-9-]{1,64}$/;
const FRAME = /^ur:([a-z0-9-]{1,64})\/(?:([1-9][0-9]{0,9})-([1-9][0-9]{0,9})\/)?([a-z]+)$/;

/**
 * No QR code holds a larger fragment: two letters a byte, and 68 bytes' worth of letters for the longest type, the largest
 * numbers, the header and its checksum.
 */
export const FRAGMENT_BYTES_MAX = LIMITS.qrCharactersMax / 2 - 68;

/**
 * `cbor` as a UR of `type`, in frames of at most `fragmentBytesMax` bytes of it. Uppercase frames fit the alphanumeric
 * mode of QR codes, with 5.5 bits a letter; lowercase is what people and URIs write.
 * @throws UR_MALFORMED, UR_TOO_LARGE
 */
export function encodeUr(
  type: string,
  cbor: Uint8Array,
  fragmentBytesMax: number,
  letters: "uppercase" | "lowercase" = "lowercase",
): EncodedUr {
  if (!TYPE.test(type)) {
    throw UR_MALFORMED("a UR type has 1 to 64 lowercase letters, digits and -", {
      field: "type",
      hint: "use a type of BCR-2020-006, or one of ours",
    });
  }
  if (cbor.length === 0) {
    throw UR_MALFORMED("a UR carries at least one byte", { field: "cbor", hint: "give a file with content" });
  }
  if (!Number.isInteger(fragmentBytesMax) || fragmentBytesMax < 1 || fragmentBytesMax > FRAGMENT_BYTES_MAX) {
    throw UR_MALFORMED(`a fragment has 1 to ${FRAGMENT_BYTES_MAX} bytes, not ${fragmentBytesMax}`, {
      field: "fragment",
      hint: "use 100 to 400 bytes on a screen",
    });
  }
  const spelt = (text: string) => (letters === "uppercase" ? text.toUpperCase() : text);
  const encoder = new FountainEncoder(cbor, fragmentBytesMax);
  const single = encoder.seqLen === 1 ? spelt(`ur:${type}/${encodeBytewords(cbor)}`) : undefined;
  function* parts(first?: number): Generator<string> {
    if (single !== undefined) {
      yield single;
      return;
    }
    for (const part of encoder.parts(first)) {
      yield spelt(`ur:${type}/${part.seqNum}-${part.seqLen}/${encodeBytewords(encodePart(part))}`);
    }
  }
  return { length: encoder.seqLen, single, parts };
}

/**
 * Reads the text of one frame, in letters of either case, without line end or spaces around it.
 * @throws one of FRAME_ERRORS
 */
export function parseFrame(text: string): UrFrame {
  if (text.length > LIMITS.qrCharactersMax) {
    throw UR_MALFORMED(`text has ${text.length} characters, more than a QR code holds`, MALFORMED);
  }
  // Before lowercasing, which makes letters of some characters that are none, such as the Kelvin sign.
  if (/[^\x21-\x7e]/.test(text)) throw UR_MALFORMED("text has characters that no UR has", MALFORMED);
  const found = FRAME.exec(text.toLowerCase());
  const [, urType, seqNum, seqLen, words] = found ?? [];
  if (urType === undefined || words === undefined) throw UR_MALFORMED("text is no UR", MALFORMED);
  const body = decodeBytewords(words);
  if (seqNum === undefined) return { type: "single", urType, cbor: body };
  const part = decodePart(body);
  if (Number(seqNum) !== part.seqNum || Number(seqLen) !== part.seqLen) {
    throw UR_PART_MALFORMED("frame says one number outside and another inside", MALFORMED);
  }
  return { type: "part", urType, part };
}

const MALFORMED = { field: "frame", hint: "scan the frame again" };
