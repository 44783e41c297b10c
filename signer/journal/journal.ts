/**
 * What this signer has done, as a hash chain that it signs itself: one canonical JSON line for each entry, the receipt
 * within the line of its entry, so that an attempt and the memory of it become durable in one write (law 6).
 */
import { z } from "zod";
import { canonicalText, parseCanonical } from "../../src/core/canonical.ts";
import type { Digest } from "../../src/core/digest.ts";
import { embed, fromEmbedded } from "../../src/core/document.ts";
import { RECEIPT, type ReceiptDocument } from "../../src/core/documents/receipt.ts";
import type { PublicKey } from "../../src/core/ed25519.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { utf8 } from "../../src/core/hex.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import {
  headOf,
  JOURNAL_BROKEN,
  JOURNAL_START,
  signedJournalEntryField,
  verifyEntries,
  type JournalEntry,
  type SignedJournalEntry,
} from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { signDigest, verifySignature } from "../../src/core/signature.ts";
import { isTornPrefix } from "./torn.ts";

export type JournalLine = SignedJournalEntry & { readonly receipt?: ReceiptDocument | undefined };

export type Journal = {
  readonly lines: readonly JournalLine[];
  readonly head: Digest;
  /** Journal time: the latest signed time that this signer has taken over (law 12). */
  readonly time: Instant;
};

/** A journal with where it ends in its file. */
export type ReadJournal = {
  readonly journal: Journal;
  /** Bytes of whole lines; whatever stands behind them was torn by a crash before anything was released. */
  readonly length: number;
  readonly torn: number;
  /** The last line is whole but its newline never reached the disk. */
  readonly unended: boolean;
};

/** Journal time before anything signed has been seen: no clock reading is ever remembered (law 12). */
export const TIME_ZERO = "1970-01-01T00:00:00Z" as Instant;

export const EMPTY_JOURNAL: Journal = { lines: [], head: JOURNAL_START, time: TIME_ZERO };

const lineField = z.strictObject({ ...signedJournalEntryField.shape, receipt: RECEIPT.schema.optional() });

const NEWLINE = 0x0a;

/** Signs the next entry. `at` never goes back behind journal time. */
export function makeLine(
  journal: Journal,
  event: JournalEntry["event"],
  subject: Digest,
  at: Instant,
  seed: Uint8Array,
  receipt?: ReceiptDocument,
): JournalLine {
  const entry: JournalEntry = {
    number: journal.lines.length,
    previous: journal.head,
    event,
    subject,
    at: later(journal.time, at),
  };
  const signature = signDigest(headOf(entry), seed, entry.at);
  return { entry, signature, ...(receipt === undefined ? {} : { receipt }) };
}

/** The journal with `line` behind it. */
export function withLine(journal: Journal, line: JournalLine): Journal {
  return { lines: [...journal.lines, line], head: headOf(line.entry), time: line.entry.at };
}

/** A line's bytes as they stand in the file, newline included. */
export function lineBytes({ entry, signature, receipt }: JournalLine): Uint8Array {
  const line = { entry, signature, ...(receipt === undefined ? {} : { receipt: embed(receipt) }) };
  return utf8(`${canonicalText(line)}\n`);
}

/**
 * Reads and verifies a whole journal: its chain, its times, each signature of `signer`, each receipt.
 * A last line torn by a crash is left out: its signatures never left the machine, because release waits for fsync.
 * @throws JOURNAL_BROKEN naming the line
 */
export function parseJournal(bytes: Uint8Array, signer: PublicKey): ReadJournal {
  const lines: JournalLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(parseLine(bytes.subarray(start, end), lines.length, signer));
    start = end + 1;
  }
  const tail = bytes.subarray(start);
  const torn = tail.length > 0 && isTornPrefix(tail);
  const unended = tail.length > 0 && !torn;
  if (unended) lines.push(parseLine(tail, lines.length, signer));
  const journal = verified(lines, signer);
  const length = torn ? start : bytes.length;
  return { journal, length, torn: torn ? tail.length : 0, unended };
}

function parseLine(bytes: Uint8Array, index: number, signer: PublicKey): JournalLine {
  if (index >= LIMITS.journalEntriesMax) throw broken(index, "is above the limit of entries");
  try {
    const parsed = lineField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
    if (!parsed.success) throw broken(index, "has fields that no entry has");
    const { entry, signature, receipt } = parsed.data;
    const document = receipt === undefined ? undefined : fromEmbedded(RECEIPT, receipt);
    assertReceipt(entry, document, index, signer);
    return { entry, signature, ...(document === undefined ? {} : { receipt: document }) };
  } catch (error) {
    if (error instanceof CustodyError && error.code !== JOURNAL_BROKEN.code)
      throw broken(index, `cannot be read: ${error.message}`);
    throw error;
  }
}

function assertReceipt(
  entry: JournalEntry,
  receipt: ReceiptDocument | undefined,
  index: number,
  signer: PublicKey,
): void {
  if ((entry.event === "receipt") !== (receipt !== undefined))
    throw broken(index, "has a receipt where none belongs, or lacks one");
  if (receipt === undefined) return;
  const [signature, ...others] = receipt.signatures;
  const own =
    signature !== undefined && others.length === 0 && signature.by === signer && signature.at === entry.at;
  if (receipt.digest !== entry.subject || !own || !verifySignature(receipt.digest, signature))
    throw broken(index, "holds another receipt than the one it names");
}

function verified(lines: readonly JournalLine[], signer: PublicKey): Journal {
  const first = lines[0]?.entry;
  if (first === undefined || first.number !== 0 || first.event !== "init")
    throw broken(0, "is not the beginning of a journal");
  const twice = lines.findIndex(({ entry }, index) => index > 0 && entry.event === "init");
  if (twice >= 0) throw broken(twice, "begins a second time");
  const stray = lines.findIndex(({ entry, signature }) => signature.at !== entry.at);
  if (stray >= 0) throw broken(stray, "was signed at another time than it says");
  const head = verifyEntries(lines, signer);
  return { lines, head, time: (lines[lines.length - 1] as JournalLine).entry.at };
}

function broken(index: number, why: string) {
  return JOURNAL_BROKEN(`journal line ${index + 1} ${why}`, {
    field: `journal[${index}]`,
    hint: "sign nothing more on this machine; compare its journal with the receipts that were exported",
  });
}
