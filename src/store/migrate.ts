/**
 * Numbered migrations, forward only. Each is a folder: `up.sql`, a note, and assertions for before and after that must
 * return no rows. What has run is recorded with its checksum, so that an edited migration is noticed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Database } from "better-sqlite3";
import { sha256, type Digest } from "../core/digest.ts";
import { assert, declareError } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import { guardProblems, syncGuards } from "./guards.ts";

export const STORE_NEWER = declareError(
  "STORE_NEWER",
  "local",
  "A database was written by a newer version of this program.",
);
export const MIGRATION_CHANGED = declareError(
  "MIGRATION_CHANGED",
  "verification",
  "A migration that has run differs from the one in this program.",
);
export const MIGRATION_FAILED = declareError(
  "MIGRATION_FAILED",
  "verification",
  "A migration's own assertions do not hold; it was taken back.",
);

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly up: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly checksum: Digest;
};

/** Beside this file, and beside the bundle that it is built into: the build copies the folder to `dist/migrations`. */
const FOLDER = fileURLToPath(new URL("./migrations/", import.meta.url));

let own: readonly Migration[] | undefined;

/** This program's migrations in order. Its own folder is read once in a process: no release changes under one that runs. */
export function migrations(folder?: string): readonly Migration[] {
  return folder === undefined ? (own ??= readMigrations(FOLDER)) : readMigrations(folder);
}

function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+$/.test(name))
    .sort();
  assert(names.length > 0, `no migrations in ${folder}`);
  return names.map((name, index) => {
    assert(
      name.startsWith(String(index + 1).padStart(4, "0")),
      `migration ${name} is not number ${index + 1}`,
    );
    const read = (file: string) => readFileSync(`${folder}/${name}/${file}`, "utf8");
    assert(existsSync(`${folder}/${name}/note.md`), `migration ${name} has no note`);
    const up = read("up.sql");
    const checksum = toHex(sha256(Buffer.from(up))) as Digest;
    return {
      number: index + 1,
      name,
      up,
      before: assertions(read("before.sql")),
      after: assertions(read("after.sql")),
      checksum,
    };
  });
}

/**
 * Brings the database up to date: pending migrations, triggers, edges. Does not write when nothing is pending.
 * @throws STORE_NEWER, MIGRATION_CHANGED, MIGRATION_FAILED; a failure leaves the database as it was
 */
export function migrate(database: Database, path: string, all: readonly Migration[] = migrations()): void {
  const version = userVersion(database);
  assertKnown(database, path, version, all);
  if (version === all.length && guardProblems(database).length === 0) return;
  database
    .transaction(() => {
      // Another process may have migrated while this one waited for the lock.
      for (const migration of all.slice(userVersion(database))) runMigration(database, migration);
      syncGuards(database);
    })
    .immediate();
}

function userVersion(database: Database): number {
  return database.pragma("user_version", { simple: true }) as number;
}

function assertKnown(database: Database, path: string, version: number, all: readonly Migration[]): void {
  if (version > all.length) {
    throw STORE_NEWER(`database ${path} has version ${version}, this program knows ${all.length}`, {
      field: "database",
      hint: "run the newer program that wrote it; custody --version",
      details: { version, known: all.length },
    });
  }
  if (version === 0) return;
  const ran = database
    .prepare<[], { number: number; checksum: string }>(
      "SELECT number, checksum FROM migration ORDER BY number",
    )
    .all();
  for (const [index, { name, checksum }] of all.slice(0, version).entries()) {
    if (ran[index]?.number === index + 1 && ran[index].checksum === checksum) continue;
    throw MIGRATION_CHANGED(`migration ${name} is not the one that made database ${path}`, {
      field: `migrations/${name}/up.sql`,
      hint: "run the released program that made the database; a migration that has run is never edited",
    });
  }
}

function runMigration(database: Database, { number, name, up, before, after, checksum }: Migration): void {
  if (number === 1) {
    database.exec(
      "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied TEXT NOT NULL) STRICT",
    );
  }
  assertNoRows(database, name, "before", before);
  database.exec(up);
  assertNoRows(database, name, "after", after);
  database
    .prepare(
      "INSERT INTO migration (number, name, checksum, applied) VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
    )
    .run(number, name, checksum);
  database.pragma(`user_version = ${number}`);
}

function assertNoRows(
  database: Database,
  name: string,
  when: "before" | "after",
  queries: readonly string[],
): void {
  for (const query of queries) {
    const row = database.prepare<[], Record<string, unknown>>(query).get();
    if (row === undefined) continue;
    throw MIGRATION_FAILED(
      `migration ${name}: an assertion ${when} it does not hold: ${JSON.stringify(row)}`,
      {
        field: `migrations/${name}/${when}.sql`,
        hint: "custody db check; the database is as it was",
      },
    );
  }
}

// One SELECT each, ended by a semicolon at the end of a line.
function assertions(text: string): readonly string[] {
  return text
    .replace(/^--.*$/gm, "")
    .split(/;\s*$/m)
    .map((query) => query.trim())
    .filter((query) => query !== "");
}
