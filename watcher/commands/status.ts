import { rungNumber, rungOf } from "../../src/chains/attempts.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { requirePolicy, withOnline, type Online } from "../../src/home/online.ts";
import { firingAlerts } from "../../src/store/alerts.ts";
import { attemptsOf, livePlans } from "../../src/store/attempts.ts";
import { countLetters } from "../../src/store/dead-letters.ts";
import { findCursor } from "../../src/store/deposits.ts";
import { agreedWords, describeNodes, nodeWords } from "../../src/commands/nodes.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { withNode } from "../../src/home/node.ts";
import type { Surveyed } from "../../src/nodes/quorum.ts";
import type { Run } from "../../src/terminal/command.ts";
import { drawFacts, drawTable } from "../../src/terminal/table.ts";

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const { store, network } = online;
    const survey = await surveyed(online);
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
        ...("trouble" in survey ? { nodesUnasked: survey.trouble } : describeNodes(survey)),
        attempts: live.map((attempt) => ({
          transaction: attempt.txid,
          rung: rungNumber(rungOf(attempt)),
          state: attempt.state,
          ...(attempt.wanted === undefined ? {} : { wanted: attempt.wanted }),
          confirmations: attempt.confirmationsSeen,
          ...(attempt.lastError === undefined ? {} : { lastError: attempt.lastError }),
        })),
      },
      text:
        drawFacts([
          ["deposits read to", cursor === undefined ? "no block yet" : `height ${cursor.height}`],
          ["dead letters", String(open)],
          ...drawNodes(survey),
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
          live.map((attempt) => [
            attempt.state,
            String(rungNumber(rungOf(attempt))),
            String(attempt.confirmationsSeen),
            attempt.txid,
            attempt.lastError ?? "",
          ]),
          call.io.stdout,
        ),
      next: alert?.next ?? (live.length === 0 ? undefined : "custody-watcher run"),
    };
  });

type Unasked = { readonly trouble: { readonly code: string; readonly reason: string } };

// What stands in the database is shown whatever ails nodes and settings.
async function surveyed(online: Online): Promise<Surveyed | Unasked> {
  try {
    return await withNode(online.call, requirePolicy(online), (nodes) => nodes.survey());
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { trouble: { code: error.code, reason: error.message } };
  }
}

function drawNodes(survey: Surveyed | Unasked): readonly (readonly [string, string])[] {
  if ("trouble" in survey) return [["nodes", `not asked: ${survey.trouble.code}: ${survey.trouble.reason}`]];
  return [
    ...survey.nodes.map((facts) => [`node ${facts.name}`, nodeWords(facts)] as const),
    ["nodes agree on", agreedWords(survey)],
  ];
}
