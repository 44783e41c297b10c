/** One row of a file of requests: what it says, or why it says nothing. */
import { declareError, type CustodyError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { RequestText } from "./fields.ts";

export const REQUEST_FILE_MALFORMED = declareError(
  "REQUEST_FILE_MALFORMED",
  "invalid",
  "A file of requests cannot be read from some place on; rows before that place were taken.",
);
export const REQUEST_FILE_TOO_LONG = declareError(
  "REQUEST_FILE_TOO_LONG",
  "invalid",
  "A file of requests has more rows than are taken at once.",
);
export const REQUEST_ROW_MALFORMED = declareError(
  "REQUEST_ROW_MALFORMED",
  "invalid",
  "A row of a file of requests does not have the columns or fields of a request.",
);

/** `line` is where the row begins, counted from 1. */
export type ListedRequest =
  | { readonly line: number; readonly text: RequestText }
  | { readonly line: number; readonly key?: string; readonly error: CustodyError };

/**
 * The file as text. Strictly: two keys that differ in a byte that is no UTF-8 would be read as one key.
 * @throws REQUEST_FILE_MALFORMED
 */
export function requestFileText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw REQUEST_FILE_MALFORMED("the file is not text in UTF-8; nothing of it was taken", {
      field: "file",
      hint: "save it as UTF-8, then give it again",
      cause,
    });
  }
}

/** @throws REQUEST_FILE_TOO_LONG */
export function assertRowCount(count: number): void {
  if (count <= LIMITS.requestFileRowsMax) return;
  throw REQUEST_FILE_TOO_LONG(`the file has more than ${LIMITS.requestFileRowsMax} rows`, {
    field: "file",
    hint: `split -l ${LIMITS.requestFileRowsMax / 2} FILE   (each part of a CSV needs its header)`,
  });
}

/** @returns REQUEST_ROW_MALFORMED, to stand in the place of the row */
export function malformedRow(field: string, why: string): CustodyError {
  return REQUEST_ROW_MALFORMED(`${field}: ${why}`, {
    field,
    hint: "custody withdraw request --help   (shows the columns)",
  });
}
