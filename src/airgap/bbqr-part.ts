/** One frame of BBQr, read: what its header says and the bytes it carries. */
import { fromHex } from "../core/hex.ts";
import { isError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { BASE32_MALFORMED, fromBase32 } from "./base32.ts";
import { BBQR_GROUP, BBQR_HEADER_CHARACTERS, type BbqrEncoding, type BbqrFileType } from "./bbqr.ts";

export type BbqrPart = {
  /** What all parts of one file share: encoding, type and total. */
  readonly header: string;
  readonly encoding: BbqrEncoding;
  readonly fileType: BbqrFileType;
  readonly total: number;
  readonly index: number;
  /** Never empty. */
  readonly bytes: Uint8Array;
};

const HEADER = /^B\$([H2Z])([PTJCUBX])([0-9A-Z]{2})([0-9A-Z]{2})/;

/** The part that `text` is, or what a person can do about it. */
export function readBbqrPart(text: string): BbqrPart | { readonly advice: string } {
  if (text.length > LIMITS.qrCharactersMax)
    return { advice: "no QR code holds that much: scan one code at a time" };
  const match = HEADER.exec(text);
  if (match === null) return { advice: adviceOnHeader(text) };
  const [encoding, fileType] = [match[1] as BbqrEncoding, match[2] as BbqrFileType];
  const [total, index] = [Number.parseInt(match[3] as string, 36), Number.parseInt(match[4] as string, 36)];
  if (total === 0) return { advice: "the frame says that it is one of none: make the frames again" };
  if (index >= total)
    return { advice: `the frame says that it is number ${index + 1} of ${total}: make the frames again` };
  const letters = text.slice(BBQR_HEADER_CHARACTERS);
  if (letters === "") return { advice: `frame ${index + 1} of ${total} is empty: make the frames again` };
  if (index < total - 1 && letters.length % BBQR_GROUP[encoding] !== 0)
    return { advice: `frame ${index + 1} of ${total} ends inside a byte: scan it again` };
  const bytes = decoded(encoding, letters);
  if (bytes === undefined)
    return {
      advice: `frame ${index + 1} of ${total} has letters that are not its encoding's: scan it again`,
    };
  return { header: text.slice(0, 6), encoding, fileType, total, index, bytes };
}

function decoded(encoding: BbqrEncoding, letters: string): Uint8Array | undefined {
  if (encoding === "H")
    return /^(?:[0-9A-F]{2})+$/.test(letters) ? fromHex(letters.toLowerCase(), "frame") : undefined;
  try {
    return fromBase32(letters, "frame");
  } catch (error) {
    if (isError(error, BASE32_MALFORMED)) return undefined;
    throw error;
  }
}

/** Scanners that type send keys, not letters: capitals and the keyboard's country change what arrives. */
function adviceOnHeader(text: string): string {
  if (/^b[$4]/.test(text)) return "the letters came in lower case: release caps lock, and scan again";
  if (!text.startsWith("B$"))
    return "this is no BBQr frame; where a scanner types it, set the keyboard of both to US and scan again";
  if (/^B\$[^H2Z]/.test(text)) return "the frame's encoding is none of H, 2 and Z: make the frames again";
  if (/^B\$.[^PTJCUBX]/.test(text))
    return "the frame's file type is not one that is known here: make the frames again";
  return "the frame's header is cut or damaged: scan it again";
}
