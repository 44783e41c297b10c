/**
 * The whole story of one withdrawal for an auditor, in the house of `evidence-house.ts`: a batch of two, two receipts,
 * a transaction, and the audit log around it.
 */
import type { DecodedAttempt, DecodedAttempts } from "../../src/chains/adapter.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { consistencyProof, inclusionProof } from "../../src/core/audit-proof.ts";
import type { Digest } from "../../src/core/digest.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import { CLEARANCE, type ClearanceDocument } from "../../src/core/documents/clearance.ts";
import {
  EVIDENCE,
  type Evidence,
  type EvidenceDocument,
  type EvidenceRow,
} from "../../src/core/documents/evidence.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import {
  RECEIPT,
  type Receipt,
  type SignedPlan,
  type ReceiptDocument,
  type RungSignatures,
} from "../../src/core/documents/receipt.ts";
import type { AuditPlace, RequestDocument } from "../../src/core/documents/request.ts";
import { toHex } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { custodyId, type PolicyDocument } from "../../src/core/policy/policy.ts";
import { CARLA, COSIGNED, policiesOfStory, ROW, SIGNERS, walletOfStory } from "./evidence-house.ts";
import { journalOf, placeAfter } from "./evidence-journal.ts";
import { reviewOf } from "./evidence-review.ts";
import { ATTEMPT, BLOCK, leavesOf, rootOver, rowsAfter, rowsBefore, WITHDRAWAL } from "./evidence-log.ts";
import { signAll, type TestCoin } from "../bitcoin/regtest-wallet.ts";
import {
  builtFor,
  COINS,
  makeCustody,
  OTHER_PAYEE,
  PAYEE,
  payout,
  planFor,
  previousOf,
  requestFor,
  type Custody,
  type Payout,
} from "./custody.ts";
import { approval, header, signedDocument } from "./documents.ts";
import { ANNA, at, BEN, fixtureId, OLGA, type Cast } from "./identities.ts";

const RUNGS = { feeRatesMilli: [5_000n, 10_000n] };
export type Story = {
  readonly policies: readonly PolicyDocument[];
  readonly custody: Custody;
  /** The second is somebody else's, in the same batch. */
  readonly payouts: readonly [Payout, Payout];
  readonly clearance: ClearanceDocument;
  readonly plan: PlanDocument;
  readonly request: RequestDocument;
  readonly attempts: DecodedAttempts<BitcoinAttempt>;
  /** Of signers 1 and 2, for every rung. */
  readonly receipts: readonly ReceiptDocument[];
  readonly rows: readonly EvidenceRow[];
  /** The audit tree when the request was exported. */
  readonly place: AuditPlace;
};

export type Turns = {
  readonly approvers?: readonly Cast[];
  readonly officer?: Cast;
  /** Who signs policy number 2. */
  readonly admins?: readonly Cast[];
  readonly coins?: readonly TestCoin[];
  /** Of the plan and its request. */
  readonly label?: string;
  /** An approver who is the operator as well. */
  readonly leader?: Cast;
};

/** The story up to its end: sent, seen in a block, completed. */
export function tellStory(turns: Turns = {}): Story {
  const policies = policiesOfStory(turns.admins, turns.leader);
  const policy = policies[1] as PolicyDocument;
  const id = custodyId(policy);
  const custody = { ...makeCustody(), policy, id, wallet: walletOfStory() };
  const payouts = [
    payoutOf(custody, "order 77", PAYEE, turns),
    payoutOf(custody, "order 78", OTHER_PAYEE, turns),
  ] as const;
  const clearance = clearanceOf(id, payouts);
  const { coins = COINS, label = "evidence" } = turns;
  const building = { options: RUNGS, coins };
  const built = builtFor(custody, payouts, building);
  const plan = planFor(custody, payouts, { ...building, plan: { id: fixtureId(`plan of ${label}`) } });
  const view = { wallet: custody.wallet, network: "regtest", highestIndex: 1, own: [], tokens: [] } as const;
  const attempts = bitcoinCodec.decodePlan(plan.body, built.previous, view);
  const before = rowsBefore(plan);
  const place: AuditPlace = { epoch: 1, size: before.length, root: rootOver(before) };
  const request = requestFor(custody, payouts, [plan], {
    label,
    previous: previousOf([built]),
    body: { clearances: [embed(clearance)], audit: { ...place, extends: [] } },
  });
  const told = { policies, custody, payouts, clearance, plan, request, attempts, place };
  const receipts = [0, 1].map((signer) => receiptOf(told, signer, turns.officer ?? OLGA));
  const [sent] = attempts.rungs as [DecodedAttempt<BitcoinAttempt>];
  const after = rowsAfter(before.length, plan, bytesOf({ attempts, receipts }), sent.transaction);
  return { ...told, receipts, rows: [...before, ...after] };
}

