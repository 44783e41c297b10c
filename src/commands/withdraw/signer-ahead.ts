/**
 * A receipt by a signer of ours, for a request that this database has never made: rows are missing here, or somebody else
 * has led a request out with a session of ours (F9).
 */
import { assertBelongs, DOCUMENT_WRONG_CUSTODY, DOCUMENT_WRONG_NETWORK } from "../../core/document.ts";
import { REQUEST } from "../../core/documents/request.ts";
import type { ReceiptDocument } from "../../core/documents/receipt.ts";
import { isError } from "../../core/errors.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { change, newId, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { findDocument } from "../../store/documents.ts";
import { openQuarantine, wasQuarantined } from "../../store/quarantine.ts";
import { assertSigned, RECEIPT_UNSIGNED } from "../../withdrawals/crossing/receive.ts";

/** Puts the database in quarantine for such a receipt, once. One that no signer of ours has signed proves nothing. */
export function noteSignerAhead(online: Online, policy: PolicyDocument, receipt: ReceiptDocument): void {
  const { store } = online;
  const { signer, epoch, outcome, request } = receipt.body;
  if (outcome.type !== "signed" || findDocument(store, REQUEST, request) !== undefined) return;
  if (!isOurs(online, policy, receipt) || wasQuarantined(store, "signer-ahead", receipt.digest)) return;
  const { size } = outcome.audit;
  const detail = `signer ${signer}, epoch ${epoch}, has signed request ${request}, which is not known here; it has seen ${size} audit rows`;
  change(online, (tx) =>
    openQuarantine(tx, { id: newId(online), cause: "signer-ahead", subject: receipt.digest, detail }),
  );
}

function isOurs({ store }: Online, policy: PolicyDocument, receipt: ReceiptDocument): boolean {
  try {
    assertBelongs(receipt, { network: policy.body.network, custody: custodyId(policy) });
    assertSigned(READS, store, receipt);
    return true;
  } catch (error) {
    if (isError(error, DOCUMENT_WRONG_NETWORK, DOCUMENT_WRONG_CUSTODY, RECEIPT_UNSIGNED)) return false;
    throw error;
  }
}
