import { cpSync, appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { DEPOSIT_EDGES } from "../../../src/core/states/deposit.ts";
import { EDGES } from "../../../src/core/states/edges.ts";
import { closeStore, openStore } from "../../../src/store/database.ts";
import { HOLD_EDGES } from "../../../src/core/states/holds.ts";
import { LETTER_EDGES } from "../../../src/core/states/letters.ts";
import { guardProblems, guards } from "../../../src/store/guards.ts";
import { databaseProblems } from "../../../src/store/integrity.ts";
import { MIGRATION_CHANGED, MIGRATION_FAILED, migrate, migrations } from "../../../src/store/migrate.ts";
import { another, scratch } from "./scratch.ts";

const SOURCE = join(import.meta.dirname, "../../../src/store/migrations");

const LAST = migrations().length;

/** A copy of the migrations with one more. */
function withAnother(folder: string, files: { up: string; before?: string; after?: string }) {
  const copy = join(folder, "migrations");
  cpSync(SOURCE, copy, { recursive: true });
  const more = join(copy, `${String(LAST + 1).padStart(4, "0")}-more`);
  mkdirSync(more);
  writeFileSync(join(more, "note.md"), "# more\n");
  for (const [name, text] of Object.entries({ before: "", after: "", ...files }))
    writeFileSync(join(more, `${name}.sql`), text);
  return migrations(copy);
}

describe("migrations", () => {
  test("each has a number, a note and assertions of its own for before and after", () => {
    for (const { name, before, after } of migrations()) {
      expect(before.length, name).toBeGreaterThan(0);
      expect(after.length, name).toBeGreaterThan(0);
    }
  });

  test("an assertion that returns a row takes the migration back", () => {
    const { store, folder } = scratch();
    const bad = withAnother(folder, {
      up: "CREATE TABLE more (a TEXT) STRICT;",
      after: "SELECT 'because' AS why;",
    });
    expect(() => migrate(store.database, store.path, bad)).toThrow(
      expect.objectContaining({ code: MIGRATION_FAILED.code }),
    );
    expect(store.database.pragma("user_version", { simple: true })).toBe(LAST);
    expect(
      store.database.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").get(),
    ).toBeUndefined();

    const good = withAnother(folder + "/twin", {
      up: "CREATE TABLE more (a TEXT) STRICT;",
      before: "SELECT 1 WHERE 0;\n",
      after: "SELECT a FROM more;",
    });
    migrate(store.database, store.path, good);
    expect(store.database.pragma("user_version", { simple: true })).toBe(LAST + 1);
  });

  test("a migration that fails half way leaves nothing behind", () => {
    const { store, folder } = scratch();
    const broken = withAnother(folder, {
      up: "CREATE TABLE more (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);",
    });
    expect(() => migrate(store.database, store.path, broken)).toThrow(/no such table/);
    expect(
      store.database.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").get(),
    ).toBeUndefined();
    expect(databaseProblems(store)).toEqual([]);
  });

  test("a migration that was edited after it ran is refused, an edited note is not", () => {
    const { store, folder } = scratch();
    const copy = join(folder, "edited");
    cpSync(SOURCE, copy, { recursive: true });
    appendFileSync(join(copy, "0001-begin/note.md"), "More words.\n");
    migrate(store.database, store.path, migrations(copy));
    appendFileSync(join(copy, "0001-begin/up.sql"), "-- one more line\n");
    expect(() => migrate(store.database, store.path, migrations(copy))).toThrow(
      expect.objectContaining({ code: MIGRATION_CHANGED.code }),
    );
  });

  test("a table that a migration rebuilds gets its triggers back", () => {
    const { store, folder } = scratch();
    const rebuild = withAnother(folder, {
      up: "ALTER TABLE chain_cursor ADD COLUMN note TEXT; DROP TABLE receipt; CREATE TABLE receipt (request TEXT PRIMARY KEY, receipt TEXT NOT NULL) STRICT;",
    });
    migrate(store.database, store.path, rebuild);
    expect(guardProblems(store.database)).toEqual([]);
  });

  test("the table of edges is the frozen table of edges", () => {
    const { store } = scratch();
    const stored = store.database
      .prepare<[], string>("SELECT entity || ' ' || from_state || ' ' || to_state FROM edge ORDER BY 1")
      .pluck()
      .all();
    const ours = Object.entries({
      ...EDGES,
      hold: HOLD_EDGES,
      dead_letter: LETTER_EDGES,
      deposit: DEPOSIT_EDGES,
    }).flatMap(([entity, edges]) =>
      Object.entries(edges).flatMap(([from, targets]) =>
        (targets as readonly string[]).map((to) => `${entity} ${from} ${to}`),
      ),
    );
    expect(stored).toEqual(ours.sort());
  });

  test("missing triggers and foreign edges are found, and put right when the database is opened", () => {
    const { store, path } = scratch();
    store.database.exec(
      "DROP TRIGGER audit_row_no_update; INSERT INTO edge VALUES ('withdrawal', 'REJECTED', 'READY')",
    );
    store.database.exec("CREATE TRIGGER planted AFTER INSERT ON deposit BEGIN DELETE FROM lease; END");
    expect(databaseProblems(store)).toHaveLength(3);
    expect(databaseProblems(another(path))).toEqual([]);
    expect(guards().size).toBeGreaterThan(50);
  });

  test("opening again changes nothing", () => {
    const { path } = scratch();
    const before = new BetterSqlite3(path, { readonly: true });
    const changes = before.pragma("data_version", { simple: true });
    closeStore(openStore(path, { network: "regtest" }));
    expect(before.pragma("data_version", { simple: true })).toBe(changes);
    before.close();
  });
});
