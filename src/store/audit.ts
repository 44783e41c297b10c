/** Reading the audit log: rows, and the check that every row and every root that was written still holds. */
import {
  appendLeaf,
  AUDIT_BROKEN,
  EMPTY_FRONTIER,
  leafHash,
  rootOf,
  type Frontier,
} from "../core/audit-tree.ts";
import type { Digest } from "../core/digest.ts";
import { equalBytes } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { auditRowOf, type AuditRow } from "./audit-row.ts";
import { pageOf, where, type Page } from "./page.ts";
import type { AuditTable } from "./schema.ts";
import { atOnce, get, tuples, type Reader } from "./statement.ts";
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
  const kept = [
    where("seq", ">", page.after ?? 0),
    where("entity", "=", filter.entity),
    where("entity_id", "=", filter.entityId),
    where("operation", "=", filter.operation),
  ];
  // Of one row's history the versions are in the order of the log, and have an index.
  const ofOne = filter.entity !== undefined && filter.entityId !== undefined;
  const list = { select: "SELECT * FROM audit_row", order: ofOne ? "version" : "seq" };
  return pageOf<AuditTable>(reader, list, kept, page).map(auditRowOf);
}

/**
 * Computes every leaf from its row and every root that was ever committed from the leaves before it.
 * @returns how much was verified, and the root
 * @throws AUDIT_BROKEN naming the first row or root that does not hold
 */
export function verifyAudit(reader: Reader): AuditSummary {
  return atOnce(reader, () => verifyRows(reader));
}

/** The canonical text is null where `before` or `after` is not a JSON object, one that is whole. */
type WrittenRow = readonly [seq: number, leaf: Uint8Array, root: Digest | null, text: Uint8Array | null];

function verifyRows(reader: Reader): AuditSummary {
  let [frontier, heads, last] = [EMPTY_FRONTIER, 0, Number.MIN_SAFE_INTEGER];
  for (;;) {
    const written = tuples<WrittenRow>(reader, WRITTEN_ROWS, last, ROWS_TOGETHER);
    for (const row of written) {
      const [seq, , root] = row;
      last = seq;
      frontier = appendLeaf(frontier, verifiedLeaf(reader, row, frontier.size + 1));
      if (root === null) continue;
      if (root !== rootOf(frontier)) {
        throw broken(
          `the root over ${frontier.size} rows is not the one committed`,
          `audit_head[${frontier.size}]`,
        );
      }
      heads += 1;
    }
    if (written.length < ROWS_TOGETHER) break;
  }
  assertEnds(reader, frontier, heads);
  return { rows: frontier.size, heads, root: rootOf(frontier) };
}

const ROWS_TOGETHER = 1000;

const objectOrNone = (column: string) =>
  `(${column} IS NULL OR (json_valid(${column}) AND substr(${column}, 1, 1) = '{'))`;

/**
 * `auditText`, put together where the columns lie: what is hashed has to be read, and need not be parsed. The texts of
 * `before` and `after` go in as they are stored, so a second spelling has another leaf. Each has to be a whole object: then
 * one text is that of one row alone, and none can be moved from a column into the next.
 */
const WRITTEN_ROWS =
  `SELECT a.seq, a.leaf, h.root, CASE WHEN ${objectOrNone("before")} AND ${objectOrNone("after")} THEN CAST(` +
  "'{\"actor\":' || json_quote(actor) || coalesce(',\"after\":' || after, '') || ',\"at\":' || json_quote(a.at)" +
  " || coalesce(',\"before\":' || before, '') || ',\"entity\":' || json_quote(entity) || ',\"entityId\":' || json_quote(entity_id)" +
  " || ',\"event\":' || json_quote(event) || ',\"operation\":' || json_quote(operation) || ',\"seq\":' || a.seq" +
  " || ',\"version\":' || version || '}' AS BLOB) END" +
  " FROM audit_row AS a LEFT JOIN audit_head AS h ON h.size = a.seq WHERE a.seq > ? ORDER BY a.seq LIMIT ?";

function verifiedLeaf(reader: Reader, [found, leaf, , text]: WrittenRow, seq: number): Uint8Array {
  const field = `audit_row[${seq}]`;
  if (found !== seq) throw broken(`row ${seq} is missing`, field);
  if (text !== null && equalBytes(leafHash(text), leaf)) return leaf;
  const about = get<AuditTable>(reader, "SELECT * FROM audit_row WHERE seq = ?", seq);
  throw broken(
    `row ${seq} (${about?.entity} ${about?.entity_id}, ${about?.event}) was changed after it was written`,
    field,
  );
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
