/** Backups by SQLite's own online copy, never by copying a file that is in use: without its log it is another, older database (F26). */
import { chmodSync, closeSync, constants, copyFileSync, existsSync, openSync } from "node:fs";
import BetterSqlite3, { type Database } from "better-sqlite3";
import type { Network } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import { auditHead, verifyAudit } from "./audit.ts";
import {
  assertNetwork,
  assertOurs,
  linkNew,
  removeDatabase,
  STORE_EXISTS,
  STORE_MISSING,
  type Store,
} from "./database.ts";
import { guarded, STORE_CORRUPT, storeFailure } from "./failure.ts";
import { databaseProblems, verifyLedger } from "./integrity.ts";

/** What a backup holds: as many audit rows, with this root. */
export type BackupSummary = { readonly rows: number; readonly root: Digest };

/**
 * Writes a backup while others go on working, checks it, and only then gives it its name. Mode 0600; one file.
 * @throws STORE_EXISTS, STORE_FULL, STORE_UNREADABLE, STORE_CORRUPT, AUDIT_BROKEN, LEDGER_BROKEN
 */
export async function backupStore(store: Store, target: string): Promise<BackupSummary> {
  assertFree(target);
  const draft = `${target}.${process.pid}.partial`;
  removeDatabase(draft);
  try {
    guarded(draft, () => closeSync(openSync(draft, "wx", 0o600)));
    await store.database.backup(draft);
    const summary = verifyCopy(draft, store.network);
    linkNew(draft, target);
    return summary;
  } catch (error) {
    throw storeFailure(error, draft);
  } finally {
    removeDatabase(draft);
  }
}

/** Opens a backup without changing its content and checks all of it. @throws as `backupStore` */
export function verifyBackup(path: string, network: Network): BackupSummary {
  if (!existsSync(path))
    throw STORE_MISSING(`there is no backup at ${path}`, { field: "path", hint: `ls -l ${path}` });
  const database = guarded(path, () => new BetterSqlite3(path, { readonly: true, fileMustExist: true }));
  try {
    return verifyContent(database, path, network);
  } finally {
    database.close();
  }
}

/**
 * Puts a verified backup where there is no database. What happened since the backup is missing from it: before anything
 * is built, compare with signers and chain (F9).
 * @throws STORE_EXISTS, STORE_MISSING, and as `backupStore`
 */
export function restoreStore(backup: string, path: string, network: Network): BackupSummary {
  assertFree(path);
  const summary = verifyBackup(backup, network);
  const draft = `${path}.${process.pid}.restoring`;
  removeDatabase(draft);
  try {
    guarded(path, () => {
      copyFileSync(backup, draft, constants.COPYFILE_EXCL);
      chmodSync(draft, 0o600);
    });
    linkNew(draft, path);
    return summary;
  } finally {
    removeDatabase(draft);
  }
}

// The copy says of itself that it has a write-ahead log; as one plain file it can be carried and opened read-only.
function verifyCopy(draft: string, network: Network): BackupSummary {
  const database = guarded(draft, () => new BetterSqlite3(draft, { fileMustExist: true }));
  try {
    guarded(draft, () => database.pragma("journal_mode = DELETE"));
    return verifyContent(database, draft, network);
  } finally {
    database.close();
  }
}

function verifyContent(database: Database, path: string, network: Network): BackupSummary {
  const reader = { database, path };
  assertOurs(database, path);
  guarded(path, () => assertNetwork(database, path, network));
  const [problem] = guarded(path, () => databaseProblems(reader));
  if (problem !== undefined) {
    throw STORE_CORRUPT(`backup ${path}: ${problem}`, {
      field: "path",
      hint: "take another backup: custody db backup --out FILE",
    });
  }
  verifyLedger(reader);
  const { rows, root } = verifyAudit(reader);
  return { rows, root: auditHead(reader)?.root ?? root };
}

function assertFree(path: string): void {
  if (!existsSync(path)) return;
  throw STORE_EXISTS(`${path} exists already and is not overwritten`, {
    field: "path",
    hint: "choose another name, or move the file away",
  });
}
