/** What became of each row of a file of requests. */
import { counted } from "../../core/count.ts";
import { CustodyError, type ExitName } from "../../core/errors.ts";
import type { Id } from "../../core/identifier.ts";
import type { WithdrawalState } from "../../core/states/edges.ts";
import type { Requested } from "./request.ts";

/** `known`: the same key asked for the same before; `id` and `state` are of that first request. */
export type ReportRow =
  | {
      readonly line: number;
      readonly key: string;
      readonly outcome: "stored" | "known";
      readonly id: Id;
      readonly state: WithdrawalState;
    }
  | {
      readonly line: number;
      readonly key: string;
      readonly outcome: "refused";
      readonly code: string;
      readonly message: string;
      readonly field?: string;
      readonly hint?: string;
    };

/** `key` is empty where the row could not be read so far. */
type RowPlace = { readonly line: number; readonly key: string };

export function takenRow({ line, key }: RowPlace, { withdrawal, created }: Requested): Judged {
  const { id, state } = withdrawal;
  return { row: { line, key, outcome: created ? "stored" : "known", id, state } };
}

/** A row with what it was refused for. */
export type Judged = { readonly row: ReportRow; readonly error?: CustodyError };

/** Flags are not what the writer of a file has written: `--to` is its column `to`. */
export function refusedRow({ line, key }: RowPlace, error: CustodyError): Judged {
  const { code, message, field, hint } = error;
  const row = {
    line,
    key,
    outcome: "refused",
    code,
    message,
    ...(field === undefined ? {} : { field: field.replace(/^--/, "") }),
    ...(hint === undefined ? {} : { hint }),
  } as const;
  return { row, error };
}

/** Whether an error is about one row and no other. Everything else (a full disk, a session that ended) ends the file. */
export function isOfRow(error: unknown): error is CustodyError {
  return error instanceof CustodyError && OF_A_ROW.has(error.exit) && !OF_THE_HOME.has(error.code);
}

const OF_A_ROW: ReadonlySet<ExitName> = new Set(["usage", "invalid", "notFound", "conflict", "denied"]);
const OF_THE_HOME: ReadonlySet<string> = new Set(["SESSION_MISSING", "SESSION_IDLE", "POLICY_MISSING"]);

export function countOutcomes(rows: readonly ReportRow[]): Readonly<Record<ReportRow["outcome"], number>> {
  const count = { stored: 0, known: 0, refused: 0 };
  for (const { outcome } of rows) count[outcome] += 1;
  return count;
}

/** The first refusal is the file's: its exit code tells a script what kind of trouble to look for. */
export function firstFailure(judged: readonly Judged[]): CustodyError | undefined {
  const refused = judged.filter(({ error }) => error !== undefined);
  const [first] = refused;
  if (first?.error === undefined) return undefined;
  const { code, exit, message, field, hint } = first.error;
  const others = refused.length === 1 ? "" : `; ${counted(refused.length - 1, "other row")} refused too`;
  return new CustodyError(code, exit, `line ${first.row.line}: ${message}${others}`, {
    ...(field === undefined ? {} : { field: field.replace(/^--/, "") }),
    ...(hint === undefined ? {} : { hint }),
    details: { line: first.row.line, refused: refused.length },
  });
}
