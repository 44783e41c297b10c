/** `custody withdraw request --file`: a file of requests, each stored or refused by itself. */
import { counted } from "../../core/count.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { openIntake, type Intake } from "../../home/intake.ts";
import { change, newId, requirePolicy, requireSession, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { write } from "../../store/transaction.ts";
import { optionalFlag, type Call, type Outcome } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { parseRequestCsv } from "../../withdrawals/intake/csv.ts";
import { readRequest } from "../../withdrawals/intake/fields.ts";
import { parseRequestLines } from "../../withdrawals/intake/json-lines.ts";
import { requestFileText, type ListedRequest } from "../../withdrawals/intake/listed.ts";
import { isOfRow, refusedRow, takenRow, type Judged } from "../../withdrawals/intake/report.ts";
import { requestWithdrawal, type WithdrawalRequest } from "../../withdrawals/intake/request.ts";
import { assertReportFree, reportOutcome, writeReport } from "./request-report.ts";

export const REQUEST_FORMAT_UNKNOWN = declareError(
  "REQUEST_FORMAT_UNKNOWN",
  "usage",
  "A file of requests is neither named .csv or .jsonl nor is its format given.",
);

/** Rows that are under way together: some groups, so that the next is full when one is committed. */
const ROWS_TOGETHER = 1000;

/**
 * Takes a file of requests.
 * @throws REQUEST_FORMAT_UNKNOWN, FILE_TOO_LARGE, REQUEST_FILE_MALFORMED, REQUEST_FILE_TOO_LONG, FILE_EXISTS, QUARANTINED
 */
export async function requestFile(online: Online, path: string): Promise<Outcome> {
  const { call } = online;
  requireSession(online);
  requirePolicy(online);
  assertReportFree(call);
  const parse = formatOf(call, path) === "csv" ? parseRequestCsv : parseRequestLines;
  const listed = parse(requestFileText(await readInput(call.io, path, LIMITS.requestFileBytesMax, "--file")));
  const judged = call.dryRun ? tryAll(online, listed) : await takeAll(online, listed);
  writeReport(
    call,
    judged.map(({ row }) => row),
  );
  const outcome = reportOutcome(call, path, judged);
  return call.dryRun && listed.length > LIMITS.dryRunRowsMax ? { ...outcome, warnings: [IN_PARTS] } : outcome;
}

async function takeAll(online: Online, listed: readonly ListedRequest[]): Promise<readonly Judged[]> {
  const { stderr } = online.call.io;
  const policy = requirePolicy(online);
  const intake = openIntake(online);
  const judged: Judged[] = [];
  try {
    for (let first = 0; first < listed.length; first += ROWS_TOGETHER) {
      const some = listed.slice(first, first + ROWS_TOGETHER);
      judged.push(...(await Promise.all(some.map((row) => take(policy, row, intake)))));
      if (stderr.isTTY && listed.length > ROWS_TOGETHER)
        stderr.write(`${judged.length} of ${counted(listed.length, "row")}\n`);
    }
    return judged;
  } finally {
    await intake.close();
  }
}

async function take(policy: PolicyDocument, listed: ListedRequest, intake: Intake): Promise<Judged> {
  try {
    return takenRow(placeOf(listed), await intake.request(requestOf(policy, listed)));
  } catch (error) {
    return refusal(listed, error);
  }
}

const IN_PARTS = `dry run: nothing was changed; every ${LIMITS.dryRunRowsMax} rows were judged without the rows before them`;

// In one transaction that is taken back, so that a row is judged with what the rows before it hold and the keys that they
// use. Nobody else can write meanwhile, so a very long file is judged part by part.
function tryAll(online: Online, listed: readonly ListedRequest[]): readonly Judged[] {
  const policy = requirePolicy(online);
  const { operator: requester } = requireSession(online);
  const judged: Judged[] = [];
  for (let first = 0; first < listed.length; first += LIMITS.dryRunRowsMax) {
    const some = listed.slice(first, first + LIMITS.dryRunRowsMax);
    const tried = change(online, (tx, operation) =>
      some.map((row): Judged => {
        try {
          const request = requestOf(policy, row);
          const about = { policy, requester, now: tx.now, operation, id: newId(online) };
          return takenRow(
            placeOf(row),
            write(tx, tx, (step) => requestWithdrawal(PORTS, step, request, about)),
          );
        } catch (error) {
          return refusal(row, error);
        }
      }),
    );
    judged.push(...tried);
  }
  return judged;
}

function requestOf({ body }: PolicyDocument, listed: ListedRequest): WithdrawalRequest {
  if ("error" in listed) throw listed.error;
  return readRequest(listed.text, body, (field) => field);
}

function placeOf(listed: ListedRequest) {
  return { line: listed.line, key: "text" in listed ? listed.text.key : (listed.key ?? "") };
}

function refusal(listed: ListedRequest, error: unknown): Judged {
  if (!isOfRow(error)) throw error;
  return refusedRow(placeOf(listed), error);
}

function formatOf({ flags }: Call, path: string): "csv" | "jsonl" {
  const format = optionalFlag(flags, "format") ?? /\.(csv|jsonl)$/i.exec(path)?.[1]?.toLowerCase();
  if (format === "csv" || format === "jsonl") return format;
  throw REQUEST_FORMAT_UNKNOWN(`the format of ${path} is not known`, {
    field: "--format",
    hint: "add --format csv, or --format jsonl",
  });
}
