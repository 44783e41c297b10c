import { formatDecimal } from "../../core/amount.ts";
import { splitAccount } from "../../core/account.ts";
import { declareError } from "../../core/errors.ts";
import { seconds } from "../../core/instant.ts";
import { EDGES, type WithdrawalState } from "../../core/states/edges.ts";
import { listWithdrawals } from "../../store/withdrawals.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { pageOf } from "../page.ts";
import { describe } from "./draw.ts";

export const STATE_UNKNOWN = declareError("STATE_UNKNOWN", "usage", "There is no state with this name.");

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const page = pageOf(call.flags);
    const found = listWithdrawals(store, { state: readState(optionalFlag(call.flags, "state")) }, page);
    const now = seconds(call.io.now());
    const last = found[found.length - 1];
    return {
      data: found.map(describe),
      text: drawTable(
        [
          { head: "STATE" },
          { head: "AGE", align: "right" },
          { head: "AMOUNT", align: "right" },
          { head: "ID" },
          { head: "TO" },
        ],
        found.map(({ id, state, amount, account, created }) => [
          state,
          age(now - seconds(created)),
          formatDecimal(amount),
          id,
          splitAccount(account).address,
        ]),
        call.io.stdout,
      ),
      next:
        found.length === page.limit && last !== undefined
          ? `custody withdraw queue --after ${last.id}`
          : undefined,
    };
  });

function readState(text: string | undefined): WithdrawalState | undefined {
  if (text === undefined) return undefined;
  const state = text.toUpperCase();
  if (state in EDGES.withdrawal) return state as WithdrawalState;
  throw STATE_UNKNOWN(`there is no state ${JSON.stringify(text)}`, {
    field: "--state",
    hint: Object.keys(EDGES.withdrawal).join(" | "),
  });
}

/** A span in its largest unit: `5m`, `3h`, `2d`. */
function age(span: number): string {
  if (span < 60) return `${span}s`;
  if (span < 3600) return `${Math.floor(span / 60)}m`;
  return span < 86400 ? `${Math.floor(span / 3600)}h` : `${Math.floor(span / 86400)}d`;
}
