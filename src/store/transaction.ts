/**
 * Writing. One writer at a time takes the lock before it reads (BEGIN IMMEDIATE), so that nothing it has read can
 * change under it (F1). What it changes, its audit rows and the audit tree's new root are committed together (law 8).
 */
import type { Database } from "better-sqlite3";
import {
  appendLeaf,
  AUDIT_BROKEN,
  EMPTY_FRONTIER,
  leafHash,
  rootOf,
  type Frontier,
} from "../core/audit-tree.ts";
import { canonicalText, type JsonObject } from "../core/canonical.ts";
import { assert, isError } from "../core/errors.ts";
import { concatBytes, utf8 } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { auditText } from "./audit-row.ts";
import { guarded, STORE_LOCKED } from "./failure.ts";
import { get, run, type Reader } from "./statement.ts";

/** Who does what, when: the operation's id runs through logs, audit rows and documents. */
export type Context = {
  readonly operation: Id;
  /** "withdraw request", "watcher tick". */
  readonly command: string;
  /** The name of a person's identity or of a service. */
  readonly actor: string;
  readonly now: Instant;
};

/** What happened to one row. Never holds what must not leave this host (names, references): auditors get these rows. */
export type AuditEvent = {
  readonly entity: string;
  readonly entityId: string;
  /** The version that the row has after the event. */
  readonly version: number;
  readonly event: string;
  readonly before?: JsonObject | undefined;
  readonly after?: JsonObject | undefined;
};

/** A transaction under way. It is of no use once `write` has returned. */
export type Tx = Reader & Context & { readonly audit: (event: AuditEvent) => void };

/** With a busy timeout of a tenth of a second each, a writer waits about two seconds for its turn. */
const BEGIN_ATTEMPTS = 20;

/** `operation`: the last one whose row is written, so that each row of its work does not ask for it again. */
type Progress = { frontier: Frontier; operation: Id | undefined };
const underWay = new WeakMap<Database, Progress>();

/**
 * Runs `work` in a transaction: all of it is committed durably, or none of it happened. Inside another `write` on the
 * same connection it is a savepoint: if it throws, it alone is taken back, and the caller may go on.
 * @param attempts how often to ask for the lock when another program has it; SQLite's busy timeout is waited each time
 * @throws STORE_LOCKED, STORE_FULL, AUDIT_BROKEN, and whatever `work` throws
 */
export function write<T>(
  reader: Reader,
  context: Context,
  work: (tx: Tx) => T,
  attempts: number = BEGIN_ATTEMPTS,
): T {
  const outer = underWay.get(reader.database);
  return outer === undefined
    ? commit(reader, context, work, attempts)
    : savepoint(reader, context, outer, work);
}

function commit<T>(reader: Reader, context: Context, work: (tx: Tx) => T, attempts: number): T {
  begin(reader, attempts);
  try {
    const progress: Progress = { frontier: readFrontier(reader), operation: undefined };
    const { size } = progress.frontier;
    underWay.set(reader.database, progress);
    const result = perform(reader, context, progress, work);
    if (progress.frontier.size > size) writeHead(reader, context.now, progress.frontier);
    guarded(reader.path, () => reader.database.exec("COMMIT"));
    return result;
  } catch (error) {
    // A full disk has already taken the transaction back.
    if (reader.database.inTransaction) reader.database.exec("ROLLBACK");
    throw error;
  } finally {
    underWay.delete(reader.database);
  }
}

function savepoint<T>(reader: Reader, context: Context, outer: Progress, work: (tx: Tx) => T): T {
  const { frontier, operation } = outer;
  // A full disk has taken the whole transaction back: a savepoint now would begin, and commit, one of its own.
  assert(reader.database.inTransaction, "a step of a transaction that is not over");
  run(reader, "SAVEPOINT step");
  try {
    const result = perform(reader, context, outer, work);
    run(reader, "RELEASE step");
    return result;
  } catch (error) {
    if (reader.database.inTransaction) {
      run(reader, "ROLLBACK TO step");
      run(reader, "RELEASE step");
    }
    Object.assign(outer, { frontier, operation });
    throw error;
  }
}

