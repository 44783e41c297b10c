/** Requests over coins of one's choosing, and intents about our own coins: each plan brings what it spends along. */
import { feeCapsOf } from "../../src/core/policy/fee-caps.ts";
import type { BuildTask } from "../../src/chains/adapter.ts";
import { bitcoinBuilder, deriveAddress, parseDescriptor } from "../../src/chains/bitcoin/index.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import { INTENT, type Intent, type IntentDocument } from "../../src/core/documents/intent.ts";
import { PLAN, type PlanDocument } from "../../src/core/documents/plan.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Policy, PolicyRow, PolicyWallet } from "../../src/core/policy/policy.ts";
import { publicFacts } from "../../signer/keystore/seed-file.ts";
import {
  builtFor,
  COINS,
  makeCustody,
  planFor,
  previousOf,
  requestFor,
  vaultSnapshot,
  viewOf,
  type Custody,
  type Payout,
} from "./custody.ts";
import { approval, BTC, header, policyBody, REGTEST, row } from "./documents.ts";
import { ANNA, fixtureBytes, fixtureDigest, fixtureId, RUTH } from "./identities.ts";

/** An approved intent of any type. */
export type Wish = { readonly intent: IntentDocument; readonly approvals: readonly ApprovalDocument[] };

/** A plan with the papers that its request needs. */
export type Planned = {
  readonly plan: PlanDocument;
  readonly previous: readonly string[];
  readonly payouts: readonly Payout[];
  readonly wishes: readonly Wish[];
};

type Changes = NonNullable<Parameters<typeof planFor>[2]>;

/** Withdrawals over `coins`. */
export function planned(custody: Custody, payouts: readonly Payout[], changes: Changes = {}): Planned {
  const previous = previousOf([builtFor(custody, payouts, changes)]);
  return { plan: planFor(custody, payouts, changes), previous, payouts, wishes: [] };
}

/** Rates of a plan of three rungs and a cancel rung. */
export const THREE_RUNGS = { feeRatesMilli: [5000n, 8000n, 12_000n] } as const;

/** A plan about our own coins, as our builder makes it for `task`. */
export function plannedOwn(
  custody: Custody,
  wishes: readonly Wish[],
  task: BuildTask,
  changes: Changes = {},
): Planned {
  const snapshot = vaultSnapshot(custody, changes.coins ?? COINS, changes.snapshot);
  const [rules] = custody.policy.body.chains as [Policy["chains"][number]];
  const built = bitcoinBuilder.build(task, viewOf(custody), snapshot, {
    feeRatesMilli: [BigInt(snapshot.feeRateMilli)],
    caps: feeCapsOf(rules),
    anchors: [],
    ...changes.options,
  });
  const plan = makeDocument(PLAN, {
    ...header("plan"),
    custody: custody.id,
    id: fixtureId(`plan of ${wishes.map(({ intent }) => intent.body.id).join(" ")}`),
    operation: fixtureId("operation"),
    chain: REGTEST,
    wallet: custody.wallet.name,
    intents: wishes.map(({ intent }) => intent.digest),
    conflictKeys: [...built.conflictKeys],
    base: built.base,
    rungs: [...built.rungs],
    ...(built.cancel === undefined ? {} : { cancel: built.cancel }),
    snapshot: fixtureDigest("snapshot"),
    ...changes.plan,
  });
  return { plan, previous: previousOf([built]), payouts: [], wishes };
}

/** One request for all of `plans`. */
export function ask(
  custody: Custody,
  plans: readonly Planned[],
  changes: Parameters<typeof requestFor>[3] = {},
): RequestDocument {
  const payouts = plans.flatMap((each) => each.payouts);
  const wishes = plans.flatMap((each) => each.wishes);
  const previous = [...new Set(plans.flatMap((each) => each.previous))].sort();
  return requestFor(
    custody,
    payouts,
    plans.map(({ plan }) => plan),
    {
      previous,
      ...changes,
      body: {
        intents: [...payouts, ...wishes].map(({ intent }) => embed(intent)),
        approvals: [...payouts, ...wishes].flatMap(({ approvals }) => approvals.map(embed)),
        ...changes.body,
      },
    },
  );
}

export const COLD = "cold" as Name;

/** The vault beside a second wallet, with a row for each type of intent. */
export function treasury(changes: Partial<Policy> = {}): Custody & { readonly cold: PolicyWallet } {
  const vault = makeCustody().wallet;
  const { descriptor } = publicFacts(fixtureBytes("cold entropy"), "regtest");
  const cold: PolicyWallet = { ...vault, name: COLD, descriptor };
  const types: readonly PolicyRow["type"][] = ["transfer", "consolidate", "cancel", "attest"];
  const rows = types.map((type) => row(type, "0", "1000000000", 1, { type }));
  const custody = makeCustody({ wallets: [vault, cold], rows: [...policyBody().rows, ...rows], ...changes });
  return { ...custody, cold };
}

type Own = Exclude<Intent["type"], "withdrawal">;
type Fields<Type> = Omit<
  Extract<Intent, { type: Type }>,
  keyof ReturnType<typeof header> | "id" | "operation" | "generation" | "supersedes" | "born" | "requester"
>;

/** An approved intent about the vault's coins. */
export function wish<Type extends Own>(
  custody: Custody,
  type: Type,
  fields: Omit<Fields<Type>, "type" | "asset" | "wallet" | "expires">,
  changes: Partial<Intent> = {},
): Wish {
  const intent = makeDocument(INTENT, {
    ...header("intent"),
    custody: custody.id,
    id: fixtureId(`intent ${type}`),
    operation: fixtureId("operation"),
    type,
    generation: 1,
    supersedes: [],
    born: 1,
    requester: RUTH.name,
    asset: BTC,
    wallet: custody.wallet.name,
    expires: "2026-11-22T20:00:00Z",
    ...fields,
    ...changes,
  } as never);
  return { intent, approvals: [approval(intent, [ANNA], { custody: custody.id })] };
}

/** Payment to the receive branch of a wallet of ours. */
export function ownPayment(wallet: PolicyWallet, units: bigint, index: number) {
  const { account } = deriveAddress(parseDescriptor(wallet.descriptor, "regtest"), 0, index);
  return { account, amount: { asset: BTC, units }, own: { wallet, index } };
}
