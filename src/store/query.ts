/**
 * Typed queries for lists. Kysely only writes the SQL: its own drivers are asynchronous, and a read that waits inside
 * a transaction would let another caller's statements slip into it. So the text runs on our connection, at once.
 */
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
} from "kysely";
import { LIMITS } from "../core/limits.ts";
import { declareError } from "../core/errors.ts";
import type { Schema } from "./schema.ts";
import { all, type Reader, type Value } from "./statement.ts";

export const PAGE_MALFORMED = declareError(
  "PAGE_MALFORMED",
  "invalid",
  "A page of a list asks for too many rows, or continues after an unknown one.",
);

/** A page of a list: at most `limit` rows, after the row with the key `after` if one is given. */
export type Page<Key> = { readonly limit: number; readonly after?: Key | undefined };

export const from = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Runs a query that Kysely has typed. */
export function rows<Row>(reader: Reader, query: Compilable<Row>): Row[] {
  const { sql, parameters } = query.compile();
  return all<Row>(reader, sql, ...(parameters as readonly Value[]));
}

/** A page's limit, checked. @throws PAGE_MALFORMED */
export function pageLimit({ limit }: { readonly limit: number }): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMITS.pageRowsMax) return limit;
  throw PAGE_MALFORMED(`a page has 1 to ${LIMITS.pageRowsMax} rows, not ${limit}`, {
    field: "limit",
    hint: "--limit 100",
  });
}

/** The place from which a page continues. @throws PAGE_MALFORMED when `after` names nothing */
export function placeAfter(
  reader: Reader,
  table: "withdrawal" | "movement" | "plan" | "customer",
  after: string | undefined,
): number {
  if (after === undefined) return 0;
  const [row] = rows(
    reader,
    from
      .selectFrom(table)
      .select("seq")
      .where("id", "=", after as never),
  );
  if (row !== undefined) return row.seq;
  throw PAGE_MALFORMED(`there is no ${table} ${after} to continue after`, {
    field: "after",
    hint: "start with the first page",
  });
}
