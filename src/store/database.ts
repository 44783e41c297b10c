/**
 * The database file: one SQLite file a home, readable by its owner alone. WAL with synchronous=FULL, because with
 * NORMAL the last commits can be lost at a power cut (F26) and each of ours is a promise about money.
 */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite3, { type Database } from "better-sqlite3";
import type { Network } from "../core/chain.ts";
import { declareError } from "../core/errors.ts";
import { guarded, STORE_CORRUPT, storeFailure } from "./failure.ts";
import { migrate } from "./migrate.ts";
import type { Reader } from "./statement.ts";

export const STORE_MISSING = declareError("STORE_MISSING", "notFound", "There is no database here yet.");
export const STORE_EXISTS = declareError(
  "STORE_EXISTS",
  "conflict",
  "A file is already where a database should be written.",
);
export const STORE_WRONG_NETWORK = declareError(
  "STORE_WRONG_NETWORK",
  "denied",
  "A database belongs to another network.",
);

/** An open database. Only the repositories of this folder speak SQL to it. */
export type Store = Reader & { readonly network: Network };

/** "cust" in ASCII, in the file's header: no other SQLite file is taken for ours. */
export const APPLICATION_ID = 0x63757374;

/**
 * Rows are found by ids and digests, which are random: each write touches pages all over the file. With SQLite's usual two
 * megabytes of cache most of them are read anew, and written out and read again before their commit.
 */
const CACHE_KIB = 64 * 1024;

/** Pages of the write-ahead log after which it is folded into the file: each page that changed since is written once. */
const CHECKPOINT_PAGES = 4000;

/** How long SQLite itself waits for a lock. It blocks the event loop, so it is short; `write` tries several times. */
const BUSY_TIMEOUT_MS = 100;

export type OpenOptions = {
  readonly network: Network;
  /** Make a new database, which must not exist; without it an existing one is opened. */
  readonly create?: boolean | undefined;
  readonly busyTimeoutMs?: number | undefined;
};

/**
 * Opens a database and brings it up to date.
 * @throws STORE_MISSING, STORE_EXISTS, STORE_WRONG_NETWORK, STORE_NEWER, STORE_CORRUPT, STORE_LOCKED, STORE_FULL,
 *   STORE_UNREADABLE, MIGRATION_CHANGED, MIGRATION_FAILED
 */
export function openStore(path: string, options: OpenOptions): Store {
  if (options.create === true) createFile(path, options.network);
  if (!existsSync(path)) {
    throw STORE_MISSING(`there is no database at ${path}`, {
      field: "home",
      hint: `custody init --network ${options.network}`,
    });
  }
  const database = connect(path, options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
  try {
    assertOurs(database, path);
    guarded(path, () => assertNetwork(database, path, options.network));
    guarded(path, () => migrate(database, path));
    return { database, path, network: options.network };
  } catch (error) {
    database.close();
    throw storeFailure(error, path);
  }
}

/** Closes the database; the write-ahead log is folded into the file. */
export function closeStore({ database }: Store): void {
  database.close();
}

/** Refuses a file that is not a custody database. */
export function assertOurs(database: Database, path: string): void {
  const found = guarded(path, () => database.pragma("application_id", { simple: true }));
  if (found === APPLICATION_ID) return;
  throw STORE_CORRUPT(`${path} is not a custody database`, {
    field: "database",
    hint: "give the --home that custody init made",
  });
}

/** Refuses another network's database. */
export function assertNetwork(database: Database, path: string, network: Network): void {
  const found = database.prepare<[], string>("SELECT value FROM meta WHERE key = 'network'").pluck().get();
  if (found === network) return;
  throw STORE_WRONG_NETWORK(`database ${path} belongs to ${found ?? "no network"}, not to ${network}`, {
    field: "network",
    hint: `run with --network ${found ?? network}, or with another --home`,
    details: { found: found ?? "", expected: network },
  });
}

// Made whole under another name, then linked: a crash or a full disk leaves no half database, and two at once make one.
function createFile(path: string, network: Network): void {
  if (existsSync(path)) throw exists(path);
  const draft = `${path}.${process.pid}.new`;
  removeDatabase(draft);
  try {
    guarded(path, () => closeSync(openSync(draft, "wx", 0o600)));
    const database = connect(draft, BUSY_TIMEOUT_MS);
    try {
      guarded(path, () => {
        database.pragma(`application_id = ${APPLICATION_ID}`);
        migrate(database, path);
        database.prepare("INSERT INTO meta (key, value) VALUES ('network', ?)").run(network);
      });
    } finally {
      database.close();
    }
    linkNew(draft, path);
  } finally {
    removeDatabase(draft);
  }
}

/** Gives the finished file `draft` its name, durably, unless that name is taken. @throws STORE_EXISTS */
export function linkNew(draft: string, path: string): void {
  guarded(path, () => {
    syncPath(draft);
    try {
      linkSync(draft, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST" || existsSync(path)) throw exists(path);
      // File systems of memory sticks know no links.
      if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
      renameSync(draft, path);
    }
    syncPath(dirname(path));
  });
}

/** Removes a database that was never finished, with its side files. */
export function removeDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${suffix}`, { force: true });
}

function connect(path: string, busyTimeoutMs: number): Database {
  return guarded(path, () => {
    const database = new BetterSqlite3(path, { fileMustExist: true, timeout: busyTimeoutMs });
    try {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = FULL");
      // On macOS fsync alone does not reach the platter.
      database.pragma("fullfsync = ON");
      database.pragma("checkpoint_fullfsync = ON");
      database.pragma("foreign_keys = ON");
      // Without it INSERT OR REPLACE deletes rows behind the back of the triggers that forbid deleting.
      database.pragma("recursive_triggers = ON");
      database.pragma("trusted_schema = OFF");
      database.pragma("cell_size_check = ON");
      database.pragma(`cache_size = -${CACHE_KIB}`);
      database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function syncPath(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function exists(path: string) {
  return STORE_EXISTS(`${path} exists already and is not overwritten`, {
    field: "path",
    hint: "choose another --home, or move the file away",
  });
}
