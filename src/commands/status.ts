import { counted } from "../core/count.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import { auditHead } from "../store/audit.ts";
import { listPlans } from "../store/plans.ts";
import { activePolicy } from "../store/policies.ts";
import { activeSession, type Session } from "../store/sessions.ts";
import { countMovements } from "../store/treasury.ts";
import { listWithdrawals } from "../store/withdrawal-lists.ts";
import { listWallets } from "../store/wallets.ts";
import { receiptsOf } from "../store/receipts.ts";
import type { Run } from "../terminal/command.ts";
import { drawFacts } from "../terminal/table.ts";
import { liveSession, requirePolicy, withOnline, type Online } from "../home/online.ts";
import { describeAttention, drawAttention } from "./attention.ts";
import { describeStuck, drawStuck } from "./intent/stuck.ts";
import { drawPolicyEnd, endsSoon, hasEnded, NEXT_POLICY } from "./policy-end.ts";
import { describeTrust, drawTrust } from "./trust.ts";
import { describeLate, drawLate } from "./withdraw/late.ts";
import { describeOverdue, describeStates, drawOverdue, drawStates } from "./withdraw/states.ts";
import { refusalHint } from "./withdraw/refusal-hint.ts";

/** Where a wallet's name goes. */
const WALLET = "WALLET";

const RECEIPT = "custody withdraw import receipt.json";

/** What would be typed next, for the first state in this order that a withdrawal or an intent of our own is in. */
const NEXT_STEPS: readonly (readonly [WithdrawalState, string, forIntents?: string])[] = [
  ["UNCERTAIN", "custody-watcher once"],
  ["SIGNED", "custody-watcher once"],
  ["EXPORTED", RECEIPT],
  ["READY", `custody withdraw build --wallet ${WALLET}`, "custody intent list --state READY"],
  ["REVOKING", "custody withdraw queue --state REVOKING", "custody intent list --state REVOKING"],
  ["COOLING", "custody withdraw queue --state COOLING", "custody intent list --state COOLING"],
  ["EXPIRED", "custody withdraw queue --state EXPIRED", "custody intent list --state EXPIRED"],
  [
    "PENDING_APPROVAL",
    "custody withdraw queue --state PENDING_APPROVAL",
    "custody intent list --state PENDING_APPROVAL",
  ],
  ["BROADCAST", "custody-watcher run"],
  ["CONFIRMING", "custody-watcher run"],
];

/** The first of those states that a withdrawal or an intent of our own stands in says what comes next. */
function nextStep(withdrawals: ReadonlyMap<string, number>, movements: ReadonlyMap<string, number>) {
  for (const [state, step, forIntents] of NEXT_STEPS) {
    if (withdrawals.has(state)) return step;
    if (movements.has(state)) return forIntents ?? step;
  }
  return undefined;
}

function nextOf(about: Glance): string {
  if (!about.trust.trusted) return "custody db reconcile";
  const { halts, flags, deadLetters } = about.attention;
  if (halts.length + flags.length > 0) return "custody emergency resume";
  // Without a policy in force no signer signs, whatever waits.
  if (about.policyEnd !== undefined && hasEnded(about.policyEnd, about.now)) return NEXT_POLICY;
  const [plan] = about.drafts;
  if (plan !== undefined) return `custody withdraw export ${plan} --out request.json`;
  const step = nextStep(about.counts, about.movements);
  if (step === RECEIPT) {
    // No receipt comes that could complete it: a member was revoked, or a signer has said no.
    if (about.revoked) return "custody withdraw queue --state REVOKING";
    const [no] = about.refused;
    if (no !== undefined) return no.hint;
  }
  if (step === undefined && deadLetters > 0) return "custody dlq list";
  // What the watcher does by itself is no step for a person, unless it has stood still.
  const [late] = about.overdue;
  if (late !== undefined && step === "custody-watcher run") return late.hint;
  // Cards, signatures and pins take days: where nothing else waits, the next policy does.
  if (step === undefined && about.policyEnd !== undefined && endsSoon(about.policyEnd, about.now))
    return NEXT_POLICY;
  return (
    withWallet(step, about.wallets) ??
    (about.founded ? "custody withdraw queue" : "custody policy import policy.*.json")
  );
}

/** The only wallet there is needs nobody to name it. */
function withWallet(step: string | undefined, wallets: readonly string[]): string | undefined {
  const [only, ...others] = wallets;
  return step?.replace(WALLET, only !== undefined && others.length === 0 ? only : "NAME");
}

