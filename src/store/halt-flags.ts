/** Halts that only this host knows: raised by an operator or by the watcher, ended by two persons (ADR 22). */
import { declareError } from "../core/errors.ts";
import type { ChainId } from "../core/chain.ts";
import type { HaltScope } from "../core/documents/halt.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { HaltFlagTable } from "./watch-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export const FLAG_UNKNOWN = declareError(
  "FLAG_UNKNOWN",
  "notFound",
  "No halt of this host alone has an id, or it has ended.",
);

export const FLAG_RAISED_AGAIN = declareError(
  "FLAG_RAISED_AGAIN",
  "conflict",
  "A halt of this host was raised again after people had decided that it ends.",
);

export type HaltFlag = {
  readonly id: Id;
  readonly scope: HaltScope;
  readonly code: Name;
  /** What the watcher has seen last; an operator's code says enough. */
  readonly detail: string | undefined;
  readonly raisedBy: string;
  readonly raised: Instant;
  readonly version: number;
};

/** The flags in force, the oldest first: few, for there is one for each scope and code. */
export function haltFlags(reader: Reader): readonly HaltFlag[] {
  return all<HaltFlagTable>(reader, "SELECT * FROM halt_flag WHERE ended IS NULL ORDER BY seq").map(flagOf);
}

/** @throws FLAG_UNKNOWN also when it has ended */
export function getHaltFlag(reader: Reader, id: Id): HaltFlag {
  const row = get<HaltFlagTable>(reader, "SELECT * FROM halt_flag WHERE id = ? AND ended IS NULL", id);
  if (row !== undefined) return flagOf(row);
  throw FLAG_UNKNOWN(`no halt of this host alone that is in force has id ${id}`, {
    field: "--flag",
    hint: "custody emergency resume   (lists what is in force)",
  });
}

/**
 * Raises a flag in the name of the transaction's actor. One of the same scope and code that is in force stays as it is:
 * whoever repeats it, an owned session say, does not outdate the warrant that people are signing. What is new of it, a
 * `detail` that it does not have, raises it again: people have not seen that, and their warrant does not end it.
 */
export function raiseHaltFlag(
  tx: Tx,
  { id, scope, code, detail }: Omit<HaltFlag, "raisedBy" | "raised" | "version">,
): HaltFlag {
  const subject = subjectOf(scope);
  const known = get<HaltFlagTable>(
    tx,
    "SELECT * FROM halt_flag WHERE scope = ? AND coalesce(subject, '') = ? AND code = ? AND ended IS NULL",
    scope.of,
    subject ?? "",
    code,
  );
  if (known !== undefined) return raisedAgain(tx, flagOf(known), detail);
  const after = { code, scope: scope.of, ...(subject === null ? {} : { subject }) };
  tx.audit({ entity: "halt_flag", entityId: id, version: 1, event: "raised", after });
  const sql =
    "INSERT INTO halt_flag (id, scope, subject, code, detail, raised_by, raised, version) VALUES (?, ?, ?, ?, ?, ?, ?, 1)";
  run(tx, sql, id, scope.of, subject, code, detail ?? null, tx.actor, tx.now);
  return { id, scope, code, detail, raisedBy: tx.actor, raised: tx.now, version: 1 };
}

function raisedAgain(tx: Tx, flag: HaltFlag, detail: string | undefined): HaltFlag {
  if (detail === undefined || detail === flag.detail) return flag;
  const { id } = flag;
  const version = flag.version + 1;
  tx.audit({ entity: "halt_flag", entityId: id, version, event: "raised again", after: { detail } });
  const sql = "UPDATE halt_flag SET detail = ?, version = ? WHERE id = ? AND version = ?";
  run(tx, sql, detail, version, id, flag.version);
  return { ...flag, detail, version };
}

/**
 * Ends a flag that is in force.
 * @param seen its version when people decided
 * @throws FLAG_UNKNOWN, FLAG_RAISED_AGAIN
 */
export function endHaltFlag(tx: Tx, id: Id, seen: number): void {
  const { version } = getHaltFlag(tx, id);
  if (version !== seen) {
    throw FLAG_RAISED_AGAIN(`halt ${id} was raised again since people decided that it ends`, {
      field: "--flag",
      hint: `custody emergency resume --flag ${id} --out warrant.json`,
    });
  }
  const after = { ended: tx.now };
  tx.audit({ entity: "halt_flag", entityId: id, version: version + 1, event: "ended", after });
  const sql = "UPDATE halt_flag SET ended = ?, version = ? WHERE id = ? AND version = ?";
  run(tx, sql, tx.now, version + 1, id, version);
}

function subjectOf(scope: HaltScope): string | null {
  if (scope.of === "everything") return null;
  return scope.of === "chain" ? scope.chain : scope.wallet;
}

function flagOf(row: HaltFlagTable): HaltFlag {
  const { id, scope, subject, code, detail, raised_by: raisedBy, raised, version } = row;
  return {
    id,
    scope: scopeOf(scope, subject ?? ""),
    code,
    detail: detail ?? undefined,
    raisedBy,
    raised,
    version,
  };
}

function scopeOf(scope: HaltFlagTable["scope"], subject: string): HaltScope {
  if (scope === "everything") return { of: scope };
  return scope === "chain"
    ? { of: scope, chain: subject as ChainId }
    : { of: scope, wallet: subject as Name };
}
