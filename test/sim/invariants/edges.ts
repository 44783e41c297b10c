/**
 * I13, asked of the database itself: whoever steps along an edge that no table has is refused by a trigger, though he writes
 * the audit row first and counts the version up. Tried on a copy of the file, on one row of each table that has states.
 */
import { cpSync, existsSync, rmSync } from "node:fs";
import BetterSqlite3, { type Database } from "better-sqlite3";
import { assert } from "../../../src/core/errors.ts";
import { STATEFUL } from "../../../src/store/guard-rules.ts";
import type { World } from "../world/world.ts";

/** Whether a client is served and an alert is delivered: no money moves by these, and the design names no edges for them. */
const WITHOUT_EDGES: ReadonlySet<string> = new Set(["customer", "delivery"]);

type Column = { readonly name: string; readonly pk: number };

/** @returns illegal edges that were taken */
export function illegalSteps(world: World): readonly string[] {
  const copy = `${world.databaseFile}.probed`;
  for (const suffix of ["", "-wal"])
    if (existsSync(`${world.databaseFile}${suffix}`))
      cpSync(`${world.databaseFile}${suffix}`, `${copy}${suffix}`);
  const database = new BetterSqlite3(copy);
  try {
    return illegalStepsIn(database);
  } finally {
    database.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${copy}${suffix}`, { force: true });
  }
}

/** Every step is taken back. */
export function illegalStepsIn(database: Database): readonly string[] {
  return tablesWithStates(database).flatMap((table) => {
    const rules = (STATEFUL as Readonly<Record<string, { readonly edges: Edges }>>)[table];
    return rules === undefined ? [`table ${table} has states and no edges`] : stepsOf(database, table, rules);
  });
}

type Edges = Readonly<Record<string, readonly string[]>>;

function stepsOf(database: Database, table: string, { edges }: { readonly edges: Edges }): readonly string[] {
  const states = [...new Set([...Object.keys(edges), ...Object.values(edges).flat(), "ELSEWHERE"])];
  const columns = database.pragma(`table_info(${table})`) as Column[];
  const key = columns.find(({ name }) => name === "id") ?? columns.find(({ pk }) => pk === 1);
  assert(key !== undefined, `table ${table} has a key`);
  const versioned = columns.some(({ name }) => name === "version");
  const step = { table, key: key.name, versioned };
  return database
    .prepare<[], Row>(`SELECT max(${key.name}) AS id, state FROM ${table} GROUP BY state`)
    .all()
    .flatMap((row) =>
      states
        .filter((to) => to !== row.state && edges[row.state]?.includes(to) !== true)
        .filter((to) => !isRefused(database, step, row, to))
        .map((to) => `the database lets ${table} go from ${row.state} to ${to}`),
    );
}

type Row = { readonly id: string | number; readonly state: string };
type Step = { readonly table: string; readonly key: string; readonly versioned: boolean };

function isRefused(database: Database, { table, key, versioned }: Step, { id }: Row, to: string): boolean {
  database.exec("BEGIN");
  try {
    if (versioned)
      database
        .prepare(
          "INSERT INTO audit_row (seq, at, actor, operation, entity, entity_id, version, event, leaf)" +
            ` SELECT a.seq + 1, a.at, a.actor, a.operation, ?, t.${key}, t.version + 1, 'probe', a.leaf` +
            ` FROM ${table} AS t, audit_row AS a WHERE t.${key} = ? ORDER BY a.seq DESC LIMIT 1`,
        )
        .run(table, id);
    const counted = versioned ? ", version = version + 1" : "";
    database.prepare(`UPDATE ${table} SET state = ?${counted} WHERE ${key} = ?`).run(to, id);
    return false;
  } catch (error) {
    // Another rule may refuse it first; what no rule refuses is taken.
    return (error as { readonly code?: string }).code === "SQLITE_CONSTRAINT_TRIGGER";
  } finally {
    database.exec("ROLLBACK");
  }
}

function tablesWithStates(database: Database): readonly string[] {
  return database
    .prepare<[], string>(
      "SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c" +
        " WHERE m.type = 'table' AND c.name = 'state' ORDER BY m.name",
    )
    .pluck()
    .all()
    .filter((table) => !WITHOUT_EDGES.has(table));
}
