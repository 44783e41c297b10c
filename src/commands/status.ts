import type { WithdrawalState } from "../core/states/edges.ts";
import { auditHead } from "../store/audit.ts";
import { listPlans } from "../store/plans.ts";
import { activePolicy } from "../store/policies.ts";
import { activeSession } from "../store/sessions.ts";
import { listWallets } from "../store/wallets.ts";
import { countWithdrawals } from "../store/withdrawals.ts";
import type { Run } from "../terminal/command.ts";
import { drawFacts } from "../terminal/table.ts";
import { withOnline } from "../home/online.ts";

/** What would be typed next, for the first state in this order that anything is in. */
const NEXT_STEPS: readonly (readonly [WithdrawalState, string])[] = [
  ["UNCERTAIN", "custody-watcher once"],
  ["SIGNED", "custody-watcher once"],
  ["EXPORTED", "custody withdraw import receipt.json"],
  ["READY", "custody withdraw build --wallet NAME"],
  ["PENDING_APPROVAL", "custody withdraw queue --state PENDING_APPROVAL"],
  ["BROADCAST", "custody-watcher run"],
  ["CONFIRMING", "custody-watcher run"],
];

/** The home at a glance, as `git status` would tell it. */
export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const policy = activePolicy(store);
    const session = activeSession(store, call.io.now());
    const counts = countWithdrawals(store);
    const drafts = listPlans(store, { state: "DRAFT" }, { limit: 50 });
    const head = auditHead(store);
    const step = NEXT_STEPS.find(([state]) => (counts.get(state) ?? 0) > 0)?.[1];
    const draft = drafts[0];
    return {
      data: {
        network,
        ...(policy === undefined ? {} : { policy: policy.number }),
        ...(session === undefined ? {} : { operator: session.operator, sessionExpires: session.expires }),
        withdrawals: Object.fromEntries(counts),
        wallets: listWallets(store).map(({ name }) => name),
        drafts: drafts.map(({ id }) => id),
        ...(head === undefined ? {} : { auditRows: head.size, auditRoot: head.root }),
      },
      text: drawFacts([
        ["network", network],
        ["policy", policy === undefined ? "none active" : `number ${policy.number}`],
        ["session", session === undefined ? "none" : `${session.operator} until ${session.expires}`],
        [
          "wallets",
          listWallets(store)
            .map(({ name }) => name)
            .join(", ") || "none",
        ],
        ...[...counts].map(([state, count]) => [state, String(count)] as const),
        ["audit tree", head === undefined ? "empty" : `${head.size} rows, root ${head.root}`],
      ]),
      next:
        draft === undefined
          ? (step ??
            (policy === undefined ? "custody policy import policy.*.json" : "custody withdraw queue"))
          : `custody withdraw export ${draft.id} --out request.json`,
    };
  });
