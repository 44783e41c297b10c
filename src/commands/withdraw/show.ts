import type { JsonObject } from "../../core/canonical.ts";
import { parseId } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import { attemptsOf } from "../../store/attempts.ts";
import { listAuditRows } from "../../store/audit.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** One withdrawal and its timeline, from the audit rows. */
export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const withdrawal = getWithdrawal(store, parseId(call.args[0] ?? "", "id"));
    const attempts = withdrawal.plan === undefined ? [] : attemptsOf(store, withdrawal.plan);
    const timeline = listAuditRows(
      store,
      { entity: "withdrawal", entityId: withdrawal.id },
      { limit: LIMITS.pageRowsMax },
    ).map(({ at, actor, event, after, operation }) => ({
      at,
      actor,
      event,
      state: stateIn(after),
      operation,
    }));
    return {
      data: {
        ...describe(withdrawal),
        attempts: attempts.map(({ txid, state, block, confirmationsSeen }) => ({
          transaction: txid,
          state,
          ...(block === undefined ? {} : { blockHash: block.hash, height: block.height }),
          confirmations: confirmationsSeen,
        })),
        timeline,
      },
      text: [
        drawFacts([
          ...drawWithdrawal(withdrawal),
          ...attempts.map(
            ({ txid, state, confirmationsSeen }) =>
              ["transaction", `${txid} ${state}, ${confirmationsSeen} confirmations`] as const,
          ),
        ]),
        drawTable(
          [{ head: "TIME" }, { head: "RECORDED BY" }, { head: "EVENT" }, { head: "STATE" }],
          timeline.map(({ at, actor, event, state }) => [at, actor, event, state]),
          call.io.stdout,
        ),
      ].join("\n"),
    };
  });

function stateIn(after: JsonObject | undefined): string {
  const state = after?.["state"];
  return typeof state === "string" ? state : "";
}
