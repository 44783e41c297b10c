/** One short text that stands alone: typed by a scanner, in a text file, or as the one QR code of a picture. */
import { isPng, readPng } from "../airgap/png-read.ts";
import { readQrCodes } from "../airgap/qr-read.ts";
import { declareError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { isSafeText } from "../core/text.ts";
import { SCAN } from "./carry-options.ts";
import { readInput } from "./files.ts";
import type { Io } from "./io.ts";
import { takeLines } from "./typed-lines.ts";

export const TEXT_NOT_SINGLE = declareError(
  "TEXT_NOT_SINGLE",
  "invalid",
  "A file, picture or scan holds no text, several, or one that is not plain.",
);

/**
 * The text of `path`, without space around it; `scan` takes one line.
 * @throws TEXT_NOT_SINGLE, and as `readInput` and `readPng`
 */
export async function readSingleText(io: Io, path: string, field: string): Promise<string> {
  const texts = path === SCAN ? await scanned(io) : await inFile(io, path, field);
  const [text, ...others] = new Set(texts.map((line) => line.trim()).filter((line) => line !== ""));
  // Of two codes in one picture nobody could say which one was meant (F22: one of them is the attacker's).
  if (text === undefined || others.length > 0 || text.length > LIMITS.qrCharactersMax || !isSafeText(text)) {
    throw TEXT_NOT_SINGLE(
      `${path} holds ${text === undefined ? "no text" : others.length > 0 ? `${others.length + 1} texts` : "a text that is not plain"}`,
      { field, hint: "show one code alone, or type the text" },
    );
  }
  return text;
}

async function scanned(io: Io): Promise<readonly string[]> {
  const lines: string[] = [];
  if (io.stdin.isTTY) io.stderr.write("scan the code; ctrl-D ends\n");
  await takeLines(io, (line) => {
    // zbarcam without --raw writes the kind of code in front.
    lines.push(line.trim().replace(/^QR-Code:/, ""));
    return "enough";
  });
  return lines;
}

async function inFile(io: Io, path: string, field: string): Promise<readonly string[]> {
  const bytes = await readInput(io, path, LIMITS.imageBytesMax, field);
  if (isPng(bytes)) return readQrCodes(readPng(bytes));
  // Another kind of picture: the reader of pictures says what is read.
  if (bytes.length > LIMITS.smallDocumentBytesMax || bytes.includes(0)) readPng(bytes);
  return Buffer.from(bytes).toString("utf8").split(/\r?\n/);
}
