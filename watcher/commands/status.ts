import { rungNumber, rungOf } from "../../src/chains/attempts.ts";
import type { ChainId } from "../../src/core/chain.ts";
import type { PolicyDocument } from "../../src/core/policy/policy.ts";
import { chainsOfWallets, withChain } from "../../src/home/chains.ts";
import { requirePolicy, withOnline, type Online } from "../../src/home/online.ts";
import { firingAlerts } from "../../src/store/alerts.ts";
import { attemptsOf, livePlans } from "../../src/store/attempts.ts";
import { countLetters } from "../../src/store/dead-letters.ts";
import { findCursor } from "../../src/store/deposits.ts";
import { agreedWords, describeNodes, nodeWords } from "../../src/commands/nodes.ts";
import { CustodyError } from "../../src/core/errors.ts";
import type { Surveyed } from "../../src/nodes/quorum.ts";
import type { Run } from "../../src/terminal/command.ts";
import { drawFacts, drawTable } from "../../src/terminal/table.ts";

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const { store } = online;
    const chains = await followed(online);
    const live = livePlans(store).flatMap((plan) => attemptsOf(store, plan));
    const alerts = firingAlerts(store);
    const open = countLetters(store).get("OPEN") ?? 0;
    const [alert] = alerts;
    return {
      data: {
        chains: chains.map(({ chain, cursor, survey }) => ({
          chain,
          ...(cursor === undefined ? {} : { depositsHeight: cursor.height, depositsHash: cursor.hash }),
          ...("trouble" in survey ? { nodesUnasked: survey.trouble } : describeNodes(survey)),
        })),
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
          ...chains.flatMap(drawChain),
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

type Followed = {
  readonly chain: ChainId;
  readonly cursor: { readonly height: number; readonly hash: string } | undefined;
  readonly survey: Surveyed | Unasked;
};

async function followed(online: Online): Promise<readonly Followed[]> {
  const policy = requirePolicy(online);
  const all: Followed[] = [];
  for (const chain of chainsOfWallets(policy.body))
    all.push({
      chain,
      cursor: findCursor(online.store, chain),
      survey: await surveyed(online, policy, chain),
    });
  return all;
}

// What stands in the database is shown whatever ails nodes and settings.
async function surveyed(
  { call }: Online,
  policy: PolicyDocument,
  chain: ChainId,
): Promise<Surveyed | Unasked> {
  try {
    return await withChain(call, policy, chain, (nodes) => nodes.survey());
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { trouble: { code: error.code, reason: error.message } };
  }
}

function drawChain({ chain, cursor, survey }: Followed): readonly (readonly [string, string])[] {
  return [
    ["chain", chain],
    ["deposits read to", cursor === undefined ? "no block yet" : `height ${cursor.height}`],
    ...drawNodes(survey),
  ];
}

function drawNodes(survey: Surveyed | Unasked): readonly (readonly [string, string])[] {
  if ("trouble" in survey) return [["nodes", `not asked: ${survey.trouble.code}: ${survey.trouble.reason}`]];
  return [
    ...survey.nodes.map((facts) => [`node ${facts.name}`, nodeWords(facts)] as const),
    ["nodes agree on", agreedWords(survey)],
  ];
}
