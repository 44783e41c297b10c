/** Reads journals and verifies them whole: chain, times, every signature, every document that a line carries. */
import * as z from "zod";
import { parseCanonical, type Json } from "../../src/core/canonical.ts";
import { fromEmbedded, kindOf } from "../../src/core/document.ts";
import { APPROVAL } from "../../src/core/documents/approval.ts";
import { HALT, RESUME } from "../../src/core/documents/halt.ts";
import { RECEIPT } from "../../src/core/documents/receipt.ts";
import { VOID } from "../../src/core/documents/void.ts";
import type { PublicKey } from "../../src/core/ed25519.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { JOURNAL_BROKEN, signedJournalEntryField, verifyEntries } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { verifySignature } from "../../src/core/signature.ts";
import type { Journal, JournalDocument, JournalLine } from "./journal.ts";
import { isTornPrefix } from "./torn.ts";

/** A journal with where it ends in its file. */
export type ReadJournal = {
  readonly journal: Journal;
  /** Bytes of whole lines; whatever stands behind them was torn by a crash before anything was released. */
  readonly length: number;
  readonly torn: number;
  /** The last line is whole but its newline never reached the disk. */
  readonly unended: boolean;
};

const lineField = z.strictObject({
  ...signedJournalEntryField.shape,
  receipt: RECEIPT.schema.optional(),
  document: z.unknown().optional(),
});

const NEWLINE = 0x0a;

/**
 * Reads and verifies the journal of `signer`; its archive stays empty.
 * A last line torn by a crash is left out: its signatures never left the machine, because release waits for fsync.
 * @throws JOURNAL_BROKEN naming the line
 */
export function parseJournal(bytes: Uint8Array, signer: PublicKey): ReadJournal {
  const { lines, start } = wholeLines(bytes, LIMITS.journalEntriesMax);
  const tail = bytes.subarray(start);
  const torn = tail.length > 0 && isTornPrefix(tail);
  const unended = tail.length > 0 && !torn;
  if (unended) lines.push(parseLine(tail, lines.length, LIMITS.journalEntriesMax));
  assertShape(lines, signer);
  const head = verifyEntries(lines, signer);
  const { at: time } = (lines[lines.length - 1] as JournalLine).entry;
  const length = torn ? start : bytes.length;
  return { journal: { lines, head, time, archive: [] }, length, torn: torn ? tail.length : 0, unended };
}

/** Lines of an exported journal, which no crash tears; each is well formed, none is verified yet. @throws JOURNAL_BROKEN */
export function parseLines(bytes: Uint8Array): readonly JournalLine[] {
  const { lines, start } = wholeLines(bytes, LIMITS.exportEntriesMax);
  if (start !== bytes.length) throw broken(lines.length, "has no end: the file is not whole");
  return lines;
}

/** Checks a journal's form and every document in it; the chain itself is `verifyEntries`'s. @throws JOURNAL_BROKEN */
export function assertShape(lines: readonly JournalLine[], signer: PublicKey): void {
  const first = lines[0]?.entry;
  if (first === undefined || first.number !== 0 || first.event !== "init")
    throw broken(0, "is not the beginning of a journal");
  lines.forEach((line, index) => {
    const { entry, signature } = line;
    if (index > 0 && entry.event === "init") throw broken(index, "begins a second time");
    if (signature.at !== entry.at) throw broken(index, "was signed at another time than it says");
    assertCarried(line, index, signer);
  });
}

/** Reads a line as the journal will, when it stands there under `number`. @throws JOURNAL_BROKEN when that cannot be done */
export function readAgain(bytes: Uint8Array, number: number, signer: PublicKey): void {
  const line = parseLine(bytes.subarray(0, bytes.indexOf(NEWLINE)), number, LIMITS.journalEntriesMax);
  assertCarried(line, number, signer);
}

function wholeLines(bytes: Uint8Array, linesMax: number): { lines: JournalLine[]; start: number } {
  const lines: JournalLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(parseLine(bytes.subarray(start, end), lines.length, linesMax));
    start = end + 1;
  }
  return { lines, start };
}

function parseLine(bytes: Uint8Array, index: number, linesMax: number): JournalLine {
  if (index >= linesMax) throw broken(index, "is above the limit of entries");
  try {
    const parsed = lineField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
    if (!parsed.success) throw broken(index, "has fields that no entry has");
    const { entry, signature, receipt, document } = parsed.data;
    return {
      entry,
      signature,
      ...(receipt === undefined ? {} : { receipt: fromEmbedded(RECEIPT, receipt) }),
      ...(document === undefined ? {} : { document: parseCarried(document as Json, index) }),
    };
  } catch (error) {
    if (error instanceof CustodyError && error.code !== JOURNAL_BROKEN.code)
      throw broken(index, `cannot be read: ${error.message}`);
    throw error;
  }
}

function parseCarried(value: Json, index: number): JournalDocument {
  switch (kindOf(value)) {
    case VOID.kind:
      return fromEmbedded(VOID, value);
    case APPROVAL.kind:
      return fromEmbedded(APPROVAL, value);
    case HALT.kind:
      return fromEmbedded(HALT, value);
    case RESUME.kind:
      return fromEmbedded(RESUME, value);
    default:
      throw broken(index, "carries a document that no journal holds");
  }
}

function assertCarried({ entry, receipt, document }: JournalLine, index: number, signer: PublicKey): void {
  const { number, previous, event, subject, at } = entry;
  if ((event === "receipt") !== (receipt !== undefined))
    throw broken(index, "has a receipt where none belongs, or lacks one");
  if (!fits(event, document)) throw broken(index, "has a document where none belongs, or lacks one");
  const carried = receipt ?? document;
  if (carried === undefined) return;
  const [signature, ...others] = carried.signatures;
  const isOurs = event !== "import";
  const sound =
    signature !== undefined &&
    (!isOurs || (others.length === 0 && signature.by === signer && signature.at === at)) &&
    carried.signatures.every((one) => verifySignature(carried.digest, one));
  // The receipt tells people its place in this journal; it must be the one that it has.
  const placed =
    receipt === undefined ||
    (receipt.body.place.number === number && receipt.body.place.previous === previous);
  if (carried.digest !== subject || !sound || !placed)
    throw broken(index, "holds another document than the one it names");
}

// An import without a document names the last head of a former epoch's journal, which the home keeps in a file.
function fits(event: JournalLine["entry"]["event"], document: JournalDocument | undefined): boolean {
  if (event === "void") return document?.body.kind === "void";
  if (document === undefined) return true;
  if (event !== "import" || document.body.kind === "void") return false;
  return document.body.kind !== "approval" || document.body.decision === "reject";
}

/** @param index of the line, from 0 */
export function broken(index: number, why: string) {
  return JOURNAL_BROKEN(`journal line ${index + 1} ${why}`, {
    field: `journal[${index}]`,
    hint: "sign nothing more on this machine; compare its journal with the receipts that were exported",
  });
}
