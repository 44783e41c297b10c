import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { withOnline } from "../../src/home/online.ts";
import { attemptsOf, livePlans } from "../../src/store/attempts.ts";
import { findCursor } from "../../src/store/deposits.ts";
import type { Run } from "../../src/terminal/command.ts";
import { drawFacts, drawTable } from "../../src/terminal/table.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const cursor = findCursor(store, BITCOIN_CHAINS[network]);
    const live = livePlans(store).flatMap((plan) => attemptsOf(store, plan));
    return {
      data: {
        ...(cursor === undefined ? {} : { depositsHeight: cursor.height, depositsHash: cursor.hash }),
        attempts: live.map(({ txid, kind, rung, wanted, state, confirmationsSeen, lastError }) => ({
          transaction: txid,
          rung: kind === "cancel" ? kind : rung + 1,
          state,
          ...(wanted === undefined ? {} : { wanted }),
          confirmations: confirmationsSeen,
          ...(lastError === undefined ? {} : { lastError }),
        })),
      },
      text:
        drawFacts([["deposits read to", cursor === undefined ? "no block yet" : `height ${cursor.height}`]]) +
        drawTable(
          [
            { head: "STATE" },
            { head: "RUNG", align: "right" },
            { head: "CONFIRMATIONS", align: "right" },
            { head: "TRANSACTION" },
            { head: "LAST ERROR" },
          ],
          live.map(({ state, kind, rung, confirmationsSeen, txid, lastError }) => [
            state,
            kind === "cancel" ? kind : String(rung + 1),
            String(confirmationsSeen),
            txid,
            lastError ?? "",
          ]),
          call.io.stdout,
        ),
      next: live.length === 0 ? undefined : "custody-watcher run",
    };
  });
