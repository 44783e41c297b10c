/** A file of evidence with its documents taken out, each with the digest that its own bytes have. Nothing is judged yet. */
import type { ChainCodec, DecodedAttempt, DecodedAttempts } from "../chains/adapter.ts";
import { attemptAt, rungName, type Rung } from "../chains/attempts.ts";
import type { Network } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import { fromEmbedded, type Document, type DocumentHeader } from "../core/document.ts";
import { APPROVAL, type ApprovalDocument } from "../core/documents/approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import { CLEARANCE, type ClearanceDocument } from "../core/documents/clearance.ts";
import { DEAD, type DeadDocument } from "../core/documents/dead.ts";
import type { Evidence, EvidenceDocument } from "../core/documents/evidence.ts";
import { HALT, RESUME, type HaltDocument, type ResumeDocument } from "../core/documents/halt.ts";
import { INTENT, type IntentDocument, type IntentOf } from "../core/documents/intent.ts";
import type { PlanDocument } from "../core/documents/plan.ts";
import { RECEIPT, type ReceiptDocument } from "../core/documents/receipt.ts";
import { REQUEST, requestParts, type RequestDocument, type RequestParts } from "../core/documents/request.ts";
import { VOID, type VoidDocument } from "../core/documents/void.ts";
import { fromBase64 } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { findWallet, tokensOn } from "../core/policy/entries.ts";
import { POLICY, type Policy, type PolicyDocument, type PolicyWallet } from "../core/policy/policy.ts";
import { EVIDENCE_CONTRADICTS, EVIDENCE_INCOMPLETE } from "./claim.ts";

/** A withdrawal's intent. */
export type WithdrawalIntent = Document<IntentOf<"withdrawal">>;
/** What may stand beside it in its plan as well. */
export type PayingIntent = Document<IntentOf<"withdrawal" | "transfer">>;

export type OpenRequest = {
  readonly document: RequestDocument;
  readonly parts: RequestParts;
  /** `request 1`, counted in the order of export. */
  readonly name: string;
};

/** A plan that is to pay the withdrawal. It may have travelled in several requests; the first stands for all. */
export type OpenPlan = {
  readonly document: PlanDocument;
  readonly request: OpenRequest;
  readonly intent: WithdrawalIntent;
  readonly name: string;
};

export type OpenEvidence = {
  readonly body: Evidence;
  readonly custody: Digest;
  readonly network: Network;
  readonly policies: readonly PolicyDocument[];
  readonly releases: readonly (readonly ApprovalDocument[])[];
  readonly intents: readonly IntentDocument[];
  readonly beneficiaries: readonly BeneficiaryDocument[];
  readonly approvals: readonly ApprovalDocument[];
  readonly clearances: readonly ClearanceDocument[];
  readonly halts: readonly HaltDocument[];
  readonly resumes: readonly ResumeDocument[];
  readonly requests: readonly OpenRequest[];
  readonly receipts: readonly ReceiptDocument[];
  readonly voids: readonly VoidDocument[];
  readonly dead: readonly DeadDocument[];
  readonly plans: readonly OpenPlan[];
  readonly codecs: readonly ChainCodec<unknown>[];
};

/** @throws DOCUMENT_MALFORMED */
export function openEvidence(
  { body }: EvidenceDocument,
  codecs: readonly ChainCodec<unknown>[],
): OpenEvidence {
  const requests = body.requests.map((embedded, i) => {
    const document = fromEmbedded(REQUEST, embedded);
    return { document, parts: requestParts(document), name: `request ${i + 1}` };
  });
  return {
    body,
    custody: body.custody,
    network: body.network,
    policies: body.policies.map(({ policy }) => fromEmbedded(POLICY, policy)),
    releases: body.policies.map(({ releases }) => releases.map((release) => fromEmbedded(APPROVAL, release))),
    intents: body.intents.map((intent) => fromEmbedded(INTENT, intent)),
    beneficiaries: body.beneficiaries.map((one) => fromEmbedded(BENEFICIARY, one)),
    approvals: body.approvals.map((one) => fromEmbedded(APPROVAL, one)),
    clearances: body.clearances.map((one) => fromEmbedded(CLEARANCE, one)),
    halts: body.halts.map((one) => fromEmbedded(HALT, one)),
    resumes: body.resumes.map((one) => fromEmbedded(RESUME, one)),
    requests,
    receipts: body.receipts.map((one) => fromEmbedded(RECEIPT, one)),
    voids: body.voids.map((one) => fromEmbedded(VOID, one)),
    dead: body.dead.map((one) => fromEmbedded(DEAD, one)),
    plans: plansFor(body.withdrawal, requests),
    codecs,
  };
}

