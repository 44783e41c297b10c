import { deflateSync } from "node:zlib";
import type { Picture } from "../../src/airgap/picture.ts";
import { chunk, PNG_SIGNATURE, QUIET_ZONE } from "../../src/airgap/png-write.ts";
import type { QrMatrix } from "../../src/airgap/qr-matrix.ts";
import { concatBytes } from "../../src/core/hex.ts";

/** A code with its quiet zone, `scale` pixels a module. */
export function pictureOf(matrix: QrMatrix, scale: number): Picture {
  const side = (matrix.length + 2 * QUIET_ZONE) * scale;
  const module = (pixel: number) => Math.floor(pixel / scale) - QUIET_ZONE;
  const grey = Uint8Array.from({ length: side * side }, (_, i) =>
    matrix[module(Math.floor(i / side))]?.[module(i % side)] === true ? 0 : 255,
  );
  return { width: side, height: side, grey };
}

export type PngParts = {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly interlace?: number;
  readonly compression?: number;
  readonly palette?: readonly number[];
  /** Each with its filter in front. */
  readonly rows: readonly (readonly number[])[];
  /** Stands before the pixels. */
  readonly extra?: readonly Uint8Array[];
};

/** A PNG file made by hand, of whatever kind. */
export function pngOf(parts: PngParts): Uint8Array {
  const { width = 1, height = 1, depth = 8, colour = 0, compression = 0, interlace = 0 } = parts;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colour, compression, 0, interlace], 8);
  const pixels = new Uint8Array(deflateSync(Uint8Array.from(parts.rows.flat())));
  const half = Math.floor(pixels.length / 2);
  return concatBytes(
    PNG_SIGNATURE,
    chunk("IHDR", header),
    ...(parts.palette === undefined ? [] : [chunk("PLTE", Uint8Array.from(parts.palette))]),
    ...(parts.extra ?? []),
    chunk("IDAT", pixels.subarray(0, half)),
    chunk("IDAT", pixels.subarray(half)),
    chunk("IEND", new Uint8Array()),
  );
}
