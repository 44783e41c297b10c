/**
 * What this signer has done, as a hash chain that it signs itself: one canonical JSON line for each entry, the document
 * that the entry is about within the same line, so that an attempt and the memory of it become durable in one write
 * (law 6).
 */
import { canonicalText } from "../../src/core/canonical.ts";
import type { Digest } from "../../src/core/digest.ts";
import { embed, type Document, type DocumentHeader } from "../../src/core/document.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { HaltDocument, ResumeDocument } from "../../src/core/documents/halt.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import type { VoidDocument } from "../../src/core/documents/void.ts";
import { utf8 } from "../../src/core/hex.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import {
  headOf,
  JOURNAL_START,
  type JournalEntry,
  type SignedJournalEntry,
} from "../../src/core/journal-entry.ts";
import { signDigest } from "../../src/core/signature.ts";

/** What a line carries besides receipts: a void of ours, or a person's word that was imported. */
export type JournalDocument = VoidDocument | ApprovalDocument | HaltDocument | ResumeDocument;

export type JournalLine = SignedJournalEntry & {
  readonly receipt?: ReceiptDocument | undefined;
  readonly document?: JournalDocument | undefined;
};

export type Journal = {
  readonly lines: readonly JournalLine[];
  readonly head: Digest;
  /** Journal time: the latest signed time that this signer has taken over (law 12). */
  readonly time: Instant;
  /** Lines of this signer's former epochs, oldest first, as far as they are known: what it must not forget. */
  readonly archive: readonly JournalLine[];
};

/** Journal time before anything signed has been seen: no clock reading is ever remembered (law 12). */
export const TIME_ZERO = "1970-01-01T00:00:00Z" as Instant;

export const EMPTY_JOURNAL: Journal = { lines: [], head: JOURNAL_START, time: TIME_ZERO, archive: [] };

/** What the next entry needs to know of the journal before it. */
export type JournalEnd = Pick<Journal, "head" | "time"> & { readonly lines: { readonly length: number } };

/**
 * Signs the next entry. `at` never goes back behind journal time.
 * @param carried the document that `subject` is the digest of, where the event has one
 */
export function makeLine(
  journal: JournalEnd,
  event: JournalEntry["event"],
  subject: Digest,
  at: Instant,
  seed: Uint8Array,
  carried?: ReceiptDocument | JournalDocument,
): JournalLine {
  const entry: JournalEntry = {
    number: journal.lines.length,
    previous: journal.head,
    event,
    subject,
    at: later(journal.time, at),
  };
  const signature = signDigest(headOf(entry), seed, entry.at);
  if (carried === undefined) return { entry, signature };
  return isReceipt(carried)
    ? { entry, signature, receipt: carried }
    : { entry, signature, document: carried };
}

/** The journal with `line` behind it. */
export function withLine(journal: Journal, line: JournalLine): Journal {
  return withLines(journal, [line]);
}

/** The journal with `added` behind it: a long one is copied once, however many they are. */
export function withLines(journal: Journal, added: readonly JournalLine[]): Journal {
  const last = added[added.length - 1];
  return last === undefined
    ? journal
    : { ...journal, ...endAfter(last), lines: [...journal.lines, ...added] };
}

/** Where the next entry begins when `line` is the last one. */
export function endAfter({ entry }: JournalLine): JournalEnd {
  return { lines: { length: entry.number + 1 }, head: headOf(entry), time: entry.at };
}

/** Everything that is remembered, former epochs first. */
export function allLines({ archive, lines }: Journal): readonly JournalLine[] {
  return archive.length === 0 ? lines : [...archive, ...lines];
}

/** A line's bytes as they stand in the file, newline included. */
export function lineBytes({ entry, signature, receipt, document }: JournalLine): Uint8Array {
  const line = {
    entry,
    signature,
    ...(receipt === undefined ? {} : { receipt: embed(receipt) }),
    ...(document === undefined ? {} : { document: embed<DocumentHeader>(document) }),
  };
  return utf8(`${canonicalText(line)}\n`);
}

/** The bytes of many lines; a long journal has more of them than a call has room for arguments. */
export function bytesOfLines(lines: readonly JournalLine[]): Uint8Array {
  return new Uint8Array(Buffer.concat(lines.map(lineBytes)));
}

function isReceipt(document: Document<DocumentHeader>): document is ReceiptDocument {
  return document.body.kind === "receipt";
}
