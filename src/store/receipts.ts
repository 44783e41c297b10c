/** What has left for signers and what has come back: requests, each signer's receipts, their journal heads, signatures. */
import { canonicalBytes, parseCanonical } from "../core/canonical.ts";
import type { Digest } from "../core/digest.ts";
import type { Head } from "../core/documents/approval.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import { declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import { LIMITS } from "../core/limits.ts";
import type { ReceiptTable, RungSignatureTable } from "./schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export const RECEIPT_CONFLICT = declareError(
  "RECEIPT_CONFLICT",
  "conflict",
  "A signer has given another receipt for the same request; it should give the same one again.",
);
export const JOURNAL_FORKED = declareError(
  "JOURNAL_FORKED",
  "verification",
  "A signer shows another journal than it has shown before: it was set back, or there are two of it.",
);

/** A place of the audit tree, without its root. */
export type Place = { readonly epoch: number; readonly size: number };

/** Notes that a plan leaves in `request`, which carries the audit tree's place. The same one again changes nothing. */
export function insertRequest(
  tx: Tx,
  {
    request,
    plans,
    audit,
  }: {
    readonly request: Digest;
    /** At least one. */
    readonly plans: readonly [Id, ...Id[]];
    readonly audit: Place;
  },
): void {
  if (get(tx, "SELECT 1 FROM request WHERE request = ?", request) !== undefined) return;
  const [plan, ...others] = plans;
  const after = { plan, ...(others.length === 0 ? {} : { plans: [...plans] }) };
  tx.audit({ entity: "request", entityId: request, version: 1, event: "exported", after });
  const sql =
    "INSERT INTO request (request, plan, audit_epoch, audit_size, exported, operation) VALUES (?, ?, ?, ?, ?, ?)";
  run(tx, sql, request, plan, audit.epoch, audit.size, tx.now, tx.operation);
  for (const each of plans) run(tx, "INSERT INTO request_plan (request, plan) VALUES (?, ?)", request, each);
}

/** Sizes of the audit tree that requests of `epoch` have carried out, the newest first, at most `count`. */
export function placesExported(reader: Reader, epoch: number, count: number): readonly number[] {
  const sql =
    "SELECT DISTINCT audit_size AS size FROM request WHERE audit_epoch = ? ORDER BY audit_size DESC LIMIT ?";
  return all<{ size: number }>(reader, sql, epoch, count).map(({ size }) => size);
}

/** Digests of the requests in which a plan has left, the newest last. */
export function requestsOf(reader: Reader, plan: Id): readonly Digest[] {
  const sql =
    "SELECT request FROM request_plan JOIN request USING (request) WHERE request_plan.plan = ? ORDER BY audit_size, request";
  return all<{ request: Digest }>(reader, sql, plan).map(({ request }) => request);
}

export type StoredReceipt = {
  readonly receipt: Digest;
  readonly request: Digest;
  readonly signer: Name;
  readonly epoch: number;
  /** The gate and rule that refused; undefined when it signed. */
  readonly refusal: { readonly gate: string; readonly rule: string } | undefined;
  /** The place of the audit tree that it countersigned; undefined when it refused. */
  readonly audit: Place | undefined;
};

/** Notes a receipt. The same one again changes nothing. @throws RECEIPT_CONFLICT */
export function insertReceipt(tx: Tx, stored: StoredReceipt): void {
  const { receipt, request, signer, epoch, refusal, audit } = stored;
  if (get(tx, "SELECT 1 FROM receipt WHERE receipt = ?", receipt) !== undefined) return;
  const outcome = refusal === undefined ? "signed" : "refused";
  if (outcome === "signed") assertSignedOnce(tx, stored);
  const after = { epoch, outcome, request, signer, ...refusal };
  tx.audit({ entity: "receipt", entityId: receipt, version: 1, event: "imported", after });
  run(
    tx,
    "INSERT INTO receipt (receipt, request, signer, epoch, outcome, gate, rule, audit_epoch, audit_size, imported, operation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    receipt,
    request,
    signer,
    epoch,
    outcome,
    refusal?.gate ?? null,
    refusal?.rule ?? null,
    audit?.epoch ?? null,
    audit?.size ?? null,
    tx.now,
    tx.operation,
  );
}

function assertSignedOnce(tx: Tx, { receipt, request, signer }: StoredReceipt): void {
  const sql = "SELECT receipt FROM receipt WHERE request = ? AND signer = ? AND outcome = 'signed'";
  const existing = get<{ receipt: Digest }>(tx, sql, request, signer)?.receipt;
  if (existing === undefined) return;
  throw RECEIPT_CONFLICT(`signer ${signer} has given receipt ${existing} for request ${request} already`, {
    field: "receipt",
    hint: "custody-signer inspect --in receipt.json; two receipts for one request mean two signers or a changed file",
    details: { request, existing, receipt },
  });
}

