/** What the audit log holds about a few subjects, with proofs of its rows under the newest root. */
import { AUDIT_BROKEN, EMPTY_FRONTIER, rootOf } from "../core/audit-tree.ts";
import { verifyInclusion } from "../core/audit-proof.ts";
import type { Digest } from "../core/digest.ts";
import { inclusionProofs } from "../core/inclusion-proofs.ts";
import type { Id } from "../core/identifier.ts";
import { auditHead } from "./audit.ts";
import { auditLeaf, auditRowOf, type AuditRow } from "./audit-row.ts";
import type { AuditTable } from "./schema.ts";
import { all, each, get, type Reader } from "./statement.ts";

/** A row's subject, as the audit log names it. */
export type Subject = { readonly entity: string; readonly id: string };

export type ProvenRows = {
  readonly size: number;
  readonly root: Digest;
  readonly rows: readonly { readonly row: AuditRow; readonly proof: readonly Digest[] }[];
};

/**
 * All rows about `subjects` in their order, each with its place under the newest root. The caller reads at once.
 * @throws AUDIT_BROKEN when rows and root do not fit
 */
export function proveRowsAbout(reader: Reader, subjects: readonly Subject[]): ProvenRows {
  const { size, root } = auditHead(reader) ?? { size: 0, root: rootOf(EMPTY_FRONTIER) };
  const sql = "SELECT * FROM audit_row WHERE entity = ? AND entity_id = ? AND seq <= ?";
  const rows = subjects
    .flatMap(({ entity, id }) => all<AuditTable>(reader, sql, entity, id, size))
    .map((row) => auditRowOf(row))
    .sort((a, b) => a.seq - b.seq);
  const proofs = inclusionProofs(
    leavesTo(reader, size),
    size,
    rows.map(({ seq }) => seq - 1),
  );
  const proven = rows.map((row, i) => ({ row, proof: proofs[i] ?? [] }));
  for (const { row, proof } of proven) {
    if (verifyInclusion(auditLeaf(row), row.seq - 1, size, proof, root)) continue;
    throw AUDIT_BROKEN(`audit row ${row.seq} is not under the root over ${size} rows`, {
      field: `audit_row[${row.seq}]`,
      hint: "custody audit verify   (names the first row that was changed)",
    });
  }
  return { size, root, rows: proven };
}

/** Ids of the decisions about a withdrawal, as the audit log names them. */
export function decisionSubjects(reader: Reader, withdrawal: Id): readonly string[] {
  const sql = "SELECT subject FROM decision WHERE withdrawal = ? ORDER BY subject";
  return all<{ subject: string }>(reader, sql, withdrawal).map(({ subject }) => subject);
}

/** The number of the audit row that says how a subject began; two subjects are compared by it. */
export function beganAt(reader: Reader, { entity, id }: Subject): number {
  const sql = "SELECT seq FROM audit_row WHERE entity = ? AND entity_id = ? AND version = 1";
  return get<{ seq: number }>(reader, sql, entity, id)?.seq ?? 0;
}

function* leavesTo(reader: Reader, size: number): Generator<Uint8Array> {
  const sql = "SELECT leaf FROM audit_row WHERE seq <= ? ORDER BY seq";
  for (const { leaf } of each<{ leaf: Uint8Array }>(reader, sql, size)) yield new Uint8Array(leaf);
}
