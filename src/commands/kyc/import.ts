import { counted } from "../../core/count.ts";
import { CustodyError, declareError, type ExitName } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { importReview } from "../../kyc/decide.ts";
import { parseReviewList, type ListedReview } from "../../kyc/review-list.ts";
import { write, type Tx } from "../../store/transaction.ts";
import type { Run } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { drawTable } from "../../terminal/table.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { KYC_PORTS } from "../../home/ports.ts";
import { requireCustomer } from "../customer/find.ts";

export const KYC_LINES_REFUSED = declareError(
  "KYC_LINES_REFUSED",
  "invalid",
  "Some lines of a list of KYC reviews were refused; the others were taken.",
);

/** Lines in one transaction. A writer that waits for its turn gives up after two seconds. */
const LINES_TOGETHER = 500;

/** What is wrong with one line and no other. Everything else (a full disk, a broken tree) ends the whole import. */
const OF_A_LINE: ReadonlySet<ExitName> = new Set(["invalid", "notFound", "conflict", "denied"]);

type Row = {
  readonly line: number;
  readonly ref?: string;
  readonly outcome: "accepted" | "rejected" | "unchanged" | "refused";
  readonly code?: string;
  readonly message?: string;
};

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const bytes = await readInput(call.io, call.args[0] ?? "", LIMITS.kycListBytesMax);
    const list = parseReviewList(bytes);
    const rows: Row[] = [];
    for (let first = 0; first < list.length; first += LINES_TOGETHER) {
      const some = list.slice(first, first + LINES_TOGETHER);
      rows.push(...change(online, (tx) => some.map((entry) => importLine(tx, entry))));
    }
    const refused = rows.filter(({ outcome }) => outcome === "refused").length;
    return {
      data: rows,
      text: drawTable(
        [{ head: "LINE", align: "right" }, { head: "CUSTOMER" }, { head: "OUTCOME" }, { head: "WHY" }],
        rows.map(({ line, ref, outcome, code, message }) => [
          String(line),
          ref ?? "",
          outcome,
          code === undefined ? "" : `${code}: ${message}`,
        ]),
        call.io.stdout,
      ),
      next:
        refused === 0 ? "custody customer list" : "custody kyc import FILE   (with the refused lines mended)",
      failure:
        refused === 0
          ? undefined
          : KYC_LINES_REFUSED(
              `${refused} of ${counted(rows.length, "line")} were refused, the others were taken`,
              {
                field: "file",
                hint: "mend those lines and import the list again: what stands already changes nothing",
              },
            ),
    };
  });

// A savepoint for each line: what a refused one has begun is taken back, and the lines before it stay.
function importLine(tx: Tx, entry: ListedReview): Row {
  const { line, ref } = entry;
  const about = { line, ...(ref === undefined ? {} : { ref }) };
  try {
    if ("error" in entry) throw entry.error;
    const { outcome } = write(tx, tx, (step) =>
      importReview(KYC_PORTS, step, requireCustomer(step, entry.ref), entry.review, step.now),
    );
    return { ...about, outcome };
  } catch (error) {
    if (!(error instanceof CustodyError) || !OF_A_LINE.has(error.exit)) throw error;
    return { ...about, outcome: "refused", code: error.code, message: error.message };
  }
}
