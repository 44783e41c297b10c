import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import { get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export const RECEIPT_CONFLICT = declareError(
  "RECEIPT_CONFLICT",
  "conflict",
  "A request has another receipt already; a signer gives the same one again.",
);

/** Notes a signed request's receipt. The same one again changes nothing. @throws RECEIPT_CONFLICT */
export function insertReceipt(
  tx: Tx,
  { request, receipt }: { readonly request: Digest; readonly receipt: Digest },
): void {
  const existing = findReceipt(tx, request);
  if (existing === receipt) return;
  if (existing !== undefined) {
    throw RECEIPT_CONFLICT(`request ${request} has receipt ${existing} already`, {
      field: "receipt",
      hint: `custody-signer inspect --in receipt.json; two receipts for one request mean two signers or a changed file`,
      details: { request, existing, receipt },
    });
  }
  tx.audit({ entity: "receipt", entityId: request, version: 1, event: "imported", after: { receipt } });
  run(
    tx,
    "INSERT INTO receipt (request, receipt, imported, operation) VALUES (?, ?, ?, ?)",
    request,
    receipt,
    tx.now,
    tx.operation,
  );
}

/** Digest of the receipt to `request`, if there is one. */
export function findReceipt(reader: Reader, request: Digest): Digest | undefined {
  return get<{ receipt: Digest }>(reader, "SELECT receipt FROM receipt WHERE request = ?", request)?.receipt;
}
