/** PNG pictures of QR codes (ISO/IEC 15948): one bit a pixel, grey, no interlace. Forty lines; the same bytes every time. */
import { deflateSync } from "node:zlib";
import { concatBytes, utf8 } from "../core/hex.ts";
import { crc32 } from "./crc32.ts";
import type { QrMatrix } from "./qr-matrix.ts";

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Light modules around a code, without which readers do not find it (ISO/IEC 18004 §6.3.8). */
export const QUIET_ZONE = 4;

/** A picture of `matrix` with its quiet zone. @param scale pixels along a side of each module */
export function pngOfMatrix(matrix: QrMatrix, scale: number): Uint8Array {
  const side = (matrix.length + 2 * QUIET_ZONE) * scale;
  const rowBytes = Math.ceil(side / 8);
  const rows = new Uint8Array(side * (1 + rowBytes)); // each row begins with its filter: 0, none
  for (let y = 0; y < side; y++) {
    const row = matrix[Math.floor(y / scale) - QUIET_ZONE] ?? [];
    for (let x = 0; x < side; x++) {
      if (row[Math.floor(x / scale) - QUIET_ZONE] === true) continue;
      const at = y * (1 + rowBytes) + 1 + (x >>> 3);
      rows[at] = (rows[at] ?? 0) | (0x80 >>> (x & 7));
    }
  }
  const header = concatBytes(uint32(side), uint32(side), Uint8Array.of(1, 0, 0, 0, 0));
  return concatBytes(
    PNG_SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", new Uint8Array(deflateSync(rows, { level: 9 }))),
    chunk("IEND", new Uint8Array()),
  );
}

/** A chunk: length, type, data, checksum over type and data. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concatBytes(utf8(type), data);
  return concatBytes(uint32(data.length), body, uint32(crc32(body)));
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
