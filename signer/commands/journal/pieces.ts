import { parseCanonical } from "../../../src/core/canonical.ts";
import { kindOf, parseDocument } from "../../../src/core/document.ts";
import { RECEIPT, type ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import type { PublicKey } from "../../../src/core/ed25519.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { repeatedFlag, type Call } from "../../../src/terminal/command.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import { keyOf, splitEpochs } from "../../journal/archive.ts";
import { parseWord } from "../../journal/import.ts";
import type { JournalDocument, JournalLine } from "../../journal/journal.ts";
import { parseLines } from "../../journal/parse.ts";

/** What files say of one epoch, told by the key that signed it. Nothing of it is verified yet. */
export type EpochPieces = { readonly lines: JournalLine[]; readonly receipts: ReceiptDocument[] };

export type Pieces = {
  readonly byKey: ReadonlyMap<PublicKey, EpochPieces>;
  readonly documents: readonly JournalDocument[];
  /** Receipts that nobody has signed: they are no epoch's. */
  readonly unsigned: number;
};

const NEWLINE = 0x0a;

/** Reads the files of `--from`: an export has lines, any other file is one document, which never holds a newline. */
export async function readPieces({ io, flags }: Call): Promise<Pieces> {
  const byKey = new Map<PublicKey, EpochPieces>();
  const documents: JournalDocument[] = [];
  let unsigned = 0;
  const of = (key: PublicKey): EpochPieces => {
    const made = byKey.get(key) ?? { lines: [], receipts: [] };
    byKey.set(key, made);
    return made;
  };
  for (const path of repeatedFlag(flags, "from")) {
    const bytes = await readCarried(io, path, LIMITS.journalBytesMax, "--from");
    if (bytes.includes(NEWLINE)) {
      for (const section of splitEpochs(parseLines(bytes))) {
        const { lines } = of(keyOf(section) as PublicKey);
        // One by one: a long journal has more lines than a call has room for arguments.
        for (const line of section) lines.push(line);
      }
      continue;
    }
    const kind = kindOf(parseCanonical(bytes, LIMITS.documentBytesMax));
    if (kind === RECEIPT.kind) {
      const receipt = parseDocument(RECEIPT, bytes);
      const key = receipt.signatures[0]?.by;
      if (key === undefined) unsigned++;
      else of(key).receipts.push(receipt);
    } else documents.push(kind === VOID.kind ? parseDocument(VOID, bytes) : parseWord(bytes));
  }
  return { byKey, documents, unsigned };
}
