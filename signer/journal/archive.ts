/**
 * Journals of former epochs. A signer that was lost is made anew with another key; what its former self has signed,
 * voided and been forbidden is put together from exports and receipts, so that the new epoch does not forget it (law 7).
 */
import type { Digest } from "../../src/core/digest.ts";
import type { PublicKey } from "../../src/core/ed25519.ts";
import { declareError } from "../../src/core/errors.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import {
  headOf,
  JOURNAL_BROKEN,
  JOURNAL_START,
  verifyEntries,
  type SignedJournalEntry,
} from "../../src/core/journal-entry.ts";
import { verifySignature } from "../../src/core/signature.ts";
import type { JournalDocument, JournalLine } from "./journal.ts";
import { assertShape, broken } from "./parse.ts";

export const ARCHIVE_INCOMPLETE = declareError(
  "ARCHIVE_INCOMPLETE",
  "verification",
  "A former epoch's journal cannot be put together: entries or documents of it are missing.",
);
export const ARCHIVE_FORKED = declareError(
  "ARCHIVE_FORKED",
  "verification",
  "Two different entries stand at one place of a former epoch's journal: that signer ran twice.",
);

/** Pieces of one epoch's journal, in any order and any number of copies. */
export type ArchivePieces = {
  readonly lines: readonly JournalLine[];
  readonly receipts: readonly ReceiptDocument[];
  readonly documents: readonly JournalDocument[];
};

/** The lines of an export, cut where a journal begins: former epochs first, the exporting signer's own last. */
export function splitEpochs(lines: readonly JournalLine[]): readonly (readonly JournalLine[])[] {
  const starts = lines.flatMap(({ entry }, index) => (entry.event === "init" ? [index] : []));
  if (starts[0] !== 0) throw broken(0, "is not the beginning of a journal");
  return starts.map((start, place) => lines.slice(start, starts[place + 1]));
}

/** One epoch's verified lines. */
export type Epoch = { readonly key: PublicKey; readonly lines: readonly JournalLine[] };

/**
 * Reads an export whole, from its end: the exporting signer's own journal, and of each former epoch what a later one has
 * taken over, up to the last head that is named. Nobody vouches for what stands behind that: it is left out. A journal
 * that no later one names is anybody's, put in front.
 * @returns the epochs, the exporting signer's own last
 * @throws JOURNAL_BROKEN, ARCHIVE_INCOMPLETE
 */
export function readExport(lines: readonly JournalLine[]): readonly Epoch[] {
  const sections = splitEpochs(lines);
  const own = verified(sections[sections.length - 1] as readonly JournalLine[]);
  const epochs = [own];
  const keys = new Set<PublicKey>([own.key]);
  const wanted = new Set(namedArchives(own.lines));
  let strangers = 0;
  for (const section of sections.slice(0, -1).reverse()) {
    const key = keyOf(section) as PublicKey;
    const taken = upTo(section, wanted);
    if (taken.length === 0 || keys.has(key)) {
      strangers++;
      continue;
    }
    const epoch = verified(taken);
    for (const { entry } of taken) wanted.delete(headOf(entry));
    for (const head of namedArchives(taken)) wanted.add(head);
    keys.add(key);
    epochs.unshift(epoch);
  }
  const [missing] = wanted;
  if (missing !== undefined) throw incomplete(missing);
  if (strangers === 0) return epochs;
  throw JOURNAL_BROKEN("the export holds a journal that no later one in it has taken over", {
    field: "journal",
    hint: "take the file as the signer wrote it: custody-signer journal export --out journal.jsonl",
  });
}

function verified(lines: readonly JournalLine[]): Epoch {
  const key = keyOf(lines) as PublicKey;
  verifyEpoch(lines, key);
  return { key, lines };
}

/** The lines up to the last of the heads that are named; none where none is. */
function upTo(lines: readonly JournalLine[], named: ReadonlySet<Digest>): readonly JournalLine[] {
  return lines.slice(0, lines.findLastIndex(({ entry }) => named.has(headOf(entry))) + 1);
}

