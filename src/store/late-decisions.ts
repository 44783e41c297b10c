/**
 * Decisions that came when what they are about was over. They are refused, and leave an audit row: somebody was asked for
 * what has ended, or somebody puts an old signature forward again.
 */
import type { Digest } from "../core/digest.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { auditRowOf } from "./audit-row.ts";
import type { AuditTable } from "./schema.ts";
import { all, get, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export type LateDecision = {
  /** What it is about, and where that had ended. */
  readonly entity: "withdrawal" | "movement";
  readonly id: Id;
  readonly state: string;
  /** What was decided, by whom, in which document. */
  readonly decision: string;
  readonly by: Name;
  readonly digest: Digest;
};

/** A late decision with who brought it, when, in which operation. */
export type NotedLate = LateDecision & {
  readonly at: Instant;
  readonly actor: string;
  readonly operation: Id;
};

const ENTITY = "late-decision";

/** Notes a late decision, once: bringing it again does not fill the audit log. @returns whether it is new */
export function noteLateDecision(tx: Tx, late: LateDecision): boolean {
  const { entity, id, state, decision, by, digest } = late;
  const entityId = `${digest}:${by}:${id}`;
  const sql = "SELECT 1 FROM audit_row WHERE entity = ? AND entity_id = ?";
  if (get(tx, sql, ENTITY, entityId) !== undefined) return false;
  tx.audit({
    entity: ENTITY,
    entityId,
    version: 1,
    event: "came late",
    after: { by, decision, digest, entity, id, state },
  });
  return true;
}

/** The newest late decisions that were noted at `since` or later, at most `count`. */
export function lateDecisions(reader: Reader, since: Instant, count: number): readonly NotedLate[] {
  const sql = "SELECT * FROM audit_row WHERE entity = ? AND at >= ? ORDER BY seq DESC LIMIT ?";
  return all<AuditTable>(reader, sql, ENTITY, since, count).map((row) => {
    const { at, actor, operation, after } = auditRowOf(row);
    return { ...(after as unknown as LateDecision), at, actor, operation };
  });
}
