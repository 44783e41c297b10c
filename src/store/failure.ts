/** What a person can meet when the database does not do its part. SQLite's own codes end here. */
import BetterSqlite3 from "better-sqlite3";
import { declareError, type CustodyError } from "../core/errors.ts";
import { shellWord } from "../core/shell-word.ts";
import { IN_QUARANTINE } from "./special-rules.ts";

export const STORE_LOCKED = declareError(
  "STORE_LOCKED",
  "local",
  "Another program is writing to the database and did not finish in time.",
);
export const STORE_FULL = declareError(
  "STORE_FULL",
  "local",
  "The disk is full; the transaction was taken back.",
);
export const STORE_CORRUPT = declareError(
  "STORE_CORRUPT",
  "verification",
  "The database file is damaged or is not a custody database.",
);
export const STORE_UNREADABLE = declareError(
  "STORE_UNREADABLE",
  "local",
  "The database file cannot be opened, read or written.",
);

export const QUARANTINED = declareError(
  "QUARANTINED",
  "pending",
  "The database may not be the whole truth: until two admins have signed a reconciliation, nothing new leaves it.",
);

/** `error` as one of ours where SQLite or the file system tells what went wrong; everything else, a broken constraint too, is a bug and passes. */
export function storeFailure(error: unknown, path: string): unknown {
  if (error instanceof BetterSqlite3.SqliteError) return kindOfFailure(error.code, path, error) ?? error;
  const code =
    error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  return (
    kindOfFailure(
      code === "ENOSPC" || code === "EDQUOT" ? "SQLITE_FULL" : `SQLITE_IOERR_${code}`,
      path,
      error,
    ) ?? error
  );
}

/** Runs `work`; SQLite's failures become ours. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeFailure(error, path);
  }
}

function kindOfFailure(code: string, path: string, cause: unknown): CustodyError | undefined {
  const context = { field: "database", details: { path }, cause };
  if (code === "SQLITE_CONSTRAINT_TRIGGER" && (cause as Error).message === IN_QUARANTINE) {
    return QUARANTINED(`database ${path} is in quarantine`, { ...context, hint: "custody db reconcile" });
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return STORE_LOCKED(`database ${path} is locked by another program`, {
      ...context,
      hint: "let it finish, then run the command again; nothing was changed",
    });
  }
  if (code === "SQLITE_FULL") {
    return STORE_FULL(`no space left to write database ${path}`, {
      ...context,
      hint: "free some disk space, then run the command again; nothing was changed",
    });
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return STORE_CORRUPT(`database ${path} is damaged`, { ...context, hint: "custody db restore" });
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(code)) {
    return STORE_UNREADABLE(`database ${path} cannot be read and written (${code})`, {
      ...context,
      hint: `ls -l ${shellWord(path)}`,
    });
  }
  return undefined;
}
