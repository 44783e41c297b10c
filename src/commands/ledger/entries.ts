import { formatDecimal } from "../../core/amount.ts";
import { listPostings } from "../../store/postings.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { pageOf } from "../page.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const postings = listPostings(
      store,
      { account: optionalFlag(call.flags, "account") },
      { limit: pageOf(call.flags).limit },
    );
    return {
      data: postings.map(({ seq, reason, subject, operation, at, entries }) => ({
        seq,
        reason,
        subject,
        operation,
        at,
        entries: entries.map(({ account, side, asset, units }) => ({
          account,
          side,
          asset,
          units: units.toString(),
        })),
      })),
      text: drawTable(
        [
          { head: "TIME" },
          { head: "REASON" },
          { head: "ACCOUNT" },
          { head: "DEBIT", align: "right" },
          { head: "CREDIT", align: "right" },
        ],
        postings.flatMap(({ at, reason, entries }) =>
          entries.map(({ account, side, asset, units }) => {
            const text = formatDecimal({ asset, units });
            return [at, reason, account, side === "debit" ? text : "", side === "credit" ? text : ""];
          }),
        ),
        call.io.stdout,
      ),
    };
  });
