/** Reading the audit log: rows, and the check that every row and every root that was written still holds. */
import { appendLeaf, AUDIT_BROKEN, EMPTY_FRONTIER, rootOf, type Frontier } from "../core/audit-tree.ts";
import type { Digest } from "../core/digest.ts";
import { isError, AssertionError } from "../core/errors.ts";
import { CANONICAL_MALFORMED, CANONICAL_TOO_LARGE } from "../core/canonical.ts";
import { equalBytes } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { auditLeaf, auditRowOf, type AuditRow } from "./audit-row.ts";
import { from, pageLimit, rows, type Page } from "./query.ts";
import type { AuditTable } from "./schema.ts";
import { atOnce, each, get, type Reader } from "./statement.ts";
import { readFrontier } from "./transaction.ts";

/** The tree's root over the first `size` rows, as committed at `at`. */
export type AuditHead = { readonly size: number; readonly root: Digest; readonly at: Instant };

/** How much was verified. */
export type AuditSummary = { readonly rows: number; readonly heads: number; readonly root: Digest };

/** The newest root; undefined before anything has happened. */
export function auditHead(reader: Reader): AuditHead | undefined {
  return get<AuditHead>(reader, "SELECT size, root, at FROM audit_head ORDER BY size DESC LIMIT 1");
}

/** Rows in order, those of one entity's row or one operation if given. `after` is a row's `seq`. @throws PAGE_MALFORMED */
export function listAuditRows(
  reader: Reader,
  filter: {
    readonly entity?: string | undefined;
    readonly entityId?: string | undefined;
    readonly operation?: Id | undefined;
  },
  page: Page<number>,
): readonly AuditRow[] {
  let query = from
    .selectFrom("audit_row")
    .selectAll()
    .where("seq", ">", page.after ?? 0);
  if (filter.entity !== undefined) query = query.where("entity", "=", filter.entity);
  if (filter.entityId !== undefined) query = query.where("entity_id", "=", filter.entityId);
  if (filter.operation !== undefined) query = query.where("operation", "=", filter.operation);
  return rows(reader, query.orderBy("seq").limit(pageLimit(page))).map(auditRowOf);
}

/**
 * Computes every leaf from its row and every root that was ever committed from the leaves before it.
 * @returns how much was verified, and the root
 * @throws AUDIT_BROKEN naming the first row or root that does not hold
 */
export function verifyAudit(reader: Reader): AuditSummary {
  return atOnce(reader, () => verifyRows(reader));
}

function verifyRows(reader: Reader): AuditSummary {
  let [frontier, heads] = [EMPTY_FRONTIER, 0];
  const sql =
    "SELECT a.*, h.root FROM audit_row AS a LEFT JOIN audit_head AS h ON h.size = a.seq ORDER BY a.seq";
  for (const { root, ...stored } of each<AuditTable & { root: Digest | null }>(reader, sql)) {
    frontier = appendLeaf(frontier, verifiedLeaf(stored, frontier.size + 1));
    if (root === null) continue;
    if (root !== rootOf(frontier)) {
      throw broken(
        `the root over ${frontier.size} rows is not the one committed`,
        `audit_head[${frontier.size}]`,
      );
    }
    heads += 1;
  }
  assertEnds(reader, frontier, heads);
  return { rows: frontier.size, heads, root: rootOf(frontier) };
}

function verifiedLeaf(stored: AuditTable, seq: number): Uint8Array {
  const field = `audit_row[${seq}]`;
  if (stored.seq !== seq) throw broken(`row ${seq} is missing`, field);
  const leaf = computedLeaf(stored);
  if (leaf === undefined || !equalBytes(leaf, stored.leaf)) {
    throw broken(
      `row ${seq} (${stored.entity} ${stored.entity_id}, ${stored.event}) was changed after it was written`,
      field,
    );
  }
  return leaf;
}

// A changed row may not even be canonical text any more.
function computedLeaf(stored: AuditTable): Uint8Array | undefined {
  try {
    return auditLeaf(auditRowOf(stored));
  } catch (error) {
    if (isError(error, CANONICAL_MALFORMED, CANONICAL_TOO_LARGE) || error instanceof AssertionError)
      return undefined;
    throw error;
  }
}

// Rows that are missing at the end have left their root behind, or the right edge.
function assertEnds(reader: Reader, frontier: Frontier, heads: number): void {
  const stored = readFrontier(reader);
  if (stored.size !== frontier.size || rootOf(stored) !== rootOf(frontier)) {
    const first = Math.min(stored.size, frontier.size) + 1;
    throw broken(`there are ${frontier.size} rows, ${stored.size} were committed`, `audit_row[${first}]`);
  }
  const committed = get<{ count: number }>(reader, "SELECT count(*) AS count FROM audit_head")?.count ?? 0;
  if (committed !== heads)
    throw broken(`${committed} roots were committed, ${heads} belong to rows`, "audit_head");
}

function broken(why: string, field: string) {
  return AUDIT_BROKEN(`audit tree: ${why}`, {
    field,
    hint: "stop, keep this file, and compare with a backup: custody db restore",
  });
}
