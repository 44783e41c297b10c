/** The report by row of a file of requests: as a table, as JSON, and as a file of its own. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { utf8 } from "../../core/hex.ts";
import { shellWord } from "../../core/shell-word.ts";
import { FLAG_MALFORMED, optionalFlag, switchedOn, type Call, type Outcome } from "../../terminal/command.ts";
import { FILE_EXISTS, writeOutput } from "../../terminal/files.ts";
import { drawTable } from "../../terminal/table.ts";
import { countOutcomes, firstFailure, type Judged, type ReportRow } from "../../withdrawals/intake/report.ts";

export function reportOutcome(call: Call, path: string, judged: readonly Judged[]): Outcome {
  const rows = judged.map(({ row }) => row);
  const count = countOutcomes(rows);
  const table = call.io.stdout.isTTY ? drawApart(call, rows) : drawRows(call, rows, "WITHDRAWAL");
  return {
    data: { ...count, rows: rows.map((row) => ({ ...row })) },
    text: `${table}stored ${count.stored}, known ${count.known}, refused ${count.refused}\n`,
    next:
      count.refused === 0
        ? "custody withdraw queue --state PENDING_APPROVAL"
        : `custody withdraw request --file ${shellWord(path)}   (again, with the refused rows mended)`,
    failure: firstFailure(judged),
  };
}

// To a person the refused rows come last, where the screen stands still, and their reasons break no other row in two.
function drawApart(call: Call, rows: readonly ReportRow[]): string {
  const refused = rows.filter(({ outcome }) => outcome === "refused");
  const taken = rows.filter(({ outcome }) => outcome !== "refused");
  return [
    ...(taken.length === 0 ? [] : [drawRows(call, taken, "WITHDRAWAL")]),
    ...(refused.length === 0 ? [] : [drawRows(call, refused, "WHY")]),
    "",
  ].join("\n");
}

function drawRows({ io, dryRun }: Call, rows: readonly ReportRow[], last: string): string {
  return drawTable(
    [{ head: "LINE", align: "right" }, { head: "OUTCOME" }, { head: "KEY" }, { head: last }],
    rows.map((row) => [String(row.line), row.outcome, row.key, lastCell(row, dryRun)]),
    io.stdout,
  );
}

function lastCell(row: ReportRow, dryRun: boolean): string {
  if (row.outcome === "refused") return `${row.code}: ${row.message}`;
  // The id that a rehearsed row was given is never given again: whoever noted it would look for it in vain.
  return dryRun && row.outcome === "stored" ? "none yet: dry run" : row.id;
}

/**
 * Looks whether the report can be written before anything is stored: it is missed most after a long file.
 * @throws FILE_EXISTS, FLAG_MALFORMED
 */
export function assertReportFree({ io, flags }: Call): void {
  const path = optionalFlag(flags, "report");
  if (path === undefined) return;
  if (path === "-") {
    throw FLAG_MALFORMED("--report is a file: stdout has the answer", {
      field: "--report",
      hint: "add --json for the same report on stdout",
    });
  }
  if (switchedOn(flags, "force") || !existsSync(resolve(io.cwd, path))) return;
  throw FILE_EXISTS(`${path} already exists`, {
    field: "--report",
    hint: "choose another --report, or add --force to replace it",
  });
}

/** Writes the report as JSON Lines where `--report` asks for it. @throws FILE_EXISTS, FILE_UNUSABLE */
export function writeReport({ io, flags }: Call, rows: readonly ReportRow[]): void {
  const path = optionalFlag(flags, "report");
  if (path === undefined) return;
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeOutput(io, path, utf8(lines), { force: switchedOn(flags, "force") });
}
