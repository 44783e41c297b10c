/**
 * A receipt comes back. Nothing in it is believed: the signer's signature, the officer's, the journal entries, each
 * chain signature and the transaction id are checked before a byte is stored for broadcast.
 */
import type { ChainCodec, WalletView } from "../chains/adapter.ts";
import { assertBelongs, fromEmbedded } from "../core/document.ts";
import { PLAN } from "../core/documents/plan.ts";
import { REQUEST } from "../core/documents/request.ts";
import type { ReceiptDocument, SignedPlan } from "../core/documents/receipt.ts";
import { REVIEW } from "../core/documents/review.ts";
import type { Digest } from "../core/digest.ts";
import { assert, declareError } from "../core/errors.ts";
import { fromBase64 } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import { verifyEntries } from "../core/journal-entry.ts";
import { countSignatures } from "../core/policy/evaluate.ts";
import { custodyId, type PolicyDocument } from "../core/policy/policy.ts";
import { verifySignature } from "../core/signature.ts";
import type { PlanRow, WithdrawalPorts } from "./ports.ts";

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
  "A receipt's signatures are not for the plans of its request.",
);

export type Received =
  | {
      readonly outcome: "refused";
      readonly gate: string;
      readonly rule: string;
      readonly plans: readonly PlanRow[];
    }
  | {
      readonly outcome: "signed";
      readonly plans: readonly PlanRow[];
      readonly transactions: readonly string[];
    };

type About<Decoded> = {
  readonly policy: PolicyDocument;
  readonly codec: ChainCodec<Decoded>;
  /** The paying wallet as it was seen when the plan was built. */
  readonly view: (plan: PlanRow) => WalletView;
  readonly newId: () => Id;
};

/**
 * Imports a receipt. The same receipt again changes nothing.
 * @throws RECEIPT_FOREIGN, RECEIPT_UNSIGNED, RECEIPT_MISMATCH, JOURNAL_BROKEN, SIGNATURE_INVALID, SIGNATURES_INCOMPLETE
 */
export function importReceipt<Tx, Decoded>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  receipt: ReceiptDocument,
  about: About<Decoded>,
): Received {
  const { policy } = about;
  assertBelongs(receipt, { network: policy.body.network, custody: custodyId(policy) });
  const plans = plansAsked(ports, tx, receipt.body.request);
  if (plans.length === 0) {
    throw RECEIPT_FOREIGN("this receipt answers a request that was not made here", {
      field: "receipt.request",
      hint: "import it at the online host that exported the request",
    });
  }
  assertSigned(policy, receipt);
  const { outcome } = receipt.body;
  ports.saveDocument(tx, receipt);
  if (outcome.type === "refused")
    return { outcome: "refused", gate: outcome.gate, rule: outcome.rule, plans };

  if (plans.every(({ state }) => state !== "EXPORTED"))
    return { outcome: "signed", plans, transactions: transactionsOf(outcome.plans) };
  if (outcome.plans.length !== plans.length)
    throw mismatch("plans", "it signs another number of plans than the request has");
  ports.insertReceipt(tx, { request: receipt.body.request, receipt: receipt.digest });
  const moved = outcome.plans.map((signed) => importPlan(ports, tx, signed, plans, about));
  return { outcome: "signed", plans: moved, transactions: transactionsOf(outcome.plans) };
}

// The request itself says what it asked for: a plan that was exported twice has travelled in two of them.
function plansAsked<Tx>(ports: WithdrawalPorts<Tx>, tx: Tx, digest: Digest): readonly PlanRow[] {
  const request = ports.findDocument(tx, REQUEST, digest);
  if (request === undefined) return [];
  return request.body.plans.map((embedded) => {
    const plan = ports.findPlanByDigest(tx, fromEmbedded(PLAN, embedded).digest);
    assert(plan !== undefined, "a request that was made here carries plans that were built here");
    return plan;
  });
}

function assertSigned(policy: PolicyDocument, receipt: ReceiptDocument): void {
  const { signer: name, epoch, outcome, journal, request } = receipt.body;
  const signer = policy.body.signers.find(
    (candidate) => candidate.name === name && candidate.epoch === epoch,
  );
  const own =
    signer &&
    receipt.signatures.some(
      (signature) => signature.by === signer.key && verifySignature(receipt.digest, signature),
    );
  if (signer === undefined || own !== true) {
    throw RECEIPT_UNSIGNED(
      `the receipt is not signed by signer ${name}, epoch ${epoch}, of the active policy`,
      {
        field: "receipt.signatures",
        hint: "take the file as the signer wrote it",
      },
    );
  }
  const first = journal[0];
  if (first !== undefined) verifyEntries(journal, signer.key, first.entry.previous);
  if (outcome.type === "refused") return;
  const review = fromEmbedded(REVIEW, outcome.review);
  const confirmed =
    review.body.request === request && countSignatures(policy.body, "officer", review).length > 0;
  if (!confirmed)
    throw RECEIPT_UNSIGNED("the review in the receipt is not signed by an officer", {
      field: "receipt.outcome.review",
    });
}

function importPlan<Tx, Decoded>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  signed: SignedPlan,
  plans: readonly PlanRow[],
  { codec, view, newId }: About<Decoded>,
): PlanRow {
  const plan = plans.find(({ digest }) => digest === signed.plan);
  if (plan === undefined) throw mismatch("plan", "it signs a plan that the request does not have");
  const document = ports.findDocument(tx, PLAN, plan.digest);
  assert(document !== undefined, "a plan's document is stored with it");
  for (const { rung, transaction, signatures } of signed.rungs) {
    const asked = document.body.rungs[rung];
    if (asked === undefined) throw mismatch(`rungs[${rung}]`, "the plan has no such rung");
    const decoded = codec.decode(fromBase64(asked.psbt), view(plan));
    if (decoded.transaction !== transaction)
      throw mismatch(`rungs[${rung}].transaction`, "it signs another transaction");
    codec.verifySignatures(decoded.tx, signatures);
    const bytes = codec.combine(decoded.tx, signatures);
    ports.insertAttempt(tx, { id: newId(), plan: plan.id, rung, txid: transaction, bytes });
  }
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    ports.moveWithdrawal(tx, withdrawal.id, { version: withdrawal.version, to: "SIGNED", event: "signed" });
  }
  return ports.movePlan(tx, plan.id, { version: plan.version, to: "SIGNED", event: "signed" });
}

function transactionsOf(plans: readonly SignedPlan[]): readonly string[] {
  return plans.flatMap(({ rungs }) => rungs.map(({ transaction }) => transaction));
}

function mismatch(field: string, why: string) {
  return RECEIPT_MISMATCH(`the receipt does not fit its request: ${why}`, {
    field: `receipt.${field}`,
    hint: "nothing was imported; keep the file for an investigation",
  });
}
