/**
 * Requests as CSV (RFC 4180): a header, then a row each. Where a row ends is for quotation marks to say, and a customer
 * may have had a hand in a quoted text: a reader that cuts at line ends takes `"a⏎c-2,btc,5,…"` for a payment to c-2. So
 * the file is read by one strict reader, and from a quotation mark in a wrong place on nothing is read at all.
 */
import { CsvError, parse } from "csv-parse/sync";
import { LIMITS } from "../../core/limits.ts";
import { quoted } from "../../core/text.ts";
import { REQUEST_FIELDS, type RequestField, type RequestText } from "./fields.ts";
import { assertRowCount, malformedRow, REQUEST_FILE_MALFORMED, type ListedRequest } from "./listed.ts";

type Broken = Extract<ListedRequest, { readonly error: unknown }>;
type Cells = { readonly line: number; readonly cells: readonly string[] };

/**
 * Reads a file of requests. A row with too few or too many cells stands there as its error and spoils no other.
 * @throws REQUEST_FILE_MALFORMED when there is no header, or one that does not name the columns of a request;
 *   REQUEST_FILE_TOO_LONG
 */
export function parseRequestCsv(text: string): readonly ListedRequest[] {
  const { rows, broken } = readCells(text);
  const [head, ...others] = rows;
  if (head === undefined) throw broken?.error ?? headerError("the file is empty");
  const columns = readHeader(head.cells);
  const listed = others.map((row) => listedRow(columns, row));
  return broken === undefined ? listed : [...listed, broken];
}

// What was read before the reader stopped, and where it did.
function readCells(text: string): { rows: readonly Cells[]; broken?: Broken } {
  const rows: Cells[] = [];
  let last = 0;
  try {
    parse(text, {
      bom: true,
      delimiter: ",",
      quote: '"',
      escape: '"',
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LIMITS.requestRowCharactersMax,
      on_record: (cells: readonly string[], { lines }) => {
        last = lines;
        rows.push({ line: lines - breaksIn(cells), cells });
        assertRowCount(rows.length - 1);
        return null;
      },
    });
    return { rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, broken: { line: last + 1, error: unreadable(last + 1, error) } };
  }
}

function breaksIn(cells: readonly string[]): number {
  return cells.join("").split("\n").length - 1;
}

function readHeader(cells: readonly string[]): readonly RequestField[] {
  const unknown = cells.find((cell) => !REQUEST_FIELDS.some((field) => field === cell));
  if (unknown !== undefined) throw headerError(`there is no column ${quoted(unknown)}`);
  if (new Set(cells).size !== cells.length) throw headerError("a column stands there twice");
  const missing = REQUEST_FIELDS.find((field) => field !== "memo" && !cells.includes(field));
  if (missing !== undefined) throw headerError(`column ${missing} is missing`);
  return cells as readonly RequestField[];
}

function listedRow(columns: readonly RequestField[], { line, cells }: Cells): ListedRequest {
  const key = cells[columns.indexOf("key")];
  if (cells.length !== columns.length) {
    const error = malformedRow("row", `has ${cells.length} cells, the header has ${columns.length}`);
    return { line, ...(key === undefined ? {} : { key }), error };
  }
  return {
    line,
    text: Object.fromEntries(columns.map((name, place) => [name, cells[place]])) as RequestText,
  };
}

function headerError(why: string) {
  return REQUEST_FILE_MALFORMED(`the header cannot be read: ${why}; nothing of the file was taken`, {
    field: "file",
    hint: `the first line is ${REQUEST_FIELDS.join(",")}   (memo may be left out)`,
  });
}

function unreadable(line: number, { code, message }: CsvError) {
  const why =
    code === "CSV_MAX_RECORD_SIZE"
      ? `a row is longer than ${LIMITS.requestRowCharactersMax} characters, or a quotation mark is never closed`
      : code === "CSV_QUOTE_NOT_CLOSED"
        ? "a quotation mark is never closed"
        : code === "CSV_INVALID_CLOSING_QUOTE" || code === "INVALID_OPENING_QUOTE"
          ? "a quotation mark stands where none may"
          : quoted(message);
  return REQUEST_FILE_MALFORMED(`from line ${line} on nothing was read: ${why}`, {
    field: "file",
    hint: "mend that line and give the file again: what stands already changes nothing",
  });
}