/** Whose journal `lines` claim to be. */
export function keyOf(lines: readonly JournalLine[]): PublicKey | undefined {
  return lines[0]?.signature.by;
}

/**
 * Verifies one epoch's lines.
 * @returns the last head
 * @throws JOURNAL_BROKEN
 */
export function verifyEpoch(lines: readonly JournalLine[], signer: PublicKey): Digest {
  assertShape(lines, signer);
  let head = JOURNAL_START;
  lines.forEach((line, index) => {
    const { number, previous, at } = line.entry;
    const before = lines[index - 1]?.entry.at ?? at;
    if (number !== index || previous !== head || at < before)
      throw broken(index, "does not follow the entry before it");
    head = isVouched(line) ? headOf(line.entry) : verifyEntries([line], signer, head);
  });
  return head;
}

// A receipt cannot carry its own entry, which names its digest; but it says all of it, and its signature, which was
// verified with the line's form, is the same key's at the same time.
function isVouched({ receipt, signature }: JournalLine): boolean {
  return receipt?.signatures[0]?.sig === signature.sig;
}

/** Heads of former epochs that `lines` name: their archives must be there. */
export function namedArchives(lines: readonly JournalLine[]): readonly Digest[] {
  return lines.flatMap(({ entry, document }) =>
    entry.event === "import" && document === undefined ? [entry.subject] : [],
  );
}

/** What `lines` have taken over of `former` epochs: each up to the last head of it that they name. */
export function takenOver(
  lines: readonly JournalLine[],
  former: readonly (readonly JournalLine[])[],
): readonly JournalLine[] {
  const named = new Set(namedArchives(lines));
  if (named.size === 0) return [];
  return former.flatMap((epoch) => upTo(epoch, named));
}

/** @throws ARCHIVE_INCOMPLETE when `lines` name a former epoch's head that none of `former` has */
export function assertArchived(
  lines: readonly JournalLine[],
  former: readonly (readonly JournalLine[])[],
): void {
  const named = namedArchives(lines);
  if (named.length === 0) return;
  const heads = new Set(former.flat().map(({ entry }) => headOf(entry)));
  const missing = named.find((head) => !heads.has(head));
  if (missing !== undefined) throw incomplete(missing);
}

function incomplete(missing: Digest) {
  return ARCHIVE_INCOMPLETE(`the journal names a document or a former epoch with digest ${missing}`, {
    field: "journal",
    hint: "give the file that has it as well: custody-signer journal rebuild --from FILE FILE",
    details: { digest: missing },
  });
}

/** Anything that files bring of a journal. */
type Piece = SignedJournalEntry | ReceiptDocument | JournalDocument;

/** One epoch's journal, verified and without a gap, and what stood beside it in the files and is none of it. */
export type Assembled = { readonly lines: readonly JournalLine[]; readonly leftOut: ReadonlySet<Piece> };

/**
 * Puts the journal of `signer` together. Whatever this key has not signed, and a word with a false signature, is as if it
 * had not been given: a file that anybody can write must not accuse a signer, nor stand in a true copy's place. It is told
 * all the same: who gives a true file wants to know that it was changed.
 * @throws ARCHIVE_INCOMPLETE, ARCHIVE_FORKED, JOURNAL_BROKEN
 */
export function assemble(pieces: ArchivePieces, signer: PublicKey): Assembled {
  const leftOut = new Set<Piece>();
  const receipts = byDigest(
    [...pieces.receipts, ...pieces.lines.flatMap(({ receipt }) => receipt ?? [])],
    signer,
    leftOut,
  );
  const documents = byDigest(
    [...pieces.documents, ...pieces.lines.flatMap(({ document }) => document ?? [])],
    signer,
    leftOut,
  );
  const entries = chainOf(pieces.lines, [...receipts.values()], signer, leftOut);
  assertNoGap(entries);
  const lines = [...entries.values()]
    .sort((a, b) => a.entry.number - b.entry.number)
    .map((entry) => withCarried(entry, receipts, documents));
  verifyEpoch(lines, signer);
  return { lines, leftOut };
}

