/**
 * Quarantine: this database may not be the whole truth, so nothing new leaves it (failure F9). What has opened one is kept
 * for ever; only a warrant that two admins have signed ends it. Triggers hold whoever does not ask.
 */
import type { Digest } from "../core/digest.ts";
import type { CustodyError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { QUARANTINED } from "./failure.ts";
import { LOSSES, mayLackRowsSql } from "./lost-rows.ts";
import type { QuarantineTable } from "./watch-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/**
 * restored: by `custody db restore`. set-back: the file is older than its witness, or of another history.
 * witness-missing: the witness beside the file is gone. signer-ahead: a signer has signed a request that is not known
 * here. foreign-spend: a block spends a coin of ours by no attempt of ours. differs: ledger and chain do not say the same,
 * which two admins have taken for so.
 */
export type QuarantineCause = QuarantineTable["cause"];

export type Quarantine = {
  readonly id: Id;
  readonly cause: QuarantineCause;
  /** What it is about: the same thing opens no second one while the first is open. */
  readonly subject: string;
  readonly detail: string;
  readonly since: Instant;
};

/** Opens a quarantine, unless one about the same is open. @returns whether it is new */
export function openQuarantine(tx: Tx, { id, cause, subject, detail }: Omit<Quarantine, "since">): boolean {
  const sql = "SELECT 1 FROM quarantine WHERE cause = ? AND subject = ? AND ended IS NULL";
  if (get(tx, sql, cause, subject) !== undefined) return false;
  const after = { cause, detail, subject };
  tx.audit({ entity: "quarantine", entityId: id, version: 1, event: "opened", after });
  run(
    tx,
    "INSERT INTO quarantine (id, cause, subject, detail, since, version) VALUES (?, ?, ?, ?, ?, 1)",
    id,
    cause,
    subject,
    detail,
    tx.now,
  );
  return true;
}

/** Ends one by a warrant, whose document is stored in the same transaction. */
export function endQuarantine(tx: Tx, id: Id, warrant: Digest): void {
  tx.audit({
    entity: "quarantine",
    entityId: id,
    version: 2,
    event: "ended",
    after: { ended: tx.now, warrant },
  });
  const sql =
    "UPDATE quarantine SET ended = ?, warrant = ?, version = 2 WHERE id = ? AND version = 1 AND ended IS NULL";
  run(tx, sql, tx.now, warrant, id);
}

/** Those that are open, the oldest first. */
export function openQuarantines(reader: Reader): readonly Quarantine[] {
  const sql =
    "SELECT id, cause, subject, detail, since FROM quarantine WHERE ended IS NULL ORDER BY seq LIMIT 1000";
  return all<Quarantine>(reader, sql);
}

/** Whether a quarantine stands for rows that may be missing here. */
export function isLoss({ cause }: Pick<Quarantine, "cause">): boolean {
  return LOSSES.some((loss) => loss === cause);
}

export function inQuarantine(reader: Reader): boolean {
  return get(reader, "SELECT 1 FROM quarantine WHERE ended IS NULL LIMIT 1") !== undefined;
}

/** Whether rows about a withdrawal or movement may be missing here, for ever: approvals, requests, what signers hold. */
export function mayLackRows(reader: Reader, entity: "withdrawal" | "movement", id: Id): boolean {
  const sql = `SELECT ${mayLackRowsSql(entity, "?")} AS lost`;
  return get<{ lost: 0 | 1 }>(reader, sql, id)?.lost === 1;
}

/** Whether something was ever in quarantine for `cause` and `subject`, and has been signed off or not. */
export function wasQuarantined(reader: Reader, cause: QuarantineCause, subject: string): boolean {
  const sql = "SELECT 1 FROM quarantine WHERE cause = ? AND subject = ? LIMIT 1";
  return get(reader, sql, cause, subject) !== undefined;
}

/** Differences between ledger and chain that people have accepted, in the words in which they were found. */
export function acceptedDifferences(reader: Reader): ReadonlySet<string> {
  const sql = "SELECT detail FROM quarantine WHERE cause = 'differs' AND ended IS NOT NULL";
  return new Set(all<{ detail: string }>(reader, sql).map(({ detail }) => detail));
}

/** QUARANTINED by what was opened first; undefined when nothing is open. */
export function quarantineOver(reader: Reader): CustodyError | undefined {
  const [first, ...others] = openQuarantines(reader);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and for ${others.length} more`;
  return QUARANTINED(`the database is in quarantine since ${first.since}: ${first.detail}${more}`, {
    field: "database",
    hint: "custody db reconcile",
    details: { cause: first.cause, since: first.since },
  });
}

/** Which line of history this file is; each restore begins another. */
export function instanceOf(reader: Reader): string {
  return get<{ value: string }>(reader, "SELECT value FROM meta WHERE key = 'instance'")?.value ?? "";
}

/** Begins another line, for a file that is being restored. */
export function beginInstance(tx: Tx, instance: Id): void {
  run(tx, "UPDATE meta SET value = ? WHERE key = 'instance'", instance);
}
