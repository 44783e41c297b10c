/** Planning: approved withdrawals, chain facts and a wallet become the unsigned rungs of one plan, with leased coins. */
import type {
  BuildOptions,
  BuiltPlan,
  ChainBuilder,
  ChainCodec,
  DecodedAttempts,
  WalletView,
} from "../../chains/adapter.ts";
import type { Effect } from "../../chains/effect.ts";
import { allAttempts, dearestFee } from "../../chains/attempts.ts";
import { canonicalBytes, type JsonObject } from "../../core/canonical.ts";
import { taggedDigest, type Digest } from "../../core/digest.ts";
import { makeDocument } from "../../core/document.ts";
import { PLAN, type PlanDocument } from "../../core/documents/plan.ts";
import { assert, declareError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import type { Id } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import { rulesFor } from "../../core/policy/entries.ts";
import {
  assertFeeCaps,
  cancelExcess,
  feeCapsOf,
  judgedUnits,
  type FeeCaps,
} from "../../core/policy/fee-caps.ts";
import { limitExcess, WHOLE, type Spending } from "../../core/policy/limits.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { buildBatch, paymentsOf, type Batch } from "./batch.ts";
import { writeBuildRecord } from "./build-record.ts";
import { judgeCandidates, windowStart, type Candidate, type LeftOut } from "./candidates.ts";
import { haltsNow } from "../deciding/evidence.ts";
import { assertNotHalted } from "../stopping/halt.ts";
import type { Pace } from "./pace.ts";
import { signsMessage } from "./plan-bytes.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { PlanningPorts } from "./ports.ts";
import { assertRepeatsNothing } from "./repeats.ts";
import type { PlanRow, WithdrawalRow } from "../rows.ts";
import { stepPlan, stepWithdrawal } from "../step.ts";

export const FEE_BUDGET_SPENT = declareError(
  "FEE_BUDGET_SPENT",
  "denied",
  "A plan's fee is more than what its policy row may still spend on fees.",
);

export type Planned = {
  readonly plan: PlanRow;
  readonly document: PlanDocument;
  readonly built: BuiltPlan;
  readonly withdrawals: readonly WithdrawalRow[];
  readonly leftOut: readonly LeftOut[];
};

/** The pure half of a chain: its builder, and its codec as a second opinion on what was built. */
export type Chain<Snapshot, Decoded> = {
  readonly builder: Pick<ChainBuilder<Snapshot>, "build">;
  readonly codec: ChainCodec<Decoded>;
};

export type BuildInput<Snapshot> = {
  /** What may be planned, the oldest first. */
  readonly ready: readonly WithdrawalRow[];
  /** At most so many in one plan. */
  readonly max: number;
  readonly view: WalletView;
  readonly snapshot: Snapshot;
  /** Thousandths of the chain's unit of rates, rising. */
  readonly feeRatesMilli: readonly bigint[];
  /** How fast its fee may rise by itself; undefined where people alone raise it. */
  readonly pace?: Pace | undefined;
  /** Whether own change that no block holds yet may be spent. */
  readonly unconfirmedChange?: boolean | undefined;
  /** Conflict keys of coins that it spends, whatever else. */
  readonly coins?: readonly string[] | undefined;
  /** The plan whose place the new one takes, on the same conflict keys; `ready` are its members then. */
  readonly replaces?: PlanRow | undefined;
};

export type BuildAbout = {
  readonly policy: PolicyDocument;
  readonly now: Instant;
  readonly operation: Id;
  readonly id: Id;
};

/**
 * Builds a plan and stores it with its leases.
 * @throws HALTED, NOTHING_TO_BUILD, FEE_BUDGET_SPENT, FEE_…_CAP, PLAN_REPEATS, and the builder's errors
 */
export function buildPlan<Tx, Snapshot extends JsonObject, Decoded>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & PlanningPorts<Tx>,
  tx: Tx,
  chain: Chain<Snapshot, Decoded>,
  input: BuildInput<Snapshot>,
  about: BuildAbout,
): Planned {
  const { view, replaces } = input;
  const halts = haltsNow(ports, tx);
  assertNotHalted(ports, tx, { wallet: view.wallet.name, chain: view.wallet.chain }, "--wallet");
  const line = replaces === undefined ? [] : ports.lineOf(tx, replaces.id).map(({ id }) => id);
  const spendings = ports.spendingsSince(tx, windowStart(about.now), line);
  const judged = judgeCandidates(ports, tx, input, { ...about, halts, spendings });
  const options = optionsOf(ports, tx, input, about);
  const batch = buildBatch(chain.builder, { ...input, options }, judged);
  const decoded = readBack(chain.codec, batch.built, view, options.caps);
  const feeUnits = dearestFee(decoded);
  assertFeeBudget(batch, feeUnits, spendings, about.now);
  assertRepeatsNothing(ports, tx, chain.codec, view, decoded);
  if (chain.codec.addresses === "many") issueChange(ports, tx, view, decoded);
  const document = planDocument(batch, input, about);
  const task = { type: "pay", payments: paymentsOf(batch.candidates) } as const;
  const under = { policy: about.policy.digest, view };
  const build = writeBuildRecord(under, task, options, decoded, input.pace?.minutes ?? 0);
  return {
    ...store(ports, tx, { ...batch, document, build, feeUnits, input }),
    built: batch.built,
    document,
    leftOut: batch.leftOut,
  };
}

