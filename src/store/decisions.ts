/** What people and signers have said about a withdrawal: approvals, releases, rejections, clearances, voids. */
import type { Digest } from "../core/digest.ts";
import type { Id } from "../core/identifier.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/**
 * Ties a stored document to a withdrawal that it is about. The same one again changes nothing.
 * @param decision its kind and digest, and the content that `saveDocument` returned
 */
export function insertDecision(
  tx: Tx,
  withdrawal: Id,
  decision: { readonly kind: string; readonly digest: Digest; readonly content: Digest },
): void {
  const { kind, digest, content } = decision;
  const subject = `${content}:${withdrawal}`;
  if (get(tx, "SELECT 1 FROM decision WHERE subject = ?", subject) !== undefined) return;
  const after = { digest, kind, withdrawal };
  tx.audit({ entity: "decision", entityId: subject, version: 1, event: "received", after });
  const sql =
    "INSERT INTO decision (subject, content, withdrawal, kind, digest, at) VALUES (?, ?, ?, ?, ?, ?)";
  run(tx, sql, subject, content, withdrawal, kind, digest, tx.now);
}

/** Digests of the documents of `kind` about a withdrawal, for `findDocuments`. */
export function decisionsOf(reader: Reader, withdrawal: Id, kind: string): readonly Digest[] {
  const sql = "SELECT DISTINCT digest FROM decision WHERE withdrawal = ? AND kind = ? ORDER BY digest";
  return all<{ digest: Digest }>(reader, sql, withdrawal, kind).map(({ digest }) => digest);
}
