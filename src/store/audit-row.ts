import { leafHash } from "../core/audit-tree.ts";
import { canonicalText, parseCanonical, type JsonObject } from "../core/canonical.ts";
import { utf8 } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { AuditTable } from "./schema.ts";

/** One row of the audit log, as it is shown, exported and hashed. `seq` counts from 1. */
export type AuditRow = {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly operation: Id;
  readonly entity: string;
  readonly entityId: string;
  readonly version: number;
  readonly event: string;
  readonly before?: JsonObject | undefined;
  readonly after?: JsonObject | undefined;
};

/** A row whose `before` and `after` are canonical text, as they are stored. */
type WrittenRow = Omit<AuditRow, "before" | "after"> & {
  readonly before: string | null;
  readonly after: string | null;
};

/**
 * The row's canonical JSON (RFC 8785): what `canonicalText` makes of an `AuditRow`, with `before` and `after` written
 * once and not twice. Its keys stand here in their sorted order.
 */
export function auditText(row: WrittenRow): string {
  const { actor, after, at, before, entity, entityId, event, operation, seq, version } = row;
  const q = canonicalText;
  const changes = after === null ? "" : `"after":${after},`;
  const from = before === null ? "" : `"before":${before},`;
  return (
    `{"actor":${q(actor)},${changes}"at":${q(at)},${from}"entity":${q(entity)},"entityId":${q(entityId)},` +
    `"event":${q(event)},"operation":${q(operation)},"seq":${q(seq)},"version":${q(version)}}`
  );
}

/** The row's leaf (RFC 6962 §2.1): the hash of its canonical JSON, which an auditor computes again. */
export function auditLeaf(row: AuditRow): Uint8Array {
  return leafHash(utf8(canonicalText(row)));
}

/** A row as read back. @throws CANONICAL_MALFORMED when `before` or `after` is not what was written */
export function auditRowOf(row: Omit<AuditTable, "leaf">): AuditRow {
  const { seq, at, actor, operation, entity, entity_id: entityId, version, event } = row;
  return {
    seq,
    at,
    actor,
    operation,
    entity,
    entityId,
    version,
    event,
    before: parsed(row.before),
    after: parsed(row.after),
  };
}

// Strictly, so that no second spelling of a changed row has the leaf of the first.
function parsed(text: string | null): JsonObject | undefined {
  return text === null ? undefined : (parseCanonical(utf8(text)) as JsonObject);
}