function optionsOf<Tx, Snapshot>(
  ports: LifePorts<Tx>,
  tx: Tx,
  { view, feeRatesMilli, pace, unconfirmedChange, replaces, coins = [] }: BuildInput<Snapshot>,
  { policy }: BuildAbout,
): BuildOptions {
  const before = replaces === undefined ? undefined : ports.findDocument(tx, PLAN, replaces.digest);
  const anchors = [...new Set([...(before?.body.conflictKeys ?? []), ...coins])];
  const caps = feeCaps(policy, view);
  return { feeRatesMilli, caps, anchors, budgetUnits: pace?.budgetUnits, unconfirmedChange };
}

// The same caps that the signer holds every rung against at G7.
export function feeCaps(policy: PolicyDocument, view: WalletView): FeeCaps {
  return feeCapsOf(rulesFor(policy.body, view.wallet.chain));
}

/**
 * Pair assertion: what was built is read back, from its last bytes alone, by the code that the signer reads it with.
 * Whatever is said or stored of the plan's attempts comes from what was read, and nothing from who built it.
 * @throws FEE_…_CAP, and the codec's refusals
 */
export function readBack<Decoded>(
  codec: ChainCodec<Decoded>,
  built: BuiltPlan,
  view: WalletView,
  caps: FeeCaps,
): DecodedAttempts<Decoded> {
  const decoded = codec.decodePlan(built, built.previous, view);
  const attempts = allAttempts(decoded);
  const stated = allAttempts<{ readonly feeUnits: string }>(built);
  assert(attempts.length === stated.length, "every built attempt is read back");
  attempts.forEach(({ fee, conflictKeys }, place) => {
    assert(fee.units === BigInt(stated[place]?.feeUnits ?? -1), "the built fee is the decoded fee");
    assert(
      conflictKeys.join() === built.conflictKeys.join(),
      "all attempts of a plan compete for the same keys (I4)",
    );
  });
  const { rungs, cancel } = decoded;
  for (const { fee, effects } of rungs) {
    // As at G7: a signed message moves nothing, so that a fee would be a share of nothing.
    if (signsMessage(effects)) assert(fee.units === 0n, "what signs a message has no fee");
    else assertFeeCaps(fee, judgedUnits(effects), caps);
  }
  if (cancel === undefined) return decoded;
  const fees = rungs.map(({ fee }) => fee);
  const paid = judgedUnits(rungs[0]?.effects ?? []);
  assert(
    cancelExcess(cancel.fee.units, fees, paid, caps) === undefined,
    "a cancel rung is built within the caps",
  );
  return decoded;
}

