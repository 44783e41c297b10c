import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { withOnline } from "../../src/home/online.ts";
import { attemptsIn, getAttempt } from "../../src/store/attempts.ts";
import { findCursor } from "../../src/store/deposits.ts";
import type { Run } from "../../src/terminal/command.ts";
import { drawFacts, drawTable } from "../../src/terminal/table.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const cursor = findCursor(store, BITCOIN_CHAINS[network]);
    const live = attemptsIn(store, "SIGNED", "BROADCASTING", "UNCERTAIN", "BROADCAST", "CONFIRMING").map(
      (id) => getAttempt(store, id),
    );
    return {
      data: {
        ...(cursor === undefined ? {} : { depositsHeight: cursor.height, depositsHash: cursor.hash }),
        attempts: live.map(({ txid, state, confirmationsSeen, lastError }) => ({
          transaction: txid,
          state,
          confirmations: confirmationsSeen,
          ...(lastError === undefined ? {} : { lastError }),
        })),
      },
      text:
        drawFacts([["deposits read to", cursor === undefined ? "no block yet" : `height ${cursor.height}`]]) +
        drawTable(
          [
            { head: "STATE" },
            { head: "CONFIRMATIONS", align: "right" },
            { head: "TRANSACTION" },
            { head: "LAST ERROR" },
          ],
          live.map(({ state, confirmationsSeen, txid, lastError }) => [
            state,
            String(confirmationsSeen),
            txid,
            lastError ?? "",
          ]),
          call.io.stdout,
        ),
      next: live.length === 0 ? undefined : "custody-watcher run",
    };
  });
