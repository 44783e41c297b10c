/**
 * BBQr (coinkite/BBQr, BBQr.md): a file in up to 1,295 QR codes, which may be read in any order. Each part says how the
 * file is written, what it is, how many parts there are and which one it is: `B$` encoding type total index, then letters.
 *
 * BBQr has no checksum. Whoever takes a file from here must be able to tell a whole one: our documents carry their
 * digest, a PSBT its structure and the hashes that are signed.
 */
import { deflateRawSync } from "node:zlib";
import { declareError } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { toBase32 } from "./base32.ts";

export const BBQR_UNFIT = declareError(
  "BBQR_UNFIT",
  "invalid",
  "Bytes cannot be written as BBQr frames of the size that was asked for.",
);

/** How the letters of a part are written: hex, base32, or base32 of what raw deflate left of the whole file. */
export type BbqrEncoding = "H" | "2" | "Z";

/** PSBT, transaction, JSON, CBOR, Unicode text, binary, executable. All other letters are reserved. */
export type BbqrFileType = "P" | "T" | "J" | "C" | "U" | "B" | "X";

export const BBQR_PARTS_MAX = 1295; // ZZ in base 36
export const BBQR_HEADER_CHARACTERS = 8;

/** Letters of all parts but the last come in multiples of this, so that each part decodes to whole bytes alone. */
export const BBQR_GROUP: Readonly<Record<BbqrEncoding, number>> = { H: 2, "2": 8, Z: 8 };

/** The standard fixes the window of raw deflate at 2^10 bytes, for receivers with little memory. */
export const BBQR_WINDOW_BITS = 10;

export type BbqrOptions = {
  readonly type: BbqrFileType;
  /** Without it the shorter of Z and 2, as the standard advises. */
  readonly encoding?: BbqrEncoding;
  /** Letters that one frame holds, header included: what a QR code of the wished version takes. */
  readonly charactersMax: number;
};

/**
 * The parts of `bytes`, as near to equal length as whole groups allow: the parts decide how dense the codes are, so a
 * short last one would only make the others harder to read.
 * @throws BBQR_UNFIT for nothing, for too much, and for frames too small to hold anything
 */
export function encodeBbqr(bytes: Uint8Array, options: BbqrOptions): readonly string[] {
  const { charactersMax, type } = options;
  if (bytes.length === 0) throw unfit("there is nothing to show", "give a file with content");
  if (bytes.length > LIMITS.bbqrBytesMax)
    throw unfit(`${bytes.length} bytes are more than ${LIMITS.bbqrBytesMax}`, "carry it as a file");
  const { encoding, letters } = written(bytes, options.encoding);
  const group = BBQR_GROUP[encoding];
  const room = Math.min(charactersMax, LIMITS.qrCharactersMax) - BBQR_HEADER_CHARACTERS;
  const groupsMax = Math.floor(room / group);
  if (!(groupsMax >= 1)) throw unfit(`a frame of ${charactersMax} letters is too small`, "show larger codes");
  const groups = Math.ceil(letters.length / group);
  const groupsEach = Math.ceil(groups / Math.ceil(groups / groupsMax));
  const count = Math.ceil(groups / groupsEach);
  if (count > BBQR_PARTS_MAX)
    throw unfit(`${count} parts are more than BBQr can number`, "show larger codes, or carry it as a file");
  const each = groupsEach * group;
  return Array.from(
    { length: count },
    (_, index) =>
      `B$${encoding}${type}${base36(count)}${base36(index)}${letters.slice(index * each, (index + 1) * each)}`,
  );
}

function written(
  bytes: Uint8Array,
  encoding: BbqrEncoding | undefined,
): { readonly encoding: BbqrEncoding; readonly letters: string } {
  if (encoding === "H") return { encoding, letters: toHex(bytes).toUpperCase() };
  if (encoding === "2") return { encoding, letters: toBase32(bytes) };
  const deflated = deflateRawSync(bytes, { windowBits: BBQR_WINDOW_BITS, level: 9 });
  if (encoding === undefined && deflated.length >= bytes.length) return written(bytes, "2");
  return { encoding: "Z", letters: toBase32(deflated) };
}

function base36(number: number): string {
  return number.toString(36).toUpperCase().padStart(2, "0");
}

function unfit(message: string, hint: string): Error {
  return BBQR_UNFIT(message, { field: "frames", hint });
}
