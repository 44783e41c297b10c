/**
 * What receipts show of a signer's journal. A desk remembers the heads that it has seen and lists the newest with each
 * approval, so that a signer whose disk was put back to an earlier day is found out (law 7). Pure.
 */
import type { ReceiptDocument } from "../../core/documents/receipt.ts";
import { declareError } from "../../core/errors.ts";
import { ownSignature, shownJournal, type JournalHead } from "../../core/journal-continuation.ts";
import { JOURNAL_BROKEN } from "../../core/journal-entry.ts";
import { findSigner } from "../../core/policy/entries.ts";
import type { Policy, PolicySigner } from "../../core/policy/policy.ts";

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

/** The signer that made `receipt`, by its own signature. @throws RECEIPT_UNVERIFIED */
export function signerOfReceipt(policy: Policy, receipt: ReceiptDocument): PolicySigner {
  const { signer: name, epoch } = receipt.body;
  const signer = findSigner([policy], receipt.body);
  if (signer === undefined) {
    throw RECEIPT_UNVERIFIED(`policy number ${policy.number} names no signer ${name} of epoch ${epoch}`, {
      field: "receipt.signer",
      hint: policy.signers.some((later) => later.name === name && later.epoch > epoch)
        ? `leave this file out: epoch ${epoch} of ${name} has ended, and its heads count no more`
        : "custody desk init --policy FILE, with the policy that names it",
    });
  }
  if (ownSignature(receipt, signer) === undefined) {
    throw RECEIPT_UNVERIFIED(`the receipt is not signed by ${name}, epoch ${epoch}`, {
      field: "receipt.signatures",
      hint: "take the file as the signer wrote it; if it is that file, halt: custody desk sign --as halt --scope everything",
    });
  }
  return signer;
}

/**
 * The heads that a receipt of `signer` shows, in order: before its entries, after each, and after its own, which the signer
 * wrote before it released the receipt (law 6). A refusal of a signer that has more entries than fit brings the first of
 * them, and its own then comes with the next one. All is verified that can be without the request.
 * @throws JOURNAL_BROKEN
 */
export function headsIn(receipt: ReceiptDocument, signer: PolicySigner): readonly JournalHead[] {
  const { before, heads } = shownJournal(receipt, signer, (why) =>
    JOURNAL_BROKEN(`the journal in ${signer.name}'s receipt ${why}`, { field: "receipt.journal" }),
  );
  const [first] = heads;
  return before.number < 0 || first === undefined ? heads : [{ ...before, at: first.at }, ...heads];
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
