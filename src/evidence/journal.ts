/** What a receipt shows of its signer's journal, and the place in it that the receipt says is its own. */
import type { ReceiptDocument } from "../core/documents/receipt.ts";
import type { RequestDocument } from "../core/documents/request.ts";
import { headOf, JOURNAL_START, verifyEntries } from "../core/journal-entry.ts";
import { LIMITS } from "../core/limits.ts";
import type { PolicySigner } from "../core/policy/policy.ts";
import { EVIDENCE_CONTRADICTS } from "./claim.ts";

/**
 * The entries begin after the head that the request names for this signer, or with its epoch, and lead to the receipt's
 * own: else a signer could show one journal to the online host and another to an auditor (law 7).
 * @throws EVIDENCE_CONTRADICTS, JOURNAL_BROKEN
 */
export function assertPlace(request: RequestDocument, { body }: ReceiptDocument, signer: PolicySigner): void {
  const { journal, place } = body;
  const { name, epoch, key, startHead } = signer;
  const named = request.body.heads.find((head) => head.signer === name && head.epoch === epoch)?.head;
  const from = journal[0]?.entry.previous ?? place.previous;
  // A signer that lacks the head which is named refuses the request, and shows its whole journal with the refusal.
  const whole = from === JOURNAL_START && (named === undefined || body.outcome.type === "refused");
  if (from !== named && !whole)
    throw contradicts(name, "does not begin after the head that the request names, nor with its epoch");
  const head = verifyEntries(journal, key, from);
  const [first] = journal;
  if (whole && (first?.entry.number !== 0 || !journal.some(({ entry }) => headOf(entry) === startHead)))
    throw contradicts(name, "does not begin with the start head that the policy names");
  // Of a long journal a receipt brings the first entries; what lies between them and its own is not here then.
  if (first === undefined || journal.length === LIMITS.receiptEntriesMax) return;
  if (head !== place.previous || place.number !== first.entry.number + journal.length)
    throw contradicts(name, "does not lead to the receipt's own place");
}

function contradicts(name: string, why: string) {
  return EVIDENCE_CONTRADICTS(`the journal in ${name}'s receipt ${why}`, { field: "receipts" });
}
