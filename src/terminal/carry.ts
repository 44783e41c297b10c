/** A document goes across by QR codes: moving on the screen, as pictures, or on a page to print. */
import { bbqrFrames, firstFrames, urFrames, type FrameMaker } from "../airgap/frames.ts";
import { qrCapacity } from "../airgap/qr-matrix.ts";
import { sheetHtml } from "../airgap/sheet.ts";
import { urPayload, type UrType } from "../airgap/ur-types.ts";
import { declareError } from "../core/errors.ts";
import type { Digest } from "../core/digest.ts";
import { utf8 } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { optionalFlag, switchedOn, type Call } from "./command.ts";
import { writeOutput } from "./files.ts";
import { writeFrames } from "./frame-files.ts";
import { showFrames } from "./qr-screen.ts";
import { USAGE } from "./program.ts";

export const CARRY_TOO_LARGE = declareError(
  "CARRY_TOO_LARGE",
  "usage",
  "A document is too large for QR codes: nobody holds a camera still for so long.",
);

/** The version of a code on paper, which a telephone reads from a page with a crease. */
const SHEET_VERSION = 15;

export type Carriage = { readonly type: UrType; readonly title: string; readonly digest: Digest };

/**
 * Finds out that the codes could not be shown before anything is signed or exported.
 * @throws USAGE
 */
export function assertCarriable({ io, flags, json }: Call): void {
  const ways = ["ur", "bbqr"].filter((way) => switchedOn(flags, way));
  const files = ["frames", "sheet"].filter((flag) => optionalFlag(flags, flag) !== undefined);
  if (ways.length > 1)
    throw USAGE("--ur and --bbqr are two ways", { field: "--bbqr", hint: "give one of them" });
  if (ways.length === 0 && files.length > 0)
    throw USAGE(`--${files[0]} needs a format`, { field: `--${files[0]}`, hint: "add --ur or --bbqr" });
  if (ways.length === 1 && files.length === 0 && (json || !io.stdout.isTTY || !io.stdin.isTTY))
    throw USAGE("codes move on a terminal, and this is none", {
      field: `--${ways[0]}`,
      hint: "add --frames FOLDER or --sheet FILE",
    });
}

/**
 * Shows or writes the codes that were asked for; nothing when none were.
 * @returns the files that were written
 * @throws CARRY_TOO_LARGE, FILE_EXISTS, FILE_UNUSABLE
 */
export async function carry(call: Call, bytes: Uint8Array, carriage: Carriage): Promise<readonly string[]> {
  const { io, flags, dryRun } = call;
  const make = makerOf(call, bytes, carriage);
  if (make === undefined || dryRun) return [];
  const folder = optionalFlag(flags, "frames");
  const sheet = optionalFlag(flags, "sheet");
  const written = folder === undefined ? [] : writeFrames(io, folder, make);
  if (sheet !== undefined) {
    const frames = firstFrames(make(qrCapacity(SHEET_VERSION, "M")));
    const page = sheetHtml({ title: carriage.title, digest: carriage.digest, frames });
    writeOutput(io, sheet, utf8(page), { force: switchedOn(flags, "force") });
  }
  if (folder === undefined && sheet === undefined) await showFrames(io, make);
  return sheet === undefined ? written : [...written, sheet];
}

function makerOf({ flags }: Call, bytes: Uint8Array, { type }: Carriage): FrameMaker | undefined {
  if (!switchedOn(flags, "ur") && !switchedOn(flags, "bbqr")) return undefined;
  if (bytes.length > LIMITS.carriedBytesMax) {
    throw CARRY_TOO_LARGE(
      `the document has ${bytes.length} bytes, codes carry ${LIMITS.carriedBytesMax} at most`,
      {
        field: switchedOn(flags, "ur") ? "--ur" : "--bbqr",
        hint: "carry the file itself",
      },
    );
  }
  return switchedOn(flags, "ur") ? urFrames(type, urPayload(type, bytes)) : bbqrFrames(bytes, "J");
}
