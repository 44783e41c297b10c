/**
 * Reads frames from wherever they are: lines typed by a scanner or piped from a camera (`-`), pictures, text files, and
 * folders of these in any order. Every frame that does not help is answered with what to do next.
 *
 * @example A camera, on the machine that has one:
 * zbarcam --raw --quiet -Sdisable -Sqrcode.enable | custody-signer review --in scan
 */
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { numbersInWords } from "../airgap/bbqr-decoder.ts";
import type { Carried, FrameReader } from "../airgap/frame-reader.ts";
import { isPng, PICTURE_UNREADABLE, readPng } from "../airgap/png-read.ts";
import { readQrCodes } from "../airgap/qr-read.ts";
import { CustodyError, declareError, isError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { visibleText } from "../core/text.ts";
import { asFileError, readInput } from "./files.ts";
import type { Io } from "./io.ts";
import { takeLines } from "./typed-lines.ts";

export const SCAN_INCOMPLETE = declareError(
  "SCAN_INCOMPLETE",
  "pending",
  "The frames that were given are not all that the message has.",
);
export const FRAMES_TOO_MANY = declareError(
  "FRAMES_TOO_MANY",
  "invalid",
  "A folder holds more files than any message has frames.",
);

export const FRAMES_MIXED = declareError(
  "FRAMES_MIXED",
  "invalid",
  "A picture or file holds a whole message and frames of another one.",
);

/** Takes one text; answers whether the message is whole. */
type Take = (text: string, from: string) => "more" | "enough";

/**
 * Reads `sources` one after the other until a message is whole.
 * @throws SCAN_INCOMPLETE, PICTURE_UNREADABLE, FRAMES_TOO_MANY, FRAMES_MIXED, the errors of files, and those of the decoders
 */
export async function readFrames(io: Io, sources: readonly string[], reader: FrameReader): Promise<Carried> {
  let carried: Carried | undefined;
  const progress = progressTo(io);
  const take: Take = (text, from) => {
    const answer = receiveFrom(reader, text, from);
    // Whichever code is found first would decide (F22: one of them is the attacker's), so neither is taken.
    if (carried !== undefined && answer.type === "foreign") throw mixedFrames(from);
    if (carried !== undefined) return "enough";
    if (answer.type === "done") carried = answer;
    else if (answer.type === "part") progress.count(answer.have, answer.need);
    else if (answer.type !== "duplicate") progress.note(`${from}: ${answer.advice}`);
    return carried === undefined ? "more" : "enough";
  };
  try {
    for (const source of sources) {
      if (carried === undefined) await takeSource(io, source, take, progress);
    }
  } finally {
    progress.end();
  }
  if (carried === undefined) throw incomplete(reader);
  return carried;
}

/** One frame; an error that ends the scan says where the frame came from. */
function receiveFrom(reader: FrameReader, text: string, from: string): ReturnType<FrameReader["receive"]> {
  try {
    return reader.receive(text);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    const { code, exit, field, hint, details } = error;
    throw new CustodyError(code, exit, `${from}: ${error.message}`, {
      ...(field === undefined ? {} : { field }),
      ...(hint === undefined ? {} : { hint }),
      details,
      cause: error,
    });
  }
}

async function takeSource(io: Io, source: string, take: Take, progress: ProgressLine): Promise<void> {
  if (source === "-") {
    if (io.stdin.isTTY)
      progress.note(
        "scan the frames one after the other, then take the scanner away: it types\nwhatever it sees. Ctrl-D ends",
      );
    return takeLines(io, (line) => take(line, "scan"));
  }
  const files = filesIn(io, source);
  if (files === undefined) await takeFile(io, source, take, progress);
  for (const file of files ?? []) {
    try {
      if ((await takeFile(io, file, take, progress)) === "enough") return;
    } catch (error) {
      // One bad picture among many is no reason to stop: the others may be enough.
      if (!isError(error, PICTURE_UNREADABLE)) throw error;
      progress.note(`${visibleText(file)}: ${error.message}; ${error.hint ?? ""}`);
    }
  }
}

/** All files of a folder in the order of their names; undefined for what is none. */
function filesIn(io: Io, source: string): readonly string[] | undefined {
  const path = resolve(io.cwd, source);
  try {
    if (!statSync(path).isDirectory()) return undefined;
    const files = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => join(source, name))
      .sort();
    if (files.length <= LIMITS.frameFilesMax) return files;
  } catch (error) {
    throw asFileError(error, path);
  }
  throw FRAMES_TOO_MANY(`${source} holds more than ${LIMITS.frameFilesMax} files`, {
    field: "file",
    hint: "put the frames of one message alone in a folder",
  });
}

