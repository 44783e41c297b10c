import { counted } from "../../core/count.ts";
import { declareError } from "../../core/errors.ts";
import { verifyAudit } from "../../store/audit.ts";
import { databaseProblems, verifyLedger } from "../../store/integrity.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";

export const DATABASE_DAMAGED = declareError(
  "DATABASE_DAMAGED",
  "verification",
  "The database file is damaged, or its guards were taken off.",
);

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const problems = databaseProblems(store);
    if (problems.length > 0) {
      throw DATABASE_DAMAGED(problems[0] ?? "", {
        hint: "stop, keep this file, and restore a backup",
        details: { problems },
      });
    }
    const ledger = verifyLedger(store);
    const { rows, root } = verifyAudit(store);
    return {
      data: { postings: ledger.postings, rows, root },
      text: drawFacts([
        ["file", "whole, with its guards"],
        ["ledger", `${counted(ledger.postings, "posting")} verified`],
        ["audit tree", `${counted(rows, "row")} verified`],
      ]),
    };
  });
