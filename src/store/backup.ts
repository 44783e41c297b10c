/** Backups by SQLite's own online copy, never by copying a file that is in use: without its log it is another, older database (F26). */
import { chmodSync, closeSync, constants, copyFileSync, existsSync, openSync } from "node:fs";
import BetterSqlite3, { type Database } from "better-sqlite3";
import { parseNetwork, type Network } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { Id } from "../core/identifier.ts";
import { shellWord } from "../core/shell-word.ts";
import { auditHead, verifyAudit } from "./audit.ts";
import {
  assertNetwork,
  assertOurs,
  closeStore,
  linkNew,
  openStore,
  removeDatabase,
  STORE_EXISTS,
  STORE_MISSING,
  type Store,
} from "./database.ts";
import { guarded, STORE_CORRUPT, storeFailure } from "./failure.ts";
import { databaseProblems, verifyLedger } from "./integrity.ts";
import { beginInstance, openQuarantine } from "./quarantine.ts";
import { write, type Context } from "./transaction.ts";

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
    // All at once: in portions it begins again with each commit of another program, and may never end.
    await store.database.backup(draft, { progress: ({ remainingPages }) => remainingPages });
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
  assertThere(path);
  const database = guarded(path, () => new BetterSqlite3(path, { readonly: true, fileMustExist: true }));
  try {
    return verifyContent(database, path, network);
  } finally {
    database.close();
  }
}

/** The network that a backup's database belongs to. @throws STORE_MISSING, STORE_CORRUPT */
export function networkOfBackup(path: string): Network {
  assertThere(path);
  const database = guarded(path, () => new BetterSqlite3(path, { readonly: true, fileMustExist: true }));
  try {
    assertOurs(database, path);
    const sql = "SELECT value FROM meta WHERE key = 'network'";
    return parseNetwork(guarded(path, () => database.prepare<[], string>(sql).pluck().get()) ?? "");
  } finally {
    database.close();
  }
}

export type Restoring = {
  readonly network: Network;
  /** The line of history that begins with it, and the id of its quarantine. */
  readonly instance: Id;
  /** For people: what is known to be lost. */
  readonly detail: string;
  readonly context: Context;
};

/**
 * Puts a verified backup where there is no database, and in quarantine: what happened since the backup is missing from it
 * (F9). It is there whole and marked, or it is not there.
 * @throws STORE_EXISTS, STORE_MISSING, and as `backupStore`
 */
export function restoreStore(backup: string, path: string, restoring: Restoring): BackupSummary {
  const { network, instance, detail, context } = restoring;
  // A log left behind by the lost database would be played into this one (F26).
  for (const suffix of ["", "-wal", "-shm", "-journal"]) assertFree(`${path}${suffix}`);
  const summary = verifyBackup(backup, network);
  const draft = `${path}.${process.pid}.restoring`;
  removeDatabase(draft);
  try {
    guarded(path, () => {
      copyFileSync(backup, draft, constants.COPYFILE_EXCL);
      chmodSync(draft, 0o600);
    });
    const store = openStore(draft, { network });
    try {
      write(store, context, (tx) => {
        beginInstance(tx, instance);
        openQuarantine(tx, { id: instance, cause: "restored", subject: instance, detail });
      });
    } finally {
      closeStore(store);
    }
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

function assertThere(path: string): void {
  if (!existsSync(path))
    throw STORE_MISSING(`there is no backup at ${shellWord(path)}`, {
      field: "path",
      hint: `ls -l ${shellWord(path)}`,
    });
}

function assertFree(path: string): void {
  if (!existsSync(path)) return;
  throw STORE_EXISTS(`${path} exists already and is not overwritten`, {
    field: "path",
    hint: "choose another name, or move the file away",
  });
}
