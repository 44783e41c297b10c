/** Frames as files: a folder of pictures that any viewer shows, to be carried, shown or printed. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { firstFrames, type FrameMaker } from "../airgap/frames.ts";
import { pngOfMatrix } from "../airgap/png-write.ts";
import { qrCapacity, qrMatrix, versionFor } from "../airgap/qr-matrix.ts";
import { asFileError, FILE_EXISTS, writeOutput } from "./files.ts";
import type { Io } from "./io.ts";

/** Pixels along the side of a module: a code of version 20 is 630 pixels wide. */
const SCALE = 6;
/** For screens: 1,249 letters, which telephones read from the hand. */
const VERSION_MAX = 20;

/**
 * Writes frames to a folder, which is made: `frame-001-of-040.png`. Returns the paths as `folder` spells them.
 * @param count frames to write; without it one whole row. A rateless format bears losses when there are more.
 * @throws FILE_EXISTS, FILE_UNUSABLE, and what the frames are refused with
 */
export function writeFrames(io: Io, folder: string, make: FrameMaker, count?: number): readonly string[] {
  const frames = make(qrCapacity(VERSION_MAX, "L"));
  const version = versionFor(frames.characters, "L");
  const texts = firstFrames(frames, count);
  try {
    mkdirSync(resolve(io.cwd, folder), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asFileError(error, folder, "out");
  }
  assertNoFrames(io, folder);
  const digits = String(texts.length).length;
  return texts.map((text, index) => {
    const number = String(index + 1).padStart(digits, "0");
    const path = join(folder, `frame-${number}-of-${texts.length}.png`);
    writeOutput(io, path, pngOfMatrix(qrMatrix(text, version, "L"), SCALE));
    return path;
  });
}

/**
 * That `folder` is free for frames, or not there yet. Another message's frames have other names as soon as there are more
 * or fewer of them: whoever carries or shows the folder would carry both, and the reader takes the one that comes first.
 * @throws FILE_EXISTS, FILE_UNUSABLE
 */
export function assertNoFrames(io: Io, folder: string): void {
  const left = filesIn(resolve(io.cwd, folder)).find((name) => /^frame-\d+-of-\d+\.png$/.test(name));
  if (left === undefined) return;
  throw FILE_EXISTS(`${folder} holds frames already (${left})`, {
    field: "--frames",
    hint: "give a new folder, or remove the old frames",
  });
}

function filesIn(folder: string): readonly string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch (error) {
    throw asFileError(error, folder, "--frames");
  }
}
