/**
 * A receipt comes back. Nothing in it is believed: the signer's signature, the officer's, the journal entries, each
 * chain signature and each transaction id are checked before a byte is stored for broadcast.
 */
import { attemptAt } from "../../chains/attempts.ts";
import { assertBelongs, fromEmbedded } from "../../core/document.ts";
import { PLAN } from "../../core/documents/plan.ts";
import type { ReceiptDocument, SignedPlan } from "../../core/documents/receipt.ts";
import { REQUEST, type RequestDocument } from "../../core/documents/request.ts";
import { REVIEW } from "../../core/documents/review.ts";
import { assert, declareError } from "../../core/errors.ts";
import { ownSignature } from "../../core/journal-continuation.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import { findSigner, findWallet } from "../../core/policy/entries.ts";
import { custodyId, type PolicyDocument, type PolicySigner } from "../../core/policy/policy.ts";
import { policiesSince } from "../deciding/evidence.ts";
import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { CrossingPorts } from "./ports.ts";
import type { PlanRow } from "../rows.ts";
import { attemptsAsBuilt } from "../planning/plan-bytes.ts";
import { keepSignatures, signedIfComplete, type RungAbout } from "./rung.ts";
import { keepJournal } from "./signer-journal.ts";

export const RECEIPT_FOREIGN = declareError(
  "RECEIPT_FOREIGN",
  "notFound",
  "A receipt answers a request that was not made here.",
);
export const RECEIPT_UNSIGNED = declareError(
  "RECEIPT_UNSIGNED",
  "verification",
  "A receipt lacks a valid signature of the signer or the officer.",
);
export const RECEIPT_MISMATCH = declareError(
  "RECEIPT_MISMATCH",
  "verification",
  "What a receipt signs is not what its request asked for.",
);

export type ReceivedPlan = {
  readonly plan: PlanRow;
  /** Ids of the attempts that are complete now, the cancel rung's last. */
  readonly complete: readonly string[];
};

export type Received = {
  readonly signer: string;
  readonly plans: readonly ReceivedPlan[];
  /** The gate and rule that refused; undefined when it signed. */
  readonly refusal: { readonly gate: string; readonly rule: string } | undefined;
};

/**
 * Imports a receipt. The same receipt again changes nothing. Each signer of a wallet gives one of its own; a plan is
 * SIGNED once their signatures complete an attempt.
 * @throws RECEIPT_FOREIGN, RECEIPT_UNSIGNED, RECEIPT_MISMATCH, RECEIPT_CONFLICT, JOURNAL_…, SIGNATURE_INVALID
 */
export function importReceipt<Tx, Decoded>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  receipt: ReceiptDocument,
  about: RungAbout<Decoded> & { readonly policy: PolicyDocument },
): Received {
  const { policy } = about;
  assertBelongs(receipt, { network: policy.body.network, custody: custodyId(policy) });
  const { signer: name, epoch, outcome, request: digest } = receipt.body;
  const request = ports.findDocument(tx, REQUEST, digest);
  if (request === undefined) {
    throw RECEIPT_FOREIGN("this receipt answers a request that was not made here", {
      field: "receipt.request",
      hint: "import it at the online host that exported the request",
    });
  }
  const signer = assertSigned(ports, tx, receipt);
  const plans = plansAsked(ports, tx, request);
  if (outcome.type === "signed") assertFits(policy, receipt, request, plans);
  ports.saveDocument(tx, receipt);
  keepJournal(ports, tx, receipt, { signer, request: request.body });
  const refusal = outcome.type === "refused" ? { gate: outcome.gate, rule: outcome.rule } : undefined;
  const audit =
    outcome.type === "signed" ? { epoch: outcome.audit.epoch, size: outcome.audit.size } : undefined;
  ports.insertReceipt(tx, { receipt: receipt.digest, request: digest, signer: name, epoch, refusal, audit });
  const signed = outcome.type === "signed" ? outcome.plans : [];
  for (const one of signed) importPlan(ports, tx, one, planNamed(plans, one), name, about);
  return { signer: name, plans: plans.map((plan) => received(ports, tx, plan)), refusal };
}

function received<Tx>(ports: LifePorts<Tx> & DecidingPorts<Tx>, tx: Tx, plan: PlanRow): ReceivedPlan {
  const complete = ports.attemptsOf(tx, plan.id).map(({ txid }) => txid);
  return { plan: signedIfComplete(ports, tx, plan), complete };
}

