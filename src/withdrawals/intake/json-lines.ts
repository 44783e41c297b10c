/** Requests as JSON Lines: an object of strings on each line, with the fields of a request and no other. */
import * as z from "zod";
import { CustodyError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { repeatedMember } from "../../core/repeated-member.ts";
import { excerpt } from "../../core/text.ts";
import type { RequestText } from "./fields.ts";
import { assertRowCount, malformedRow, type ListedRequest } from "./listed.ts";

const rowSchema = z.strictObject({
  customer: z.string(),
  asset: z.string(),
  amount: z.string(),
  to: z.string(),
  key: z.string(),
  memo: z.string().optional(),
});

/**
 * Reads a file of requests. A JSON text cannot hold a bare line end, so a line that cannot be read spoils no other.
 * @throws REQUEST_FILE_TOO_LONG
 */
export function parseRequestLines(text: string): readonly ListedRequest[] {
  const lines = text.split("\n", LIMITS.requestFileRowsMax + 2);
  const filled = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [{ line: index + 1, text: line }],
  );
  // Of more lines the rest was not even split: a row behind a hundred thousand empty ones would be lost without a word.
  assertRowCount(Math.max(filled.length, lines.length - 1));
  return filled.map(({ line, text }) => listed(line, text));
}

function listed(line: number, text: string): ListedRequest {
  try {
    return { line, text: readLine(text) };
  } catch (error) {
    if (error instanceof CustodyError) return { line, error };
    throw error;
  }
}

function readLine(text: string): RequestText {
  if (text.length > LIMITS.requestRowCharactersMax)
    throw malformedRow("row", `has more than ${LIMITS.requestRowCharactersMax} characters`);
  const read = rowSchema.safeParse(jsonOf(text));
  if (!read.success) {
    const { path, message } = read.error.issues[0] ?? { path: [], message: "cannot be read" };
    throw malformedRow(path.length === 0 ? "row" : path.map(String).join("."), excerpt(message));
  }
  // Of a field that is written twice one reader sees one amount, the other another, under one key.
  if (repeatedMember(text) !== undefined) throw malformedRow("row", "names a field twice");
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedRow("row", "is not JSON");
    throw error;
  }
}