/** The home at a glance, as `git status` would tell it. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const glance = look(online);
    return { data: describe(glance), text: draw(glance), next: nextOf(glance) };
  });

type Glance = ReturnType<typeof look>;

// Everything that is told, read once.
function look(online: Online) {
  const { store, network, call } = online;
  const now = call.io.now();
  const policy = activePolicy(store);
  const session = activeSession(store, now);
  const states = describeStates(store, now);
  const founded = policy !== undefined;
  return {
    now,
    policyEnd: founded ? requirePolicy(online).body.expires : undefined,
    network,
    policy,
    founded,
    session,
    idle: session !== undefined && liveSession(online) === undefined,
    states,
    counts: new Map(states.map(({ state, count }) => [state, count])),
    overdue: describeOverdue(store, now),
    drafts: listPlans(store, { state: "DRAFT" }, { limit: 50 }).map(({ id }) => id),
    head: auditHead(store),
    wallets: listWallets(store).map(({ name }) => name),
    movements: countMovements(store),
    stuck: describeStuck(store),
    late: describeLate(online),
    attention: describeAttention(online, founded),
    trust: describeTrust(online),
    refused: founded ? refusedPlans(online) : [],
    revoked: hasRevoked(online),
  };
}

function describe({
  network,
  policy,
  policyEnd,
  session,
  idle,
  counts,
  movements,
  head,
  late,
  ...glance
}: Glance) {
  const { states, overdue, wallets, drafts, attention, trust, refused, stuck } = glance;
  return {
    network,
    ...(policy === undefined ? {} : { policy: policy.number, policyExpires: policyEnd }),
    ...(session === undefined
      ? {}
      : { operator: session.operator, sessionExpires: session.expires, sessionIdle: idle }),
    withdrawals: Object.fromEntries(counts),
    states,
    overdue,
    wallets,
    drafts,
    ...attention,
    ...trust,
    refused,
    movements: Object.fromEntries(movements),
    stuck,
    late: late.map((one) => ({ ...one })),
    ...(head === undefined ? {} : { auditRows: head.size, auditRoot: head.root }),
  };
}

function draw({
  network,
  policy,
  policyEnd,
  now,
  session,
  idle,
  movements,
  head,
  ...glance
}: Glance): string {
  const { states, overdue, wallets, attention, trust, refused, late, stuck } = glance;
  return drawFacts([
    ["network", network],
    [
      "policy",
      policyEnd === undefined || policy === undefined
        ? "none active"
        : drawPolicyEnd(policy.number, policyEnd, now),
    ],
    ["session", session === undefined ? "none" : drawSession(session, idle)],
    ["wallets", wallets.join(", ") || "none"],
    ...drawTrust(trust),
    ...drawAttention(attention, new Set(overdue.map(({ hint }) => hint))),
    ...refused.flatMap(drawRefused),
    ...drawLate(late),
    ...drawStates(states),
    ...[...movements].map(
      ([state, count]) => [state, counted(count, "intent of our own", "intents of our own")] as const,
    ),
    ...drawOverdue(overdue),
    ...drawStuck(stuck),
    ["audit tree", head === undefined ? "empty" : counted(head.size, "row")],
    ...(head === undefined ? [] : [["audit root", head.root] as const]),
  ]);
}

const drawSession = ({ operator, expires }: Pick<Session, "operator" | "expires">, idle: boolean): string =>
  `${operator} until ${expires}${idle ? ", left idle" : ""}`;

function drawRefused({ plan, signer, gate, rule, hint }: ReturnType<typeof refusedPlans>[number]) {
  return [
    ["refused", `plan ${plan} by ${signer} at ${gate}: ${rule}`],
    ["", hint],
  ] as const;
}

// Whether a plan that is out pays somebody who may not be paid any more.
function hasRevoked({ store }: Online): boolean {
  const out = new Set(listPlans(store, { state: "EXPORTED" }, { limit: 50 }).map(({ id }) => id));
  return listWithdrawals(store, { state: "REVOKING" }, { limit: 50 }).some(
    ({ plan }) => plan !== undefined && out.has(plan),
  );
}

// Plans that wait for a signer whose last answer was a no.
function refusedPlans({ store }: Online) {
  return listPlans(store, { state: "EXPORTED" }, { limit: 50 }).flatMap((plan) => {
    const last = new Map(receiptsOf(store, plan.id).map((receipt) => [receipt.signer, receipt]));
    return [...last.values()].flatMap(({ signer, refusal }) =>
      refusal === undefined ? [] : [{ plan: plan.id, signer, ...refusal, hint: refusalHint(refusal, plan) }],
    );
  });
}