function assertFeeBudget(
  { candidates }: Batch,
  feeUnits: bigint,
  spendings: readonly Spending[],
  now: Instant,
): void {
  const [first] = candidates;
  assert(first !== undefined, "a built plan pays somebody");
  const adding = { units: 0n, feeUnits };
  const excess = limitExcess(first.row, spendings, adding, now, WHOLE);
  if (excess === undefined) return;
  throw FEE_BUDGET_SPENT(excess.why, {
    field: "--rates",
    hint: "build at lower --rates, or wait until older fees have left the window",
  });
}

// The change addresses are taken, so that no other plan and no customer gets them.
export function issueChange<Tx, Decoded>(
  ports: PlanningPorts<Tx>,
  tx: Tx,
  { wallet }: WalletView,
  { rungs, cancel }: DecodedAttempts<Decoded>,
): void {
  const effects: readonly Effect[] = [...(rungs[0]?.effects ?? []), ...(cancel?.effects ?? [])];
  const accounts = new Map(
    effects.flatMap((effect) => (effect.type === "change" ? [[effect.index, effect.account] as const] : [])),
  );
  for (const [index, account] of [...accounts].sort(([a], [b]) => a - b))
    ports.insertAddress(tx, { account, wallet: wallet.name, branch: 1, index });
}

export function planDocument(
  {
    candidates,
    built,
  }: {
    readonly candidates: readonly { readonly intent: { readonly digest: Digest } }[];
    readonly built: BuiltPlan;
  },
  { view, snapshot }: { readonly view: WalletView; readonly snapshot: JsonObject },
  { policy, operation, id }: BuildAbout,
): PlanDocument {
  return makeDocument(PLAN, {
    kind: "plan",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    id,
    operation,
    chain: view.wallet.chain,
    wallet: view.wallet.name,
    intents: candidates.map(({ intent }) => intent.digest),
    conflictKeys: [...built.conflictKeys],
    base: built.base,
    rungs: [...built.rungs],
    ...(built.cancel === undefined ? {} : { cancel: built.cancel }),
    snapshot: taggedDigest("custody/snapshot/v1", canonicalBytes(snapshot)),
  });
}

function store<Tx, Snapshot extends JsonObject>(
  ports: LifePorts<Tx> & PlanningPorts<Tx>,
  tx: Tx,
  {
    candidates,
    built,
    document,
    build,
    feeUnits,
    input,
  }: Batch & { document: PlanDocument; build: Uint8Array; feeUnits: bigint; input: BuildInput<Snapshot> },
): Pick<Planned, "plan" | "withdrawals"> {
  const { view, snapshot, replaces } = input;
  ports.saveDocument(tx, document);
  const plan = ports.insertPlan(
    tx,
    {
      id: document.body.id,
      wallet: view.wallet.name,
      digest: document.digest,
      snapshot: canonicalBytes(snapshot),
      build,
      previous: canonicalBytes(built.previous.map(toBase64)),
      replaces: replaces?.id,
      changeIndex: built.changeIndex,
      feeUnits,
      intents: candidates.map(intentRow),
    },
    built.conflictKeys,
  );
  if (replaces !== undefined) {
    stepPlan(ports, tx, replaces, { type: "replaced", by: plan.id });
    // They stay where the earlier plan has put them: its attempts are live until one of either settles.
    return { plan, withdrawals: candidates.map(({ withdrawal }) => withdrawal) };
  }
  const withdrawals = candidates.map(({ withdrawal }) =>
    stepWithdrawal(ports, tx, withdrawal, { type: "planned", plan: plan.id }),
  );
  return { plan, withdrawals };
}

function intentRow({ intent, withdrawal, row }: Candidate) {
  return {
    intent: intent.digest,
    withdrawal: withdrawal.id,
    row: row.name,
    units: withdrawal.amount.units,
  };
}
