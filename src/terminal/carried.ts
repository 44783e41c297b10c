/** What crosses the gap, as a command reads it: a file, or frames in pictures, in a folder, or line by line. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { BbqrDecoder } from "../airgap/bbqr-decoder.ts";
import { FrameReader, type Carried } from "../airgap/frame-reader.ts";
import { isPng } from "../airgap/png-read.ts";
import { readUrPayload } from "../airgap/ur-types.ts";
import { UrDecoder } from "../airgap/ur-decoder.ts";
import { SCAN } from "./carry-options.ts";
import { FILE_TOO_LARGE, readInput } from "./files.ts";
import type { Io } from "./io.ts";
import { readFrames } from "./scan.ts";

/** What came across with its frames' own word for what it is, or a file, which has none. */
export type Across = Carried | { readonly carrier: "file"; readonly bytes: Uint8Array };

/**
 * What came across. Frames are known by how they begin: a picture, UR or BBQr.
 * @throws as `readInput` and `readFrames`
 */
export async function readAcross(io: Io, path: string, bytesMax: number, field = "file"): Promise<Across> {
  if (path !== SCAN && !holdsFrames(resolve(io.cwd, path), path))
    return { carrier: "file", bytes: await readInput(io, path, bytesMax, field) };
  const reader = new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });
  return readFrames(io, [path === SCAN ? "-" : path], reader);
}

/**
 * Bytes of what came across.
 * @throws as `readAcross`; UR_TYPE_UNKNOWN
 */
export async function readCarried(
  io: Io,
  path: string,
  bytesMax: number,
  field = "file",
): Promise<Uint8Array> {
  const carried = await readAcross(io, path, bytesMax, field);
  const bytes = carried.carrier === "ur" ? readUrPayload(carried).content : carried.bytes;
  if (bytes.length <= bytesMax) return bytes;
  throw FILE_TOO_LARGE(`what the frames of ${path} carry is larger than ${bytesMax} bytes`, {
    field,
    hint: "check that they are of the right document",
  });
}

// Of a pipe nothing is looked at beforehand: what was read of it is gone.
function holdsFrames(full: string, path: string): boolean {
  const kind = path === "-" ? undefined : statSync(full, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true) return true;
  if (kind?.isFile() !== true) return false;
  const begin = new Uint8Array(8);
  try {
    const file = openSync(full, "r");
    try {
      readSync(file, begin, 0, begin.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return false; // reading it says why
  }
  return isPng(begin) || /^(?:ur:|b\$)/i.test(Buffer.from(begin).toString("latin1"));
}
