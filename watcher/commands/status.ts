import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { withOnline } from "../../src/home/online.ts";
import { firingAlerts } from "../../src/store/alerts.ts";
import { attemptsOf, livePlans } from "../../src/store/attempts.ts";
import { countLetters } from "../../src/store/dead-letters.ts";
import { findCursor } from "../../src/store/deposits.ts";
import type { Run } from "../../src/terminal/command.ts";
import { drawFacts, drawTable } from "../../src/terminal/table.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const cursor = findCursor(store, BITCOIN_CHAINS[network]);
    const live = livePlans(store).flatMap((plan) => attemptsOf(store, plan));
    const alerts = firingAlerts(store);
    const open = countLetters(store).get("OPEN") ?? 0;
    const [alert] = alerts;
    return {
      data: {
        ...(cursor === undefined ? {} : { depositsHeight: cursor.height, depositsHash: cursor.hash }),
        alerts: alerts.map(({ id, kind, subject, severity, text, next, firstSeen }) => ({
          alert: id,
          kind,
          subject,
          severity,
          text,
          next,
          since: firstSeen,
        })),
        deadLetters: open,
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
        drawFacts([
          ["deposits read to", cursor === undefined ? "no block yet" : `height ${cursor.height}`],
          ["dead letters", String(open)],
          ...(alerts.length === 0 ? [["alerts", "none"] as const] : []),
          ...alerts.map(({ kind, severity, text }) => ["ALERT", `${kind} (${severity}): ${text}`] as const),
        ]) +
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
      next: alert?.next ?? (live.length === 0 ? undefined : "custody-watcher run"),
    };
  });