async function takeFile(
  io: Io,
  path: string,
  take: Take,
  progress: ProgressLine,
): Promise<"more" | "enough"> {
  const bytes = await readInput(io, path, LIMITS.imageBytesMax);
  const name = visibleText(path);
  if (isPng(bytes)) {
    const texts = await readQrCodes(readPng(bytes));
    if (texts.length === 0)
      progress.note(
        `${name}: no QR code was found: take the picture again, straight, near and without glare`,
      );
    return takeAll(texts, name, take);
  }
  const text = asciiOf(bytes);
  if (text === undefined) readPng(bytes); // says what is read and what reads other pictures
  const lines = (text ?? "").split(/\r?\n/).filter((line) => line.trim() !== "");
  return takeAll(lines, name, take);
}

// All of them, though the message may be whole before the last: what lies beside it in one picture is part of the picture.
function takeAll(texts: readonly string[], from: string, take: Take): "more" | "enough" {
  return texts.map((text) => take(text, from)).includes("enough") ? "enough" : "more";
}

function mixedFrames(from: string): CustodyError {
  return FRAMES_MIXED(`${from} holds frames of two messages`, {
    field: "frames",
    hint: "take the picture again with one code alone, or leave only the lines of one message in the file",
  });
}

/** Printable text, which every frame is; undefined for other bytes. */
function asciiOf(bytes: Uint8Array): string | undefined {
  if (bytes.some((byte) => byte > 0x7e || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)))
    return undefined;
  return Buffer.from(bytes).toString("latin1");
}

function incomplete(reader: FrameReader): CustodyError {
  const { have, missing } = reader;
  if (have === undefined)
    return SCAN_INCOMPLETE("no frame was read", {
      field: "frames",
      hint: "show the frames larger, or give their folder",
    });
  const wanted = missing === undefined ? "any more frames of the same code" : numbersInWords(missing);
  return SCAN_INCOMPLETE(`${have.have} of ${have.need} frames were read`, {
    field: "frames",
    hint: `add ${wanted} and read all of them again: the order does not matter`,
    details: have,
  });
}

type ProgressLine = {
  readonly count: (have: number, need: number) => void;
  readonly note: (text: string) => void;
  readonly end: () => void;
};

/** A file of a million strange lines has a million answers; after so many without a new frame no more are given. */
const NOTES_IN_A_ROW_MAX = 20;

/** A line that counts on a terminal, and a line for each tenth elsewhere. A note that repeats is said once. */
function progressTo({ stderr }: Io): ProgressLine {
  let open = false;
  let tenths = 0;
  let lastNote = "";
  let notes = 0;
  const end = () => {
    if (open) stderr.write("\n");
    open = false;
  };
  return {
    count: (have, need) => {
      const reached = Math.floor((10 * have) / need);
      if (stderr.isTTY) stderr.write(`\r${have} of ${need} frames`);
      else if (reached > tenths) stderr.write(`${have} of ${need} frames\n`);
      open = stderr.isTTY;
      tenths = reached;
      lastNote = "";
      notes = 0;
    },
    note: (text) => {
      if (text === lastNote || notes === NOTES_IN_A_ROW_MAX) return;
      end();
      notes += 1;
      stderr.write(notes === NOTES_IN_A_ROW_MAX ? "and so on: the rest is left out\n" : `${text}\n`);
      lastNote = text;
    },
    end,
  };
}