function plansFor(withdrawal: string, requests: readonly OpenRequest[]): readonly OpenPlan[] {
  const plans = new Map<Digest, OpenPlan>();
  for (const request of requests) {
    for (const document of request.parts.plans) {
      const intent = ownIntent(withdrawal, request, document);
      if (intent === undefined || plans.has(document.digest)) continue;
      plans.set(document.digest, { document, request, intent, name: `plan ${plans.size + 1}` });
    }
  }
  return [...plans.values()];
}

function ownIntent(
  withdrawal: string,
  { parts }: OpenRequest,
  { body }: PlanDocument,
): WithdrawalIntent | undefined {
  return parts.intents.find(
    (intent): intent is WithdrawalIntent =>
      intent.body.type === "withdrawal" &&
      intent.body.id === withdrawal &&
      body.intents.includes(intent.digest),
  );
}

/** An intent that a plan pays: withdrawals and transfers may share one (docs/formats.md, plan). @throws EVIDENCE_CONTRADICTS */
export function payingIntent({ parts }: OpenRequest, digest: Digest): PayingIntent {
  const paying = parts.intents.find(
    (one): one is PayingIntent =>
      one.digest === digest && (one.body.type === "withdrawal" || one.body.type === "transfer"),
  );
  if (paying !== undefined) return paying;
  throw EVIDENCE_CONTRADICTS(`intent ${digest} of a plan is no payment in its request`, { field: "plan" });
}

/** Every embedded document but the policies, which carry no custody id in number 1. */
export function allDocuments(opened: OpenEvidence): readonly Document<DocumentHeader>[] {
  return [
    ...opened.releases.flat(),
    ...opened.intents,
    ...opened.beneficiaries,
    ...opened.approvals,
    ...opened.clearances,
    ...opened.halts,
    ...opened.resumes,
    ...opened.requests.flatMap(({ document, parts }) => [document, ...Object.values(parts).flat()]),
    ...opened.receipts,
    ...opened.voids,
    ...opened.dead,
  ];
}

/** @throws EVIDENCE_INCOMPLETE */
export function policyNumber({ policies }: OpenEvidence, number: number): Policy {
  const policy = policies[number - 1]?.body;
  if (policy?.number === number) return policy;
  throw EVIDENCE_INCOMPLETE(`policy number ${number} is named and not here`, { field: "policies" });
}

/** The request that a receipt answers. @throws EVIDENCE_INCOMPLETE */
export function requestOf({ requests }: OpenEvidence, { body }: ReceiptDocument): OpenRequest {
  const request = requests.find(({ document }) => document.digest === body.request);
  if (request !== undefined) return request;
  throw EVIDENCE_INCOMPLETE(`a receipt of ${body.signer} answers a request that is not here`, {
    field: "receipts",
  });
}

export function codecFor({ codecs }: OpenEvidence, { document: { body } }: OpenPlan): ChainCodec<unknown> {
  const codec = codecs.find((one) => one.reads(body.chain));
  if (codec !== undefined) return codec;
  throw EVIDENCE_INCOMPLETE(`plan ${body.id} is on ${body.chain}, which this program does not read`, {
    field: "plan.chain",
  });
}

// Several claims look at the same bytes, and decoding a full plan is most of the work.
const decodedPlans = new WeakMap<OpenPlan, DecodedAttempts<unknown>>();

/** The plan's attempts, decoded against the wallet that the policy of its request describes. */
export function decodePlan(opened: OpenEvidence, plan: OpenPlan): DecodedAttempts<unknown> {
  const known = decodedPlans.get(plan);
  if (known !== undefined) return known;
  const decoded = decode(opened, plan);
  decodedPlans.set(plan, decoded);
  return decoded;
}

function decode(opened: OpenEvidence, plan: OpenPlan): DecodedAttempts<unknown> {
  const { body } = plan.document;
  const { document: request } = plan.request;
  const policy = policyNumber(opened, request.body.policy);
  const wallet = findWallet(policy, body.wallet);
  if (wallet === undefined)
    throw EVIDENCE_INCOMPLETE(`no policy here describes wallet ${body.wallet}`, { field: "wallet" });
  return codecFor(opened, plan).decodePlan(
    body,
    request.body.previous.map((bytes) => fromBase64(bytes, "request.previous")),
    {
      wallet,
      network: opened.network,
      highestIndex: anyIndex(wallet),
      own: policy.wallets,
      tokens: tokensOn(policy, wallet.chain),
    },
  );
}

// How far change may lie above what is known (law 10) keeps coins from being lost; whether an output is our own does not
// hang on it, and nobody knows afterwards which addresses had been given out.
function anyIndex({ indexGap }: PolicyWallet): number {
  return LIMITS.addressIndexMax - indexGap;
}

/** @throws EVIDENCE_INCOMPLETE */
export function requireAttempt(attempts: DecodedAttempts<unknown>, rung: Rung): DecodedAttempt<unknown> {
  const attempt = attemptAt(attempts, rung);
  if (attempt !== undefined) return attempt;
  throw EVIDENCE_INCOMPLETE(`a plan has no ${rungName(rung)}`, { field: "rung" });
}
