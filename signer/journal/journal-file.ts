/** The journal on disk: read whole, appended to with fsync before anything leaves. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { PublicKey } from "../../src/core/ed25519.ts";
import { declareError } from "../../src/core/errors.ts";
import { concatBytes, utf8 } from "../../src/core/hex.ts";
import { JOURNAL_BROKEN } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { asFileError, syncFolder } from "../../src/terminal/files.ts";
import { lineBytes, withLine, type JournalLine } from "./journal.ts";
import { parseJournal, type ReadJournal } from "./parse.ts";

export const JOURNAL_MOVED = declareError(
  "JOURNAL_MOVED",
  "conflict",
  "The journal changed while a command was at work.",
);

/** @throws JOURNAL_BROKEN, also when there is no journal: a signer without memory must not sign */
export function readJournal(path: string, signer: PublicKey): ReadJournal {
  if (!existsSync(path)) {
    throw JOURNAL_BROKEN(`the journal ${path} is missing`, {
      field: "journal",
      hint: "put the journal back from its backup; if there is none, begin a new epoch: custody-signer init --epoch N",
    });
  }
  try {
    if (statSync(path).size > LIMITS.journalBytesMax)
      throw JOURNAL_BROKEN("the journal is larger than what is read", { field: "journal" });
    return parseJournal(new Uint8Array(readFileSync(path)), signer);
  } catch (error) {
    throw asFileError(error, path, "journal");
  }
}

/** What a person should know of a journal that a crash has marked. */
export function tornWarnings({ torn }: ReadJournal): readonly string[] {
  return torn === 0
    ? []
    : [
        `the journal's last line was torn by a crash (${torn} bytes); nothing of it was released, it is dropped`,
      ];
}

/** Creates the journal with its first line; it is on disk when this returns. @throws FILE_EXISTS */
export function createJournal(path: string, first: JournalLine): void {
  write(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, (file) => {
    writeWhole(file, lineBytes(first), 0);
  });
  syncFolder(dirname(path));
}

/**
 * Appends lines behind what `read` saw, in one write; they are on disk when this returns. A torn tail is cut off first.
 * @returns the journal as it is read from now on
 * @throws JOURNAL_MOVED when the file is not as it was read
 */
export function appendJournal(
  path: string,
  read: ReadJournal,
  ...lines: readonly JournalLine[]
): ReadJournal {
  const bytes = concatBytes(utf8(read.unended ? "\n" : ""), ...lines.map(lineBytes));
  write(path, constants.O_RDWR, (file) => {
    if (fstatSync(file).size !== read.length + read.torn) {
      throw JOURNAL_MOVED("the journal has grown since it was read; nothing was signed", {
        field: "journal",
        hint: "run the command again, one at a time",
      });
    }
    if (read.torn > 0) ftruncateSync(file, read.length);
    writeWhole(file, bytes, read.length);
  });
  const journal = lines.reduce(withLine, read.journal);
  return { journal, length: read.length + bytes.length, torn: 0, unended: false };
}

function write(path: string, flags: number, work: (file: number) => void): void {
  try {
    const file = openSync(path, flags, 0o600);
    try {
      work(file);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, "journal");
  }
}

function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
}
