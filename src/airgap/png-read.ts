/**
 * Reads PNG pictures (ISO/IEC 15948) in grey, for the QR codes in them. Pictures come from strangers' cameras and screens:
 * sizes are checked before memory is taken, and what is inflated may not be longer than the header says.
 */
import { inflateSync } from "node:zlib";
import { declareError, type CustodyError } from "../core/errors.ts";
import { concatBytes, equalBytes } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { crc32 } from "./crc32.ts";
import { greyOf, pixelBits, type PngShape } from "./png-pixels.ts";
import type { Picture } from "./picture.ts";
import { PNG_SIGNATURE } from "./png-write.ts";

export const PICTURE_UNREADABLE = declareError(
  "PICTURE_UNREADABLE",
  "invalid",
  "A file is no PNG picture that can be read, or is larger than what is read.",
);

const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Whether `bytes` begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, PNG_SIGNATURE.length), PNG_SIGNATURE);
}

/** @throws PICTURE_UNREADABLE */
export function readPng(bytes: Uint8Array): Picture {
  if (!isPng(bytes)) throw unreadable("it is no PNG picture");
  if (bytes.length > LIMITS.imageBytesMax)
    throw unreadable(`it is larger than ${LIMITS.imageBytesMax} bytes`);
  const chunks = chunksOf(bytes);
  const shape = shapeOf(chunks);
  const rowBytes = Math.ceil((shape.width * pixelBits(shape)) / 8);
  const length = shape.height * (1 + rowBytes);
  if (length > LIMITS.imagePixelBytesMax) throw unreadable("its pixels are more than 16 million in 24 bits");
  const packed = concatBytes(...chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const grey = greyOf(shape, inflated(packed, length), rowBytes);
  if (grey === undefined) throw unreadable("its pixels are damaged");
  return { width: shape.width, height: shape.height, grey };
}

/** Empty parts cost a file twelve bytes each, and a reader a hundred; writers make parts of eight kilobytes or more. */
const CHUNKS_MAX = 32_768;

type Chunk = { readonly type: string; readonly data: Uint8Array };

/** All chunks up to the end mark, each with a good checksum. */
function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = PNG_SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) break;
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== view.getUint32(at + 8 + length)) throw unreadable("a part of it is damaged");
    const chunk = { type: String.fromCharCode(...body.subarray(0, 4)), data: body.subarray(4) };
    if (chunk.type === "IEND") return chunks;
    if (chunks.length === CHUNKS_MAX) throw unreadable("it is in too many parts");
    // A capital begins the name of what a reader must understand (§5.4).
    if (/^[A-Z]/.test(chunk.type) && !/^(IHDR|PLTE|IDAT)$/.test(chunk.type))
      throw unreadable("it holds what is not known here");
    chunks.push(chunk);
    at += 12 + length;
  }
  throw unreadable("its end is missing");
}

function shapeOf(chunks: readonly Chunk[]): PngShape {
  const header = chunks[0]?.type === "IHDR" ? chunks[0].data : new Uint8Array();
  if (header.length !== 13) throw unreadable("its header is missing");
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, compression, filter, interlace] = [...header.subarray(8)] as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (Math.min(width, height) === 0 || Math.max(width, height) > LIMITS.imageSideMax)
    throw unreadable(`its sides are not of 1 to ${LIMITS.imageSideMax} pixels`);
  if (DEPTHS[colour]?.includes(depth) !== true || compression !== 0 || filter !== 0)
    throw unreadable("its pixels are of no kind that PNG has");
  if (interlace !== 0) throw unreadable("it is interlaced");
  const palette = chunks.find(({ type }) => type === "PLTE")?.data ?? new Uint8Array();
  if (colour === 3 && (palette.length === 0 || palette.length > 768 || palette.length % 3 !== 0))
    throw unreadable("its palette is missing or damaged");
  return { width, height, depth, colour, palette };
}

function inflated(packed: Uint8Array, length: number): Uint8Array {
  try {
    const bytes = inflateSync(packed, { maxOutputLength: length });
    if (bytes.length === length) return bytes;
  } catch (error) {
    if (!/^(Z_|ERR_BUFFER_TOO_LARGE$)/.test(String((error as NodeJS.ErrnoException).code))) throw error;
  }
  throw unreadable("its pixels are not as many as its header says");
}

function unreadable(why: string): CustodyError {
  return PICTURE_UNREADABLE(`the picture cannot be read: ${why}`, {
    field: "picture",
    hint: `save it as a plain PNG of at most ${LIMITS.imageSideMax} pixels a side, or let zbarimg read it: zbarimg --raw --quiet PICTURE > frames.txt`,
  });
}
