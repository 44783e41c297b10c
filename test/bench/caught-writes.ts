/** Every row that our code writes, caught on its way to SQLite, to be written again by nothing but prepared statements. */
import BetterSqlite3, { type Database, type Statement } from "better-sqlite3";
import { performance } from "node:perf_hooks";
import type { Store } from "../../src/store/database.ts";

type Value = string | number | null | Uint8Array;
type Write = { readonly sql: string; readonly values: readonly Value[] };

/** Batches in order: what was committed together. */
export type Caught = { readonly batches: readonly (readonly Write[])[]; stop(): void };

/** Watches the store's connection until `stop`. Savepoints are ours and not among the writes. */
export function writesOf(store: Store): Caught {
  const { database } = store;
  const batches: Write[][] = [];
  let batch: Write[] = [];
  watchers.set(database, (write) => batch.push(write));
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    const answer = exec(sql);
    if (sql === "COMMIT") {
      batches.push(batch);
      batch = [];
    }
    return answer;
  };
  watchStatements(database);
  return {
    batches,
    stop: () => {
      watchers.delete(database);
      database.exec = exec;
    },
  };
}

const watchers = new WeakMap<Database, (write: Write) => void>();

// Statements are prepared once for a connection, most of them before anybody watches: their class is what is watched.
let watched = false;
function watchStatements(database: Database): void {
  if (watched) return;
  watched = true;
  const shape = Object.getPrototypeOf(database.prepare("SELECT 1")) as Statement<Value[]>;
  const run = Reflect.get(shape, "run") as (this: Statement<Value[]>, ...values: Value[]) => unknown;
  shape.run = function (this: Statement<Value[]>, ...values: Value[]) {
    watchers.get(this.database)?.({ sql: this.source, values });
    return run.apply(this, values);
  } as typeof shape.run;
}

const SIZES = ["cache_size", "wal_autocheckpoint", "cell_size_check"];

/** A copy of the store's file as it is now, opened with the same pragmas and nothing of ours around it. */
export function copyOf(
  store: Store,
  path: string,
  { withoutTriggers = false }: { readonly withoutTriggers?: boolean } = {},
): Database {
  store.database.exec(`VACUUM INTO '${path}'`);
  const copy = new BetterSqlite3(path);
  for (const pragma of ["journal_mode", "synchronous", "foreign_keys", "recursive_triggers", ...SIZES])
    copy.pragma(`${pragma} = ${String(store.database.pragma(pragma, { simple: true }))}`);
  if (withoutTriggers) {
    const names = copy
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
      .pluck()
      .all();
    for (const name of names) copy.exec(`DROP TRIGGER "${name}"`);
  }
  return copy;
}

/** Writes the rows again, then closes `copy`. @returns milliseconds */
export function replay(copy: Database, { batches }: Caught): number {
  const statements = new Map<string, Statement<Value[]>>();
  for (const { sql } of batches.flat())
    if (!statements.has(sql)) statements.set(sql, copy.prepare<Value[]>(sql));
  const begin = performance.now();
  for (const batch of batches) {
    copy.exec("BEGIN IMMEDIATE");
    for (const { sql, values } of batch) (statements.get(sql) as Statement<Value[]>).run(...values);
    copy.exec("COMMIT");
  }
  const took = performance.now() - begin;
  copy.close();
  return took;
}
