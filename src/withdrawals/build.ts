/** Planning: approved withdrawals, chain facts and a wallet become one unsigned transaction with leased coins. */
import type { BuiltPlan, ChainBuilder, ChainCodec, Effect, WalletView } from "../chains/adapter.ts";
import type { JsonObject } from "../core/canonical.ts";
import { canonicalBytes } from "../core/canonical.ts";
import { taggedDigest } from "../core/digest.ts";
import { makeDocument } from "../core/document.ts";
import { PLAN, type PlanDocument } from "../core/documents/plan.ts";
import { assert, CustodyError, declareError } from "../core/errors.ts";
import { toBase64 } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { evaluate } from "../core/policy/evaluate.ts";
import { assertFeeCaps } from "../core/policy/fee-caps.ts";
import { custodyId, type ChainRules, type PolicyDocument } from "../core/policy/policy.ts";
import { evidenceOf, type WithdrawalEvidence } from "./evidence.ts";
import type { PlanRow, WithdrawalPorts, WithdrawalRow } from "./ports.ts";

export const NOTHING_TO_BUILD = declareError(
  "NOTHING_TO_BUILD",
  "notFound",
  "No withdrawal is ready for this wallet.",
);

/** A ready withdrawal that may not be planned now, and why; it stays where it is and fails no batch. */
export type LeftOut = { readonly withdrawal: WithdrawalRow; readonly why: string };
type Candidate = WithdrawalEvidence & { readonly withdrawal: WithdrawalRow };

export type Planned = {
  readonly plan: PlanRow;
  readonly document: PlanDocument;
  readonly withdrawals: readonly WithdrawalRow[];
  readonly leftOut: readonly LeftOut[];
};

/** The pure half of a chain: its builder, and its codec as a second opinion on what was built. */
export type Chain<Snapshot, Decoded> = {
  readonly builder: ChainBuilder<Snapshot>;
  readonly codec: ChainCodec<Decoded>;
};

type About = {
  readonly policy: PolicyDocument;
  readonly now: Instant;
  readonly operation: Id;
  readonly id: Id;
};

/**
 * Builds a plan of the ready withdrawals and stores it with its leases.
 * @throws NOTHING_TO_BUILD, and the builder's errors (coins, dust, fees)
 */
export function buildPlan<Tx, Snapshot extends JsonObject, Decoded>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  chain: Chain<Snapshot, Decoded>,
  input: { readonly ready: readonly WithdrawalRow[]; readonly view: WalletView; readonly snapshot: Snapshot },
  about: About,
): Planned {
  const { built, candidates, leftOut } = buildPayable(chain, input, judge(ports, tx, input, about));
  // Pair assertion: what was built is read back by the code that the signer reads it with.
  const decoded = built.rungs.map(({ bytes, feeUnits }) => {
    const rung = chain.codec.decode(bytes, input.view);
    assert(rung.fee.units === feeUnits, "the built fee is the decoded fee");
    assertFeeCaps(rung.fee, paidUnits(rung.effects), feeCaps(about.policy, input.view));
    return rung;
  });
  issueChange(ports, tx, input.view, decoded[0]?.effects ?? []);
  const document = planDocument(candidates, input, built, about);
  return {
    ...store(ports, tx, { candidates, built, document, snapshot: input.snapshot, view: input.view }),
    document,
    leftOut,
  };
}

type Judged = { readonly candidates: readonly Candidate[]; readonly leftOut: readonly LeftOut[] };

