/** Entries of the journal of the fixtures' signer, from its birth on. */
import type { Digest } from "../../src/core/digest.ts";
import { makeDocument } from "../../src/core/document.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import type { Instant } from "../../src/core/instant.ts";
import {
  headOf,
  JOURNAL_START,
  type JournalEntry,
  type SignedJournalEntry,
} from "../../src/core/journal-entry.ts";
import { SIGNER, signedBy } from "./identities.ts";

/** An entry of the fixtures' signer, signed. */
export function journalEntry(
  number: number,
  previous: Digest,
  event: JournalEntry["event"],
  subject: Digest,
  when: Instant,
): SignedJournalEntry {
  const entry: JournalEntry = { number, previous, event, subject, at: when };
  return { entry, signature: signedBy(headOf(entry), SIGNER, when) };
}

/** The card of the signer at birth, which the first journal entry names: it knows no wallets and no head. */
function bornCard(): Digest {
  const { name, key } = SIGNER;
  return makeDocument(SIGNER_CARD, {
    kind: "signer-card",
    version: 1,
    network: "regtest",
    signer: name,
    key,
    epoch: 1,
    startHead: JOURNAL_START,
    wallets: [],
    cosignerKeys: [],
  }).digest;
}

export function initEntry(): SignedJournalEntry {
  return journalEntry(0, JOURNAL_START, "init", bornCard(), "1970-01-01T00:00:00Z" as Instant);
}
