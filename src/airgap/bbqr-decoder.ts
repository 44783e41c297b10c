/** Puts the frames of one BBQr file together, in whatever order, as often and beside whatever others they come. */
import { inflateRawSync } from "node:zlib";
import { CustodyError, declareError } from "../core/errors.ts";
import { concatBytes, equalBytes } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { BBQR_WINDOW_BITS, type BbqrFileType } from "./bbqr.ts";
import { readBbqrPart, type BbqrPart } from "./bbqr-part.ts";
import type { Progress } from "./progress.ts";

export const BBQR_MIXED = declareError(
  "BBQR_MIXED",
  "verification",
  "Frames with the same BBQr header contradict each other: they are of two files, or one was changed.",
);
export const BBQR_SPOILED = declareError(
  "BBQR_SPOILED",
  "verification",
  "All BBQr frames are there, and what they hold together does not decompress.",
);
export const BBQR_TOO_LARGE = declareError(
  "BBQR_TOO_LARGE",
  "invalid",
  "BBQr frames decompress to more than is taken across the gap.",
);

/** A whole file. BBQr has no checksum: judge `bytes` by what they are. */
export type BbqrFile = { readonly fileType: BbqrFileType; readonly bytes: Uint8Array };

/** So many foreign frames in a row mean that another code is being shown. */
const FOREIGN_IN_A_ROW_MAX = 8;

/**
 * The first good frame decides which file is read. Memory stays below what 1,295 frames hold.
 *
 * Frames that say the same header and contradict each other end the scan (T4): some of what was taken may be the
 * other's, and without a checksum nothing would tell.
 */
export class BbqrDecoder {
  #first: BbqrPart | undefined;
  #parts = new Map<number, Uint8Array>();
  /** Bytes of every part but the last; undefined while none of these is known. */
  #fullLength: number | undefined;
  #spoiled: CustodyError | undefined;
  #foreignInARow = 0;

  /**
   * Takes the text of one frame.
   * @throws BBQR_MIXED, BBQR_SPOILED, BBQR_TOO_LARGE, and again for every frame until `reset`
   */
  receive(text: string): Progress<BbqrFile> {
    if (this.#spoiled !== undefined) throw this.#spoiled;
    try {
      return this.#take(text);
    } catch (error) {
      if (error instanceof CustodyError) this.#spoiled = error;
      throw error;
    }
  }

  #take(text: string): Progress<BbqrFile> {
    const part = readBbqrPart(text);
    if ("advice" in part) return { type: "malformed", advice: part.advice };
    this.#first ??= part;
    if (part.header !== this.#first.header) return this.#foreign();
    this.#foreignInARow = 0;
    const known = this.#parts.get(part.index);
    if (known !== undefined) {
      if (!equalBytes(known, part.bytes)) throw mixed(part, "was read twice, with different content");
      return { type: "duplicate", advice: this.#waitingFor() };
    }
    this.#refuseUnequal(part);
    this.#parts.set(part.index, part.bytes);
    if (this.#parts.size < part.total) return { type: "part", have: this.#parts.size, need: part.total };
    return { type: "done", fileType: part.fileType, bytes: this.#whole(part) };
  }

  /** Numbers of the frames that have not been seen, from 1 as a person counts; undefined before the first. */
  missing(): readonly number[] | undefined {
    if (this.#first === undefined) return undefined;
    return [...Array(this.#first.total).keys()]
      .filter((index) => !this.#parts.has(index))
      .map((index) => index + 1);
  }

  /** Forgets everything. */
  reset(): void {
    this.#first = undefined;
    this.#parts = new Map();
    this.#fullLength = undefined;
    this.#spoiled = undefined;
    this.#foreignInARow = 0;
  }

  /** All parts are equally long, but for the last, which may be shorter. */
  #refuseUnequal({ index, total, bytes }: BbqrPart): void {
    const isLast = index === total - 1;
    const full = isLast ? this.#fullLength : (this.#fullLength ??= bytes.length);
    const last = isLast ? bytes.length : this.#parts.get(total - 1)?.length;
    const unequal = !isLast && bytes.length !== full;
    if (unequal || (full !== undefined && last !== undefined && last > full))
      throw mixed({ index, total }, "is not as long as those before let it be");
  }

  #whole(part: BbqrPart): Uint8Array {
    const bytes = concatBytes(...[...Array(part.total).keys()].map((index) => this.#part(index)));
    return part.encoding === "Z" ? inflated(bytes) : bytes;
  }

  #part(index: number): Uint8Array {
    return this.#parts.get(index) as Uint8Array;
  }

  #foreign(): Progress<BbqrFile> {
    this.#foreignInARow += 1;
    return {
      type: "foreign",
      advice:
        this.#foreignInARow < FOREIGN_IN_A_ROW_MAX
          ? "this frame is of another file: show one code only"
          : "only frames of another file come: go back to the first code, or start again to read this one",
    };
  }

  #waitingFor(): string {
    const missing = this.missing() ?? [];
    if (missing.length === 0) return "the file is whole: no more frames are needed";
    return `still missing: ${numbersInWords(missing)}`;
  }
}

function mixed(part: { readonly index: number; readonly total: number }, what: string): CustodyError {
  return BBQR_MIXED(`frame ${part.index + 1} of ${part.total} ${what}`, {
    field: "frames",
    hint: "show one code only, take other pictures out of the folder, and start again",
  });
}

/** The first few of many numbers: `frames 3, 7, 9 and 12 more`. */
export function numbersInWords(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 12).join(", ");
  const more = numbers.length > 12 ? ` and ${numbers.length - 12} more` : "";
  return `${numbers.length === 1 ? "frame" : "frames"} ${shown}${more}`;
}

/**
 * A kilobyte can ask for a gigabyte: zlib stops at the limit. What follows the end of the stream is refused, for
 * two different scans would then be the same file.
 */
function inflated(bytes: Uint8Array): Uint8Array {
  const options = { windowBits: BBQR_WINDOW_BITS, maxOutputLength: LIMITS.bbqrBytesMax, info: true } as const;
  try {
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    if (engine.bytesWritten === bytes.length && buffer.length > 0) return new Uint8Array(buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw BBQR_TOO_LARGE(`the frames decompress to more than ${LIMITS.bbqrBytesMax} bytes`, {
        field: "frames",
        hint: "carry it as a file, if you know who made it",
      });
    if (!/^Z_/.test(String((error as NodeJS.ErrnoException).code))) throw error;
  }
  throw BBQR_SPOILED("the frames do not decompress to one file", {
    field: "frames",
    hint: "start again; when it repeats, have the frames made again",
  });
}