/** The receipts to a plan's requests, the oldest first. */
export function receiptsOf(reader: Reader, plan: Id): readonly StoredReceipt[] {
  const sql =
    "SELECT receipt.* FROM receipt JOIN request_plan USING (request) WHERE request_plan.plan = ? ORDER BY receipt.seq";
  return all<ReceiptTable>(reader, sql, plan).map(receiptOf);
}

/** The last place of the audit tree that each signer has countersigned. */
export function countersigned(
  reader: Reader,
): readonly { readonly signer: Name; readonly epoch: number; readonly size: number }[] {
  const sql =
    "SELECT signer, audit_epoch AS epoch, max(audit_size) AS size FROM receipt WHERE outcome = 'signed'" +
    " GROUP BY signer, audit_epoch ORDER BY signer, audit_epoch";
  return all(reader, sql);
}

/** Notes journal heads that a receipt has shown. Those known already have to be the same. @throws JOURNAL_FORKED */
export function insertHeads(
  tx: Tx,
  signer: Name,
  epoch: number,
  heads: readonly { readonly number: number; readonly head: Digest }[],
): void {
  for (const { number, head } of heads) {
    const subject = `${signer}:${epoch}:${number}`;
    const known = get<{ head: Digest }>(tx, "SELECT head FROM signer_head WHERE subject = ?", subject);
    if (known?.head === head) continue;
    if (known !== undefined) {
      throw JOURNAL_FORKED(`signer ${signer} shows another entry ${number} of its journal than before`, {
        field: `journal[${number}]`,
        hint: "stop: custody emergency halt; then compare the signer's journal with its logbook",
        details: { signer, epoch, number, known: known.head, shown: head },
      });
    }
    tx.audit({ entity: "signer-head", entityId: subject, version: 1, event: "shown", after: { head } });
    const sql = "INSERT INTO signer_head (subject, signer, epoch, number, head) VALUES (?, ?, ?, ?, ?)";
    run(tx, sql, subject, signer, epoch, number, head);
  }
}

/** Each signer's last known journal head, with the number of its entry. */
export function lastHeads(reader: Reader): readonly (Head & { readonly number: number })[] {
  const sql =
    "SELECT signer, epoch, number, head FROM signer_head AS h WHERE number = (SELECT max(number) FROM signer_head" +
    " WHERE signer = h.signer AND epoch = h.epoch) ORDER BY signer, epoch";
  return all(reader, sql);
}

/** The number of the entry that makes `head`. */
export function numberOfHead(reader: Reader, { signer, epoch, head }: Head): number | undefined {
  const sql = "SELECT number FROM signer_head WHERE signer = ? AND epoch = ? AND head = ?";
  return get<{ number: number }>(reader, sql, signer, epoch, head)?.number;
}

/** Verified signatures of one maker for one rung of a plan. */
export type RungSignatureSet = {
  readonly plan: Id;
  readonly rung: number;
  /** A signer's name, or `psbt:` and the SHA-256 of the file that they came in. */
  readonly source: string;
  readonly txid: Digest;
  readonly signatures: readonly InputSignature[];
};

/** Keeps signatures that were verified. The same maker's again change nothing. */
export function insertRungSignatures(tx: Tx, set: RungSignatureSet): void {
  const { plan, rung, source, txid, signatures } = set;
  const subject = `${plan}:${rung}:${source}`;
  if (get(tx, "SELECT 1 FROM rung_signature WHERE subject = ?", subject) !== undefined) return;
  const after = { signatures: signatures.length, source, txid };
  tx.audit({ entity: "rung-signature", entityId: subject, version: 1, event: "verified", after });
  const sql =
    "INSERT INTO rung_signature (subject, plan, rung, source, txid, signatures, at) VALUES (?, ?, ?, ?, ?, ?, ?)";
  const bytes = canonicalBytes(signatures);
  run(tx, sql, subject, plan, rung, source, txid, bytes, tx.now);
}

/** What makers have signed of a plan, rung by rung. */
export function rungSignaturesOf(reader: Reader, plan: Id): readonly RungSignatureSet[] {
  const sql = "SELECT * FROM rung_signature WHERE plan = ? ORDER BY rung, source";
  return all<RungSignatureTable>(reader, sql, plan).map((row) => ({
    plan: row.plan,
    rung: row.rung,
    source: row.source,
    txid: row.txid,
    signatures: parseCanonical(
      new Uint8Array(row.signatures),
      LIMITS.receiptBytesMax,
    ) as unknown as readonly InputSignature[],
  }));
}

function receiptOf(row: ReceiptTable): StoredReceipt {
  const { receipt, request, signer, epoch, gate, rule } = row;
  const { audit_epoch: auditEpoch, audit_size: auditSize } = row;
  return {
    receipt,
    request,
    signer,
    epoch,
    refusal: gate === null || rule === null ? undefined : { gate, rule },
    audit: auditEpoch === null || auditSize === null ? undefined : { epoch: auditEpoch, size: auditSize },
  };
}
