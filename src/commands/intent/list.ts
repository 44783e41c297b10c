import { formatAmount } from "../../core/amount.ts";
import { MOVEMENT_EDGES, type MovementState } from "../../core/states/edges.ts";
import { listMovements } from "../../store/treasury.ts";
import { FLAG_MALFORMED, optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { pageOf } from "../page.ts";
import { describe } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const state = stateOf(optionalFlag(call.flags, "state"));
    const page = pageOf(call.flags);
    const found = listMovements(store, { state }, page);
    const last = found[found.length - 1];
    return {
      data: found.map(describe),
      text: drawTable(
        [
          { head: "INTENT" },
          { head: "STATE" },
          { head: "TYPE" },
          { head: "FROM" },
          { head: "TO" },
          { head: "AMOUNT", align: "right" },
        ],
        found.map(({ id, state: at, type, wallet, destination, asset, units }) => [
          id,
          at,
          type,
          wallet,
          destination ?? "itself",
          formatAmount({ asset, units }),
        ]),
        call.io.stdout,
      ),
      next:
        last === undefined || found.length < page.limit
          ? undefined
          : `custody intent list --after ${last.id}`,
    };
  });

function stateOf(text: string | undefined): MovementState | undefined {
  if (text === undefined) return undefined;
  if (Object.hasOwn(MOVEMENT_EDGES, text)) return text as MovementState;
  throw FLAG_MALFORMED(`--state ${JSON.stringify(text)} is no state`, {
    field: "--state",
    hint: `one of ${Object.keys(MOVEMENT_EDGES).join(", ")}`,
  });
}
