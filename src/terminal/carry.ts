/** A document goes across by QR codes: moving on the screen, as pictures, or on a page to print. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { BbqrFileType } from "../airgap/bbqr.ts";
import { bbqrFrames, firstFrames, urFrames, type FrameMaker } from "../airgap/frames.ts";
import { qrCapacity } from "../airgap/qr-matrix.ts";
import { sheetHtml } from "../airgap/sheet.ts";
import { urPayload, urTypeOf, type ForeignUrType, type UrType } from "../airgap/ur-types.ts";
import { documentBytes, type Document, type DocumentHeader } from "../core/document.ts";
import { assert, declareError } from "../core/errors.ts";
import type { Digest } from "../core/digest.ts";
import { utf8 } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { optionalFlag, switchedOn, type Call } from "./command.ts";
import { FILE_EXISTS, writeOutput } from "./files.ts";
import { assertNoFrames, writeFrames } from "./frame-files.ts";
import { showFrames } from "./qr-screen.ts";
import { USAGE } from "./program.ts";

export const CARRY_TOO_LARGE = declareError(
  "CARRY_TOO_LARGE",
  "usage",
  "A document is too large for QR codes: nobody holds a camera still for so long.",
);

/** The version of a code on paper, which a telephone reads from a page with a crease. */
const SHEET_VERSION = 15;

/** What BBQr calls the types that are not one JSON document. */
const BBQR_TYPES: Readonly<Partial<Record<UrType | ForeignUrType, BbqrFileType>>> = {
  bytes: "U",
  "custody-journal": "U",
  "crypto-psbt": "P",
  psbt: "P",
};

export type Carriage = {
  readonly type: UrType | ForeignUrType;
  readonly title: string;
  readonly digest: Digest;
};

/**
 * Finds out that the codes could not be shown or written before anything is signed or exported.
 * @throws USAGE, FILE_EXISTS, FILE_UNUSABLE
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
  const [folder, sheet] = ["frames", "sheet"].map((flag) => optionalFlag(flags, flag));
  if (folder !== undefined) assertNoFrames(io, folder);
  if (sheet !== undefined && !switchedOn(flags, "force") && existsSync(resolve(io.cwd, sheet)))
    throw FILE_EXISTS(`${sheet} already exists`, {
      field: "--sheet",
      hint: "choose another --sheet, or add --force to replace it",
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

/**
 * The same for a document, under the name of its kind.
 * @param title for the page to print; the kind where none is given
 * @throws as `carry`
 */
export async function carryDocument<Body extends DocumentHeader>(
  call: Call,
  document: Document<Body>,
  title?: string,
): Promise<readonly string[]> {
  if (!isCarried(call)) return [];
  const { kind } = document.body;
  const type = urTypeOf(kind);
  assert(type !== undefined, "a command that carries writes a kind with a UR type");
  return carry(call, documentBytes(document), {
    type,
    title: title ?? `Document: ${kind}`,
    digest: document.digest,
  });
}

/** Whether codes were asked for. */
export function isCarried({ flags }: Pick<Call, "flags">): boolean {
  return switchedOn(flags, "ur") || switchedOn(flags, "bbqr");
}

function makerOf(call: Call, bytes: Uint8Array, { type }: Carriage): FrameMaker | undefined {
  const { flags } = call;
  if (!isCarried(call)) return undefined;
  if (bytes.length > LIMITS.carriedBytesMax) {
    throw CARRY_TOO_LARGE(
      `the document has ${bytes.length} bytes, codes carry ${LIMITS.carriedBytesMax} at most`,
      {
        field: switchedOn(flags, "ur") ? "--ur" : "--bbqr",
        hint: "carry the file itself",
      },
    );
  }
  return switchedOn(flags, "ur")
    ? urFrames(type, urPayload(type, bytes))
    : bbqrFrames(bytes, BBQR_TYPES[type] ?? "J");
}
