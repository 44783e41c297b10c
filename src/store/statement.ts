/** Prepared statements, compiled once for each connection. Writes and reads by key go through here. */
import type { Database, Statement } from "better-sqlite3";
import { guarded } from "./failure.ts";

/** An open connection to read from: the store itself, or a transaction under way. */
export type Reader = { readonly database: Database; readonly path: string };

export type Value = string | number | null | Uint8Array;

type Shape = "rows" | "tuples";
const compiled = {
  rows: new WeakMap<Database, Map<string, Statement<Value[]>>>(),
  tuples: new WeakMap<Database, Map<string, Statement<Value[]>>>(),
};

/** Runs a write. @returns how many rows it changed */
export function run(reader: Reader, sql: string, ...values: readonly Value[]): number {
  return guarded(reader.path, () => prepared(reader, sql).run(...values).changes);
}

/** Inserts a row. @returns its number, where its table numbers rows */
export function insertNumbered(reader: Reader, sql: string, ...values: readonly Value[]): number {
  return guarded(reader.path, () => Number(prepared(reader, sql).run(...values).lastInsertRowid));
}

/** The first row, if there is one. `Row` is what `sql` selects, which its tests show. */
export function get<Row>(reader: Reader, sql: string, ...values: readonly Value[]): Row | undefined {
  return guarded(reader.path, () => prepared(reader, sql).get(...values) as Row | undefined);
}

/** All rows; the caller bounds how many there can be. */
export function all<Row>(reader: Reader, sql: string, ...values: readonly Value[]): Row[] {
  return guarded(reader.path, () => prepared(reader, sql).all(...values) as Row[]);
}

/**
 * Rows as arrays of what `sql` selects, which names each column: for what is read in every request. Naming each value of
 * each row anew is most of the cost of a read of many columns.
 */
export function tuples<Row extends readonly Value[]>(
  reader: Reader,
  sql: string,
  ...values: readonly Value[]
): Row[] {
  return guarded(reader.path, () => prepared(reader, sql, "tuples").all(...values) as unknown as Row[]);
}

/** Rows one by one, for what does not fit in memory. Nothing may be written while it runs. */
export function* each<Row>(reader: Reader, sql: string, ...values: readonly Value[]): Generator<Row> {
  const rows = guarded(reader.path, () => reader.database.prepare<Value[], Row>(sql).iterate(...values));
  try {
    for (;;) {
      const next = guarded(reader.path, () => rows.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    rows.return?.();
  }
}

/** Runs reads that belong together on one snapshot: what other programs commit meanwhile is not seen. */
export function atOnce<T>(reader: Reader, work: () => T): T {
  if (reader.database.inTransaction) return work();
  guarded(reader.path, () => reader.database.exec("BEGIN"));
  try {
    return work();
  } finally {
    reader.database.exec("ROLLBACK");
  }
}

function prepared({ database }: Reader, sql: string, shape: Shape = "rows"): Statement<Value[]> {
  let statements = compiled[shape].get(database);
  if (statements === undefined)
    compiled[shape].set(database, (statements = new Map<string, Statement<Value[]>>()));
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = database.prepare<Value[]>(sql);
    if (shape === "tuples") statement.raw();
    statements.set(sql, statement);
  }
  return statement;
}
