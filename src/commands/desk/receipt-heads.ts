/**
 * What receipts show of a signer's journal. A desk remembers the heads that it has seen and lists the newest with each
 * approval, so that a signer whose disk was put back to an earlier day is found out (law 7). Pure.
 */
import {
  headOf,
  JOURNAL_BROKEN,
  JOURNAL_START,
  verifyEntries,
  type JournalEntry,
} from "../../core/journal-entry.ts";
import type { Digest } from "../../core/digest.ts";
import type { ReceiptDocument } from "../../core/documents/receipt.ts";
import { declareError } from "../../core/errors.ts";
import type { Instant } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Policy, PolicySigner } from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";

export const RECEIPT_UNVERIFIED = declareError(
  "RECEIPT_UNVERIFIED",
  "verification",
  "A receipt is not signed by a signer that the pinned policy names.",
);
export const SIGNER_ROLLED_BACK = declareError(
  "SIGNER_ROLLED_BACK",
  "verification",
  "A signer's journal lacks a head that this desk has seen: its disk was put back to an earlier day.",
);
export const HEADS_GAP = declareError(
  "HEADS_GAP",
  "verification",
  "Receipts are missing between what a desk knows of a journal and what it is shown.",
);

/** The head after entry `number`. */
export type JournalHead = { readonly number: number; readonly head: Digest; readonly at: Instant };

/**
 * The signer that made `receipt`, once everything is verified that can be without its request.
 * @throws RECEIPT_UNVERIFIED, JOURNAL_BROKEN
 */
export function signerOfReceipt(policy: Policy, receipt: ReceiptDocument): PolicySigner {
  const { signer: name, epoch, journal } = receipt.body;
  const signer = policy.signers.find((candidate) => candidate.name === name && candidate.epoch === epoch);
  if (signer === undefined) {
    throw RECEIPT_UNVERIFIED(`policy number ${policy.number} names no signer ${name} of epoch ${epoch}`, {
      field: "receipt.signer",
      hint: policy.signers.some((later) => later.name === name && later.epoch > epoch)
        ? `leave this file out: epoch ${epoch} of ${name} has ended, and its heads count no more`
        : "custody desk init --policy FILE, with the policy that names it",
    });
  }
  const [signature, ...others] = receipt.signatures;
  const own = signature !== undefined && others.length === 0 && signature.by === signer.key;
  if (!own || !verifySignature(receipt.digest, signature)) {
    throw RECEIPT_UNVERIFIED(`the receipt is not signed by ${name}, epoch ${epoch}`, {
      field: "receipt.signatures",
      hint: "take the file as the signer wrote it; if it is that file, halt: custody desk sign --as halt --scope everything",
    });
  }
  const first = journal[0]?.entry;
  if (first !== undefined) {
    verifyEntries(journal, signer.key, first.number === 0 ? JOURNAL_START : first.previous);
    assertStart(first, signer);
  }
  return signer;
}

/**
 * The heads that a verified receipt shows, in order: before its entries, after each, and after its own, which the signer
 * wrote before it released the receipt (law 6). Of a long journal a receipt brings the first entries, and its own then
 * does not touch them: what lies between comes with the next one.
 * @throws JOURNAL_BROKEN
 */
export function headsIn({ body, digest, signatures }: ReceiptDocument): readonly JournalHead[] {
  const { place, journal } = body;
  const at = signatures[0]?.at;
  if (at === undefined) return [];
  const entries = journal.map(({ entry }) => entry);
  const last = entries[entries.length - 1];
  if (last !== undefined && at < last.at)
    throw JOURNAL_BROKEN("the receipt is older than its entries", { field: "receipt.signatures" });
  const own: JournalEntry = { ...place, event: "receipt", subject: digest, at };
  const touches = last === undefined || (headOf(last) === own.previous && last.number + 1 === own.number);
  if (!touches && entries.length < LIMITS.receiptEntriesMax)
    throw JOURNAL_BROKEN("the receipt's own entry does not follow those that it carries", {
      field: "receipt.place",
    });
  const shown = touches ? [...entries, own] : entries;
  const first = shown[0] as JournalEntry;
  const before = first.number === 0 ? [] : [{ number: first.number - 1, head: first.previous, at: first.at }];
  return [...before, ...shown.map((entry) => ({ number: entry.number, head: headOf(entry), at: entry.at }))];
}

/**
 * What is known after `shown`; never less than before.
 * @throws SIGNER_ROLLED_BACK when the two tell different stories, HEADS_GAP when they do not touch
 */
export function withHeads(
  signer: string,
  known: readonly JournalHead[],
  shown: readonly JournalHead[],
): readonly JournalHead[] {
  const newest = known[known.length - 1];
  const [first] = shown;
  const last = shown[shown.length - 1];
  if (newest === undefined || first === undefined || last === undefined)
    return known.length > 0 ? known : shown;
  const byNumber = new Map(known.map((one) => [one.number, one.head]));
  const other = shown.find(({ number, head }) => (byNumber.get(number) ?? head) !== head);
  // Journal time never goes back: what comes earlier in the journal and later in time is another journal.
  if (other !== undefined || (last.number < newest.number && last.at > newest.at)) {
    const number = other?.number ?? newest.number;
    throw SIGNER_ROLLED_BACK(
      `${signer} has lost its journal: entry ${number} is not the one that this desk has seen`,
      { field: `journal[${number}]`, hint: "custody desk sign --as halt --scope everything --code rollback" },
    );
  }
  if (first.number > newest.number) {
    throw HEADS_GAP(
      `this desk knows ${signer}'s journal up to entry ${newest.number}, the receipt begins after entry ${first.number}`,
      {
        field: `journal[${newest.number + 1}]`,
        hint: "give the receipts between as well, in one call; if nobody has them, let the signer's journal be looked at",
      },
    );
  }
  return [...known, ...shown.filter(({ number }) => number > newest.number)];
}

// The policy names the head after the first entry, so a journal that begins otherwise is another machine's.
function assertStart(first: JournalEntry, { name, startHead }: PolicySigner): void {
  if (first.number !== 0 || headOf(first) === startHead) return;
  throw JOURNAL_BROKEN(`the journal of ${name} does not begin with the head that the policy names`, {
    field: "journal[0]",
  });
}