function payoutOf(
  custody: Custody,
  label: string,
  address: string,
  { approvers = [ANNA, BEN] }: Turns,
): Payout {
  const paid = payout(custody, { label, address, units: "10000000", approvers });
  const release = approval(paid.intent, [BEN], { custody: custody.id, decision: "release" }, at("09:12:00"));
  return { ...paid, approvals: [...paid.approvals, release] };
}

function clearanceOf(custody: Digest, payouts: readonly Payout[]): ClearanceDocument {
  const document = makeDocument(CLEARANCE, {
    ...header("clearance"),
    custody,
    decision: "clear",
    code: "standard" as Name,
    intents: payouts.map(({ intent }) => intent.digest),
    policy: 2,
    expires: at("20:00:00"),
  });
  return signedDocument(document, [CARLA], at("09:05:00"));
}

/** What is so before anybody signs. */
export type Told = Omit<Story, "receipts" | "rows">;

/** The receipt of signer number `signer`, from 0. */
function receiptOf(told: Told, signer: number, officer: Cast): ReceiptDocument {
  const { policies, custody, payouts, plan, request, attempts, place } = told;
  const who = SIGNERS[signer] as (typeof SIGNERS)[number];
  const journal = journalOf(who, policies);
  const common = { ...header("receipt"), custody: custody.id, request: request.digest, policy: 2, epoch: 1 };
  const signatures = (attempt: DecodedAttempt<BitcoinAttempt>) =>
    signAll(COSIGNED, attempt.tx, COSIGNED.seeds.slice(signer, signer + 1));
  const rungs: RungSignatures[] = attempts.rungs.map((attempt, rung) => ({
    rung,
    transaction: attempt.transaction,
    signatures: signatures(attempt),
  }));
  const cancel = attempts.cancel as DecodedAttempt<BitcoinAttempt>;
  rungs.push({ rung: "cancel", transaction: cancel.transaction, signatures: signatures(cancel) });
  const signed: SignedPlan = {
    plan: plan.digest,
    wallet: plan.body.wallet,
    intents: payouts.map(({ intent }) => ({
      family: familyOf(intent.body),
      intent: intent.digest,
      generation: 1,
      row: ROW,
      units: intent.body.units,
    })),
    conflictKeys: plan.body.conflictKeys,
    feeUnits: cancel.fee.units.toString(),
    rungs,
  };
  const review = embed(signedDocument(reviewOf(told, signer), [officer], at("09:00:00")));
  const outcome: Receipt["outcome"] = { type: "signed", plans: [signed], review, audit: place };
  return signedDocument(
    makeDocument(RECEIPT, {
      ...common,
      signer: who.name,
      outcome,
      place: placeAfter(journal),
      journal: [...journal],
    }),
    [who],
    at("09:00:00"),
  );
}

export function signaturesIn(
  { body }: ReceiptDocument,
  rung: number | "cancel",
): RungSignatures["signatures"] {
  const plans = body.outcome.type === "signed" ? body.outcome.plans : [];
  return plans.flatMap((plan) =>
    plan.rungs.filter((one) => one.rung === rung).flatMap((one) => one.signatures),
  );
}

export function bytesOf({ attempts, receipts }: Pick<Story, "attempts" | "receipts">): Uint8Array {
  const signatures = receipts.flatMap((receipt) => signaturesIn(receipt, 0));
  return bitcoinCodec.combine((attempts.rungs[0] as DecodedAttempt<BitcoinAttempt>).tx, signatures);
}

/** The file of evidence about the first of the batch. */
export function evidenceOf(story: Story, changes: Partial<Evidence> = {}): EvidenceDocument {
  const { policies, custody, payouts, clearance, plan, request, attempts, receipts, rows, place } = story;
  const [own] = payouts;
  const leaves = leavesOf(rows);
  const entities: readonly string[] = [WITHDRAWAL, plan.body.id, ATTEMPT];
  return makeDocument(EVIDENCE, {
    ...header("evidence"),
    custody: custody.id,
    withdrawal: own.intent.body.id,
    made: at("12:00:00"),
    policies: policies.map((policy) => ({ policy: embed(policy), releases: [] })),
    intents: [embed(own.intent)],
    beneficiaries: [embed(own.beneficiary)],
    approvals: own.approvals.map((one) => embed(one)),
    clearances: [embed(clearance)],
    halts: [],
    resumes: [],
    requests: [embed(request)],
    receipts: receipts.map((one) => embed(one)),
    partials: [],
    voids: [],
    dead: [],
    settlement: {
      plan: plan.digest,
      rung: 0,
      transaction: (attempts.rungs[0] as DecodedAttempt<BitcoinAttempt>).transaction,
      bytes: toHex(bytesOf(story)),
      block: { ...BLOCK, confirmations: 3 },
    },
    audit: {
      epoch: 1,
      size: rows.length,
      root: rootOver(rows),
      rows: rows
        .filter(({ entityId }) => entities.includes(entityId))
        .map((one) => ({ row: one, proof: [...inclusionProof(leaves, one.seq - 1)] })),
      extends: [{ size: place.size, proof: [...consistencyProof(leaves, place.size)] }],
    },
    ...changes,
  });
}
