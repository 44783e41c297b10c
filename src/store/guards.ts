/**
 * What the database refuses by itself, whoever asks: illegal edges (I13), a change without a version step and its
 * audit row (I9), changes to what is append-only. The triggers are made from code, so that they and the table `edge`
 * always say what `src/core/states/edges.ts` says, and a table that a migration rebuilds gets its triggers back.
 */
import type { Database } from "better-sqlite3";
import { APPEND_ONLY, FIXED, NEVER_DELETED, RECORDED, SET_ONCE, STATEFUL, VERSIONED } from "./guard-rules.ts";
import { SPECIAL } from "./special-rules.ts";

/** The rows of table `edge`. */
export function edgeRows(): readonly EdgeRow[] {
  return Object.entries(STATEFUL).flatMap(([entity, { edges }]) =>
    Object.entries<readonly string[]>(edges).flatMap(([from_state, targets]) =>
      targets.map((to_state) => ({ entity, from_state, to_state })),
    ),
  );
}

type EdgeRow = { readonly entity: string; readonly from_state: string; readonly to_state: string };

let made: ReadonlyMap<string, string> | undefined;

/** Every trigger by name. Written once in a process: it is asked for whenever a database is opened. */
export function guards(): ReadonlyMap<string, string> {
  return (made ??= writeGuards());
}

function writeGuards(): ReadonlyMap<string, string> {
  return new Map([
    ...APPEND_ONLY.flatMap((table) => [
      refuse(`${table}_no_update`, `UPDATE ON ${table}`, `${table} is append-only`),
      refuse(`${table}_no_delete`, `DELETE ON ${table}`, `${table} is append-only`),
    ]),
    ...NEVER_DELETED.map((table) =>
      refuse(`${table}_no_delete`, `DELETE ON ${table}`, `${table} rows are never deleted`),
    ),
    ...Object.entries(FIXED).map(([table, columns]) =>
      refuse(
        `${table}_fixed`,
        `UPDATE OF ${columns.join(", ")} ON ${table}`,
        `${table}: this column never changes`,
      ),
    ),
    ...SET_ONCE.map(([table, column]) =>
      refuse(
        `${table}_${column}_once`,
        `UPDATE OF ${column} ON ${table}`,
        `${table}.${column} is set once`,
        `OLD.${column} IS NOT NULL AND NEW.${column} IS NOT OLD.${column}`,
      ),
    ),
    ...Object.entries(STATEFUL).flatMap(([table, { initial }]) => stateGuards(table, initial)),
    ...VERSIONED.flatMap(versionGuards),
    ...RECORDED.map(({ table, entity, id }) =>
      refuse(
        `${table}_audited`,
        `INSERT ON ${table}`,
        `${table}: its audit row is missing`,
        unaudited(entity, id, "1"),
      ),
    ),
    ...SPECIAL.map(([name, on, message, when]) => refuse(name, on, message, when)),
  ]);
}

/** Brings triggers and edges up to date. @returns whether anything had to be written */
export function syncGuards(database: Database): boolean {
  if (guardProblems(database).length === 0) return false;
  for (const name of presentGuards(database).keys())
    database.exec(`DROP TRIGGER "${name.replaceAll('"', '""')}"`);
  for (const sql of guards().values()) database.exec(sql);
  database.exec("DELETE FROM edge");
  const insert = database.prepare<[string, string, string]>(
    "INSERT INTO edge (entity, from_state, to_state) VALUES (?, ?, ?)",
  );
  for (const { entity, from_state, to_state } of edgeRows()) insert.run(entity, from_state, to_state);
  return true;
}

/** What differs between the database's triggers and edges and the code's, in words. */
export function guardProblems(database: Database): readonly string[] {
  const [present, wanted] = [presentGuards(database), guards()];
  const names = [...new Set([...present.keys(), ...wanted.keys()])];
  const triggers = names
    .filter((name) => present.get(name) !== wanted.get(name))
    .map((name) => `trigger ${name} is not as it should be`);
  const stored = database
    .prepare<[], string>("SELECT entity || ' ' || from_state || ' ' || to_state FROM edge")
    .pluck()
    .all();
  const ours = edgeRows().map(({ entity, from_state, to_state }) => `${entity} ${from_state} ${to_state}`);
  const edges = [
    ...stored.filter((edge) => !ours.includes(edge)),
    ...ours.filter((edge) => !stored.includes(edge)),
  ];
  return [...triggers, ...edges.map((edge) => `edge ${edge} is not as it should be`)];
}

function stateGuards(table: string, initial: string): readonly (readonly [string, string])[] {
  return [
    refuse(
      `${table}_initial`,
      `INSERT ON ${table}`,
      `${table}: it begins as ${initial}`,
      `NEW.state <> '${initial}'`,
    ),
    refuse(
      `${table}_edge`,
      `UPDATE OF state ON ${table}`,
      `${table}: illegal edge`,
      `NOT EXISTS (SELECT 1 FROM edge WHERE entity = '${table}' AND from_state = OLD.state AND to_state = NEW.state)`,
    ),
  ];
}

function versionGuards({
  table,
  id,
  columns,
}: (typeof VERSIONED)[number]): readonly (readonly [string, string])[] {
  const missing = unaudited(table, `NEW.${id}`, "NEW.version");
  const update = columns === undefined ? `UPDATE ON ${table}` : `UPDATE OF ${columns} ON ${table}`;
  return [
    refuse(
      `${table}_first_version`,
      `INSERT ON ${table}`,
      `${table}: it begins at version 1`,
      "NEW.version <> 1",
    ),
    refuse(
      `${table}_next_version`,
      update,
      `${table}: its version takes one step`,
      "NEW.version <> OLD.version + 1",
    ),
    refuse(`${table}_insert_audited`, `INSERT ON ${table}`, `${table}: its audit row is missing`, missing),
    refuse(`${table}_update_audited`, update, `${table}: its audit row is missing`, missing),
  ];
}

function unaudited(entity: string, id: string, version: string): string {
  return `NOT EXISTS (SELECT 1 FROM audit_row WHERE entity = '${entity}' AND entity_id = ${id} AND version = ${version})`;
}

function refuse(name: string, on: string, message: string, when?: string): readonly [string, string] {
  const condition = when === undefined ? "" : ` WHEN ${when}`;
  return [
    name,
    `CREATE TRIGGER ${name} BEFORE ${on}${condition} BEGIN SELECT RAISE(ABORT, '${message.replaceAll("'", "''")}'); END`,
  ];
}

function presentGuards(database: Database): ReadonlyMap<string, string> {
  const rows = database
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  return new Map(rows.map(({ name, sql }) => [name, sql]));
}
