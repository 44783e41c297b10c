/** Lists, a page at a time: what each of them asks for, put together with the limit that a page has (ADR 28). */
import { LIMITS } from "../core/limits.ts";
import { declareError } from "../core/errors.ts";
import { all, get, type Reader, type Value } from "./statement.ts";

export const PAGE_MALFORMED = declareError(
  "PAGE_MALFORMED",
  "invalid",
  "A page of a list asks for too many rows, or continues after an unknown one.",
);

/** A page of a list: at most `limit` rows, after the row with the key `after` if one is given. */
export type Page<Key> = { readonly limit: number; readonly after?: Key | undefined };

/** SQL that a row must fulfil, written in the code alone, and what its question marks stand for. */
export type Condition = { readonly sql: string; readonly values: readonly Value[] };

/** A column against a value; undefined, and so no condition, where a filter gives none. */
export function where(
  column: string,
  relation: "=" | ">" | ">=" | "<",
  value: Value | undefined,
): Condition | undefined {
  return value === undefined ? undefined : { sql: `${column} ${relation} ?`, values: [value] };
}

/**
 * The rows of a page.
 * @param list what is read, up to WHERE, and the columns that the rows stand in the order of
 * @throws PAGE_MALFORMED
 */
export function pageOf<Row>(
  reader: Reader,
  list: { readonly select: string; readonly order: string },
  conditions: readonly (Condition | undefined)[],
  page: { readonly limit: number },
): Row[] {
  const held = conditions.filter((one) => one !== undefined);
  const kept = held.length === 0 ? "" : ` WHERE ${held.map(({ sql }) => sql).join(" AND ")}`;
  const values = held.flatMap((one) => one.values);
  return all<Row>(reader, `${list.select}${kept} ORDER BY ${list.order} LIMIT ?`, ...values, pageLimit(page));
}

/** The place from which a page continues. @throws PAGE_MALFORMED when `after` names nothing */
export function placeAfter(
  reader: Reader,
  table: "withdrawal" | "movement" | "plan" | "customer",
  after: string | undefined,
): number {
  if (after === undefined) return 0;
  const row = get<{ seq: number }>(reader, `SELECT seq FROM ${table} WHERE id = ?`, after);
  if (row !== undefined) return row.seq;
  throw PAGE_MALFORMED(`there is no ${table} ${after} to continue after`, {
    field: "after",
    hint: "start with the first page",
  });
}

/** A page's limit, checked. @throws PAGE_MALFORMED */
export function pageLimit({ limit }: { readonly limit: number }): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMITS.pageRowsMax) return limit;
  throw PAGE_MALFORMED(`a page has 1 to ${LIMITS.pageRowsMax} rows, not ${limit}`, {
    field: "limit",
    hint: "--limit 100",
  });
}
