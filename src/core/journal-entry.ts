import * as z from "zod";
import { canonicalBytes } from "./canonical.ts";
import { taggedDigest, type Digest } from "./digest.ts";
import { declareError } from "./errors.ts";
import { countField, digestField, instantField } from "./fields.ts";
import type { PublicKey } from "./ed25519.ts";
import { signatureField, verifySignature, type Signature } from "./signature.ts";

/**
 * One line of a signer's journal: a hash chain in which each head commits to everything before it. `subject` is the
 * digest of what happened: the signer card (init), the policy (pin), the receipt (receipt), the void (void), or a
 * person's word that was brought here (import: a rejection, halt or resume); an import may also name the last head of a
 * former epoch's journal that was taken over. `at` is journal time.
 */
export const journalEntryField = z.strictObject({
  number: countField(1_000_000),
  previous: digestField,
  event: z.enum(["init", "pin", "receipt", "void", "import"]),
  subject: digestField,
  at: instantField,
});
export type JournalEntry = z.output<typeof journalEntryField>;

/** An entry with the signer's signature over the head that it makes. */
export const signedJournalEntryField = z.strictObject({
  entry: journalEntryField,
  signature: signatureField,
});
export type SignedJournalEntry = { readonly entry: JournalEntry; readonly signature: Signature };

export const JOURNAL_BROKEN = declareError(
  "JOURNAL_BROKEN",
  "verification",
  "A signer's journal does not verify.",
);

/** What the first entry of an epoch points back to. */
export const JOURNAL_START = taggedDigest("custody/journal-start/v1");

/** The head after `entry`. */
export function headOf(entry: JournalEntry): Digest {
  return taggedDigest("custody/journal-entry/v1", canonicalBytes(entry));
}

/**
 * Checks that `entries` follow one another from `previous`, that time never goes back, and that `signer` signed each.
 * @returns the last head
 * @throws JOURNAL_BROKEN naming the first broken entry
 */
export function verifyEntries(
  entries: readonly SignedJournalEntry[],
  signer: PublicKey,
  previous: Digest = JOURNAL_START,
): Digest {
  let head = previous;
  let last: JournalEntry | undefined;
  for (const { entry, signature } of entries) {
    const broken = (why: string) =>
      JOURNAL_BROKEN(`journal entry ${entry.number} ${why}`, { field: `journal[${entry.number}]` });
    if (entry.previous !== head) throw broken("does not follow the entry before it");
    if (last !== undefined && (entry.number !== last.number + 1 || entry.at < last.at))
      throw broken("is out of order");
    head = headOf(entry);
    if (signature.by !== signer || signature.alg !== "ed25519" || !verifySignature(head, signature))
      throw broken("is not signed by this signer");
    if (signature.at !== entry.at) throw broken("was signed at another time than it says");
    last = entry;
  }
  return head;
}