function perform<T>(reader: Reader, context: Context, progress: Progress, work: (tx: Tx) => T): T {
  const { database, path } = reader;
  const { operation, command, actor, now } = context;
  let open = true;
  const audit = (event: AuditEvent) => {
    assert(open, "an audit row after the end of its transaction");
    if (progress.operation !== operation) run(reader, INSERT_OPERATION, operation, command, actor, now);
    progress.operation = operation;
    progress.frontier = appendAuditRow(reader, context, progress.frontier, event);
  };
  try {
    const result = work({ database, path, operation, command, actor, now, audit });
    assert(!(result instanceof Promise), "a transaction does not wait: other work would slip into it");
    return result;
  } finally {
    open = false;
  }
}

function begin(reader: Reader, attempts: number): void {
  assert(!reader.database.inTransaction, "a transaction that this module did not begin");
  for (let attempt = 1; ; attempt++) {
    try {
      guarded(reader.path, () => reader.database.exec("BEGIN IMMEDIATE"));
      return;
    } catch (error) {
      if (!isError(error, STORE_LOCKED) || attempt >= attempts) throw error;
    }
  }
}

function appendAuditRow(
  reader: Reader,
  context: Context,
  frontier: Frontier,
  happened: AuditEvent,
): Frontier {
  const { operation, actor, now: at } = context;
  const { entity, entityId, version, event } = happened;
  const seq = frontier.size + 1;
  const [before, after] = [textOf(happened.before), textOf(happened.after)];
  const leaf = leafHash(
    utf8(auditText({ seq, at, actor, operation, entity, entityId, version, event, before, after })),
  );
  run(
    reader,
    INSERT_AUDIT_ROW,
    seq,
    at,
    actor,
    operation,
    entity,
    entityId,
    version,
    event,
    before,
    after,
    leaf,
  );
  return appendLeaf(frontier, leaf);
}

function textOf(value: JsonObject | undefined): string | null {
  return value === undefined ? null : canonicalText(value);
}

const INSERT_OPERATION =
  "INSERT INTO operation (id, command, actor, started) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
const INSERT_AUDIT_ROW =
  "INSERT INTO audit_row (seq, at, actor, operation, entity, entity_id, version, event, before, after, leaf)" +
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/** The stored right edge of the audit tree, checked against the last root. @throws AUDIT_BROKEN */
export function readFrontier(reader: Reader): Frontier {
  const row = get<{ size: number; peaks: Uint8Array }>(
    reader,
    "SELECT size, peaks FROM audit_frontier WHERE id = 1",
  );
  const head = get<{ size: number; root: string }>(
    reader,
    "SELECT size, root FROM audit_head ORDER BY size DESC LIMIT 1",
  );
  const frontier = row === undefined ? EMPTY_FRONTIER : { size: row.size, peaks: splitPeaks(row.peaks) };
  if ((head?.size ?? 0) === frontier.size && (head === undefined || head.root === rootOf(frontier)))
    return frontier;
  throw AUDIT_BROKEN("the audit tree's right edge does not have the last root that was written", {
    field: "audit_frontier",
    hint: "custody audit verify",
  });
}

function writeHead(reader: Reader, at: Instant, frontier: Frontier): void {
  run(
    reader,
    "INSERT INTO audit_head (size, root, at) VALUES (?, ?, ?)",
    frontier.size,
    rootOf(frontier),
    at,
  );
  run(
    reader,
    "INSERT INTO audit_frontier (id, size, peaks) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET size = excluded.size, peaks = excluded.peaks",
    frontier.size,
    concatBytes(...frontier.peaks),
  );
}

function splitPeaks(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from(
    { length: bytes.length / 32 },
    (_, index) => new Uint8Array(bytes.subarray(32 * index, 32 * index + 32)),
  );
}