function chainOf(
  lines: readonly JournalLine[],
  receipts: readonly ReceiptDocument[],
  signer: PublicKey,
  leftOut: Set<Piece>,
): ReadonlyMap<number, SignedJournalEntry> {
  const entries = new Map<number, SignedJournalEntry>();
  const vouched = new Set<string>();
  // An entry with a signature of its own goes before one that its receipt vouches for.
  for (const one of receipts.flatMap(ownEntry)) {
    vouched.add(`${headOf(one.entry)} ${one.signature.sig}`);
    putEntry(entries, one);
  }
  for (const one of [...lines, ...receipts.flatMap(({ body }) => body.journal)]) {
    const head = headOf(one.entry);
    if (vouched.has(`${head} ${one.signature.sig}`)) continue;
    if (one.signature.by === signer && verifySignature(head, one.signature)) putEntry(entries, one);
    else leftOut.add(one);
  }
  return entries;
}

function byDigest<One extends JournalDocument | ReceiptDocument>(
  documents: readonly One[],
  signer: PublicKey,
  leftOut: Set<Piece>,
): ReadonlyMap<Digest, One> {
  const sound = documents.filter((document) => isSound(document, signer));
  const kept = new Set(sound);
  for (const document of documents) if (!kept.has(document)) leftOut.add(document);
  return new Map(sound.map((document) => [document.digest, document]));
}

// What a signer writes has its one signature; people's words may have several.
function isSound(
  { digest, body, signatures }: JournalDocument | ReceiptDocument,
  signer: PublicKey,
): boolean {
  const isOwn = body.kind === "receipt" || body.kind === "void";
  if (signatures.length === 0 || (isOwn && (signatures.length > 1 || signatures[0]?.by !== signer)))
    return false;
  return signatures.every((signature) => verifySignature(digest, signature));
}

// Both are signed: two different ones at a place are two histories.
function putEntry(entries: Map<number, SignedJournalEntry>, one: SignedJournalEntry): void {
  const { number } = one.entry;
  const other = entries.get(number);
  if (other !== undefined && headOf(other.entry) !== headOf(one.entry)) {
    throw ARCHIVE_FORKED(`there are two entries number ${number} of this journal`, {
      field: `journal[${number}]`,
      hint: "that signer was copied or rolled back: stop, and compare all receipts with the payments made",
    });
  }
  entries.set(number, one);
}

/** The entry of a receipt, as the receipt itself tells it. */
function ownEntry({ digest, body, signatures }: ReceiptDocument): readonly SignedJournalEntry[] {
  return signatures.slice(0, 1).map((signature) => ({
    entry: { ...body.place, event: "receipt", subject: digest, at: signature.at },
    signature,
  }));
}

function assertNoGap(entries: ReadonlyMap<number, unknown>): void {
  let number = 0;
  while (entries.has(number)) number++;
  if (number > 0 && number === entries.size) return;
  throw ARCHIVE_INCOMPLETE(`entry number ${number} of the journal is in none of the files`, {
    field: `journal[${number}]`,
    hint: "give every receipt since the signer was made, or a whole export",
  });
}

function withCarried(
  { entry, signature }: SignedJournalEntry,
  receipts: ReadonlyMap<Digest, ReceiptDocument>,
  documents: ReadonlyMap<Digest, JournalDocument>,
): JournalLine {
  const receipt = entry.event === "receipt" ? receipts.get(entry.subject) : undefined;
  const document =
    entry.event === "void" || entry.event === "import" ? documents.get(entry.subject) : undefined;
  const needed = entry.event === "receipt" ? receipt : document;
  if (needed === undefined && (entry.event === "receipt" || entry.event === "void")) {
    throw ARCHIVE_INCOMPLETE(`the ${entry.event} with digest ${entry.subject} is in none of the files`, {
      field: `journal[${entry.number}]`,
      hint: "give its file as well",
      details: { digest: entry.subject },
    });
  }
  return {
    entry,
    signature,
    ...(receipt === undefined ? {} : { receipt }),
    ...(document === undefined ? {} : { document }),
  };
}
