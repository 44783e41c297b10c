/** The journals of the story of `evidence.ts`: each signer is born, and pins both policies. */
import { makeDocument } from "../../src/core/document.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import {
  headOf,
  JOURNAL_START,
  type JournalEntry,
  type SignedJournalEntry,
} from "../../src/core/journal-entry.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { PolicyDocument } from "../../src/core/policy/policy.ts";
import { signedBy, type Cast } from "./identities.ts";

type Journal = readonly SignedJournalEntry[];

/** A signer's first entry. */
function birthOf(who: Cast): Journal {
  const { name, key } = who;
  const card = makeDocument(SIGNER_CARD, {
    kind: "signer-card",
    version: 1,
    network: "regtest",
    signer: name,
    key,
    epoch: 1,
    startHead: JOURNAL_START,
    wallets: [],
    cosignerKeys: [],
  });
  return appended([], who, "init", card.digest, "1970-01-01T00:00:00Z" as Instant);
}

/** The head after its first entry, which the policy names. */
export function startHeadOf(who: Cast): Digest {
  return placeAfter(birthOf(who)).previous;
}

/** What a signer remembers before it is asked anything. */
export function journalOf(who: Cast, policies: readonly PolicyDocument[]): Journal {
  return policies.reduce<Journal>(
    (journal, { digest, body }) => appended(journal, who, "pin", digest, body.issued),
    birthOf(who),
  );
}

/** The place of the entry that comes next. */
export function placeAfter(journal: Journal): { readonly number: number; readonly previous: Digest } {
  const last = journal.at(-1);
  return { number: journal.length, previous: last === undefined ? JOURNAL_START : headOf(last.entry) };
}

function appended(
  journal: Journal,
  who: Cast,
  event: JournalEntry["event"],
  subject: Digest,
  at: Instant,
): Journal {
  const entry: JournalEntry = { ...placeAfter(journal), event, subject, at };
  return [...journal, { entry, signature: signedBy(headOf(entry), who, at) }];
}