// The request itself says what it asked for: a plan that was exported twice has travelled in two of them.
function plansAsked<Tx>(ports: LifePorts<Tx>, tx: Tx, { body }: RequestDocument): readonly PlanRow[] {
  return body.plans.map((embedded) => {
    const plan = ports.findPlanByDigest(tx, fromEmbedded(PLAN, embedded).digest);
    assert(plan !== undefined, "a request that was made here carries plans that were built here");
    return plan;
  });
}

/**
 * The signer whose signature a receipt carries. One that was restored since is another epoch: what it signed before is live
 * all the same, so every policy counts.
 * @throws RECEIPT_UNSIGNED
 */
export function assertSigned<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "findDocuments" | "policiesSince">,
  tx: Tx,
  receipt: ReceiptDocument,
): PolicySigner {
  const { signer: name, epoch } = receipt.body;
  const signer = findSigner(policiesSince(ports, tx, 1), receipt.body);
  if (signer !== undefined && ownSignature(receipt, signer) !== undefined) return signer;
  throw RECEIPT_UNSIGNED(`the receipt is not signed by signer ${name}, epoch ${epoch}, of this custody`, {
    field: "receipt.signatures",
    hint: "take the file as the signer wrote it",
  });
}

function assertFits(
  policy: PolicyDocument,
  { body: { outcome, request: digest, signer } }: ReceiptDocument,
  { body: request }: RequestDocument,
  plans: readonly PlanRow[],
): void {
  assert(outcome.type === "signed", "only what was signed has to fit");
  const review = fromEmbedded(REVIEW, outcome.review);
  if (review.body.request !== digest || countSignatures(policy.body, "officer", review).length === 0) {
    throw RECEIPT_UNSIGNED("the review in the receipt is not signed by an officer", {
      field: "receipt.outcome.review",
      hint: "have the request signed again with an officer of the active policy",
    });
  }
  const { epoch, size, root } = request.audit;
  const { audit } = outcome;
  if (audit.epoch !== epoch || audit.size !== size || audit.root !== root)
    throw mismatch("outcome.audit", "it countersigns another place of the audit tree");
  if (outcome.plans.length !== plans.length)
    throw mismatch("plans", "it signs another number of plans than the request has");
  for (const signed of outcome.plans) {
    const { wallet: name } = planNamed(plans, signed);
    if (findWallet(policy.body, name)?.signers.some((own) => own === signer) !== true)
      throw mismatch("signer", `${signer} is no signer of wallet ${name}`);
  }
}

function planNamed(plans: readonly PlanRow[], signed: SignedPlan): PlanRow {
  const plan = plans.find(({ digest }) => digest === signed.plan);
  if (plan === undefined) throw mismatch("plan", "it signs a plan that the request does not have");
  return plan;
}

function importPlan<Tx, Decoded>(
  ports: LifePorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  signed: SignedPlan,
  plan: PlanRow,
  source: string,
  about: RungAbout<Decoded>,
): void {
  const decoded = attemptsAsBuilt(ports, tx, plan, about);
  const keys = decoded.rungs[0]?.conflictKeys ?? [];
  if (keys.join() !== signed.conflictKeys.join())
    throw mismatch("conflictKeys", "it names other conflict keys than the plan has");
  const intents = ports.intentsOfPlan(tx, plan.id).map(({ intent }) => intent);
  if (intents.join() !== signed.intents.map(({ intent }) => intent).join())
    throw mismatch("intents", "it names other intents than the plan has");
  for (const { rung, transaction, signatures } of signed.rungs) {
    const found = attemptAt(decoded, rung);
    if (found === undefined) throw mismatch(`rungs[${rung}]`, "the plan has no such rung");
    if (found.transaction !== transaction)
      throw mismatch(`rungs[${rung}].transaction`, "it signs another transaction");
    keepSignatures(ports, tx, plan, decoded, { rung, source, signatures }, about);
  }
}

function mismatch(field: string, why: string) {
  return RECEIPT_MISMATCH(`the receipt does not fit its request: ${why}`, {
    field: `receipt.${field}`,
    hint: "nothing was imported; keep the file for an investigation",
  });
}
