/** What a receipt shows of its signer's journal, and the place in it that the receipt says is its own. */
import type { ReceiptDocument } from "../core/documents/receipt.ts";
import type { RequestDocument } from "../core/documents/request.ts";
import { assertFollows, shownJournal } from "../core/journal-continuation.ts";
import type { PolicySigner } from "../core/policy/policy.ts";
import { EVIDENCE_CONTRADICTS } from "./claim.ts";

/**
 * The entries begin after the head that the request names for this signer, or with its epoch, and lead to the receipt's
 * own: else a signer could show one journal to the online host and another to an auditor (law 7).
 * @throws EVIDENCE_CONTRADICTS, JOURNAL_BROKEN
 */
export function assertPlace(request: RequestDocument, receipt: ReceiptDocument, signer: PolicySigner): void {
  const refuse = (why: string) =>
    EVIDENCE_CONTRADICTS(`the journal in ${signer.name}'s receipt ${why}`, { field: "receipts" });
  assertFollows(shownJournal(receipt, signer, refuse), receipt, request.body.heads, refuse);
}
