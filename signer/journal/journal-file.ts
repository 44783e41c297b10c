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
import { declareError, isError } from "../../src/core/errors.ts";
import { concatBytes, utf8 } from "../../src/core/hex.ts";
import { JOURNAL_BROKEN } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { asFileError, syncFolder } from "../../src/terminal/files.ts";
import { lineBytes, withLines, type JournalLine } from "./journal.ts";
import { parseJournal, readAgain, type ReadJournal } from "./parse.ts";

export const JOURNAL_MOVED = declareError(
  "JOURNAL_MOVED",
  "conflict",
  "The journal changed while a command was at work.",
);

export const JOURNAL_FULL = declareError(
  "JOURNAL_FULL",
  "conflict",
  "The journal has no room for an entry, or could not read it again; nothing was written and nothing was released.",
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
 * Whether an entry more would be read again. The journal's end is kept for voids and pins, which a signer needs when it
 * signs no more: whoever fills the journal must not keep it from closing families and from learning who may ask for that.
 * @throws JOURNAL_FULL
 */
export function assertRoom(read: ReadJournal, lines: readonly JournalLine[] = [], bytes = 1): void {
  const isReserved = lines.length > 0 && lines.every(({ entry }) => RESERVED.has(entry.event));
  const entriesMax = LIMITS.journalEntriesMax - (isReserved ? 0 : LIMITS.journalReserveEntries);
  const bytesMax = LIMITS.journalBytesMax - (isReserved ? 0 : LIMITS.journalReserveBytes);
  const entries = read.journal.lines.length + Math.max(lines.length, 1);
  if (entries <= entriesMax && read.length + bytes <= bytesMax) return;
  throw JOURNAL_FULL(
    `the journal would have ${entries} entries in ${read.length + bytes} bytes, at most ${entriesMax} in ${bytesMax} are written`,
    {
      field: "journal",
      hint: "begin a new epoch, and void here what is open: custody-signer init --epoch N, then custody-signer journal rebuild",
    },
  );
}

/** How much of the room that `assertRoom` gives is used, in thousandths. */
export function filledPermille({ journal, length }: ReadJournal): number {
  const entries = journal.lines.length / (LIMITS.journalEntriesMax - LIMITS.journalReserveEntries);
  return Math.floor(1000 * Math.max(entries, length / (LIMITS.journalBytesMax - LIMITS.journalReserveBytes)));
}

const RESERVED: ReadonlySet<JournalLine["entry"]["event"]> = new Set(["void", "pin"]);

/**
 * Appends lines behind what `read` saw, in one write; they are on disk when this returns. A torn tail is cut off first.
 * @returns the journal as it is read from now on
 * @throws JOURNAL_MOVED when the file is not as it was read, JOURNAL_FULL before anything is written that could not be
 *   read again: such a line would be the end of this signer
 */
export function appendJournal(
  path: string,
  read: ReadJournal,
  ...lines: readonly JournalLine[]
): ReadJournal {
  const written = lines.map(lineBytes);
  const bytes = concatBytes(utf8(read.unended ? "\n" : ""), ...written);
  assertRoom(read, lines, bytes.length);
  written.forEach((line, index) => assertReadAgain(line, index, read));
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
  const journal = withLines(read.journal, lines);
  return { journal, length: read.length + bytes.length, torn: 0, unended: false };
}

function assertReadAgain(line: Uint8Array, index: number, { journal: { lines } }: ReadJournal): void {
  const { signature } = lines[0] as JournalLine;
  try {
    readAgain(line, lines.length + index, signature.by);
  } catch (cause) {
    if (!isError(cause, JOURNAL_BROKEN)) throw cause;
    throw JOURNAL_FULL(`the journal could not read what shall be written: ${cause.message}`, {
      field: "journal",
      hint: "sign smaller batches; a void of a family with too many attempts is closed on the other signers",
      cause,
    });
  }
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
