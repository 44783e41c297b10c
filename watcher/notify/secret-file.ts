/** Secrets of channels: in files that their owner alone can read, opened when they are used and kept nowhere else. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { declareError } from "../../src/core/errors.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import { asFileError, readOpen } from "../../src/terminal/files.ts";
import type { Io } from "../../src/terminal/io.ts";

export const SECRET_FILE_EXPOSED = declareError(
  "SECRET_FILE_EXPOSED",
  "denied",
  "A file with a secret can be read by others than its owner.",
);
export const SECRET_FILE_MALFORMED = declareError(
  "SECRET_FILE_MALFORMED",
  "invalid",
  "A file does not hold the secret that is looked for in it.",
);

const BYTES_MAX = 4096;

/**
 * The lines of a secret file that are not empty. Nothing of what stands in it comes into an error.
 * @throws SECRET_FILE_EXPOSED, SECRET_FILE_MALFORMED, FILE_MISSING, FILE_UNUSABLE
 */
export function readSecretLines(io: Pick<Io, "cwd">, path: string, field: string): readonly string[] {
  const lines = new TextDecoder().decode(readPrivate(resolve(io.cwd, path), field)).split(/\r?\n/);
  const found = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (found.length > 0) return found;
  throw malformedSecret(path, field, "it is empty");
}

export function malformedSecret(path: string, field: string, why: string) {
  return SECRET_FILE_MALFORMED(`${path}: ${why}`, {
    field,
    hint: `custody config set ${field} FILE   (see docs/runbooks/alerts.md for what the file holds)`,
  });
}

// Judged by the open file, so that nobody puts another in its place in between.
function readPrivate(path: string, field: string): Uint8Array {
  try {
    const file = openSync(path, "r");
    try {
      const { mode, size } = fstatSync(file);
      if ((mode & 0o077) !== 0) {
        throw SECRET_FILE_EXPOSED(`${path} can be read by others than its owner`, {
          field,
          hint: `chmod 600 ${shellWord(path)}`,
        });
      }
      if (size > BYTES_MAX) throw malformedSecret(path, field, `it has more than ${BYTES_MAX} bytes`);
      return readOpen(file, BYTES_MAX);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, field);
  }
}