// One payment that cannot be made (dust, an address of our own) is left out, and never fails the batch (failure F16).
function buildPayable<Snapshot, Decoded>(
  { builder }: Chain<Snapshot, Decoded>,
  { view, snapshot }: { readonly view: WalletView; readonly snapshot: Snapshot },
  judged: Judged,
): Judged & { readonly built: BuiltPlan } {
  const candidates = [...judged.candidates];
  const leftOut = [...judged.leftOut];
  while (candidates.length > 0) {
    const payments = candidates.map(({ withdrawal, beneficiary }) => ({
      account: beneficiary.body.account,
      memo: beneficiary.body.memo,
      amount: withdrawal.amount,
    }));
    try {
      return { built: builder.build(payments, view, snapshot), candidates, leftOut };
    } catch (error) {
      const index = error instanceof CustodyError ? error.details["payment"] : undefined;
      if (typeof index !== "number") throw error;
      const [unpayable] = candidates.splice(index, 1);
      assert(unpayable !== undefined, "the builder names one of the payments that it was given");
      const { code, message } = error as CustodyError;
      leftOut.push({ withdrawal: unpayable.withdrawal, why: `${code}: ${message}` });
    }
  }
  throw NOTHING_TO_BUILD(`no withdrawal is ready for wallet ${view.wallet.name}`, {
    hint: "custody withdraw queue",
    details: { leftOut: leftOut.map(({ withdrawal, why }) => `${withdrawal.id}: ${why}`) },
  });
}

// The same caps that the signer holds every rung against at G7.
function feeCaps({ body }: PolicyDocument, { wallet }: WalletView): ChainRules["fees"] {
  const rules = body.chains.find(({ chain }) => chain === wallet.chain);
  assert(rules !== undefined, "a consistent policy has rules for its wallets' chains");
  return rules.fees;
}

function paidUnits(effects: readonly Effect[]): bigint {
  return effects.reduce((paid, effect) => (effect.type === "pay" ? paid + effect.units : paid), 0n);
}

// The change address is taken, so that no other plan and no customer gets it.
function issueChange<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  { wallet }: WalletView,
  effects: readonly Effect[],
): void {
  for (const effect of effects) {
    if (effect.type !== "change") continue;
    ports.insertAddress(tx, { account: effect.account, wallet: wallet.name, branch: 1, index: effect.index });
  }
}

function judge<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  { ready, view }: { readonly ready: readonly WithdrawalRow[]; readonly view: WalletView },
  { policy, now }: About,
): Judged {
  const candidates: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  for (const withdrawal of ready) {
    const evidence = evidenceOf(ports, tx, withdrawal);
    const result = evaluate(policy.body, { ...evidence, wallet: view.wallet.name }, now);
    if (result.allowed) candidates.push({ ...evidence, withdrawal });
    else leftOut.push({ withdrawal, why: `${result.rule}: ${result.why}` });
  }
  return { candidates, leftOut };
}

function planDocument(
  candidates: readonly Candidate[],
  { view, snapshot }: { readonly view: WalletView; readonly snapshot: JsonObject },
  built: BuiltPlan,
  { policy, operation, id }: About,
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
    rungs: built.rungs.map(({ bytes, feeUnits }) => ({
      psbt: toBase64(bytes),
      feeUnits: feeUnits.toString(),
    })),
    snapshot: taggedDigest("custody/snapshot/v1", canonicalBytes(snapshot)),
  });
}

function store<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  made: {
    candidates: readonly Candidate[];
    built: BuiltPlan;
    document: PlanDocument;
    snapshot: JsonObject;
    view: WalletView;
  },
): Pick<Planned, "plan" | "withdrawals"> {
  const { candidates, built, document, snapshot, view } = made;
  ports.saveDocument(tx, document);
  const dearest = built.rungs[built.rungs.length - 1];
  assert(dearest !== undefined, "a built plan has a rung");
  const plan = ports.insertPlan(
    tx,
    {
      id: document.body.id,
      wallet: view.wallet.name,
      digest: document.digest,
      snapshot: canonicalBytes(snapshot),
      changeIndex: built.changeIndex,
      feeUnits: dearest.feeUnits,
    },
    built.conflictKeys,
  );
  const withdrawals = candidates.map(({ withdrawal }) =>
    ports.moveWithdrawal(
      tx,
      withdrawal.id,
      { version: withdrawal.version, to: "PLANNED", event: "planned" },
      { plan: plan.id },
    ),
  );
  return { plan, withdrawals };
}
