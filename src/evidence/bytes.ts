/** What the bytes do and who signed them: every attempt is decoded again here, and no description is believed (law 1). */
import { formatAmount } from "../core/amount.ts";
import type { Effect } from "../chains/effect.ts";
import { placedAttempts, rungName, type Rung } from "../chains/attempts.ts";
import { contractFault } from "../chains/contracts.ts";
import { counted } from "../core/count.ts";
import { canonicalText } from "../core/canonical.ts";
import { effectKey, wantedKey } from "../chains/review.ts";
import type { BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { Evidence } from "../core/documents/evidence.ts";
import { familyOf } from "../core/documents/family.ts";
import type { PlanDocument } from "../core/documents/plan.ts";
import type { InputSignature, ReceiptDocument, SignedPlan } from "../core/documents/receipt.ts";
import { toHex } from "../core/hex.ts";
import { ownSignature } from "../core/journal-continuation.ts";
import { findSigner } from "../core/policy/entries.ts";
import { EVIDENCE_CONTRADICTS, EVIDENCE_INCOMPLETE, notProven, proven, type Finding } from "./claim.ts";
import { assertPlace } from "./journal.ts";
import {
  codecFor,
  decodePlan,
  payingIntent,
  policyNumber,
  requestOf,
  requireAttempt,
  type OpenEvidence,
  type OpenPlan,
} from "./opened.ts";

/** Every attempt but the cancel rung pays each intent of its plan exactly once and nobody else; the rest is proven change. */
export function judgePayment(opened: OpenEvidence, plan: OpenPlan): Finding {
  const attempts = decodePlan(opened, plan);
  const { body } = plan.document;
  for (const [rung, { effects, conflictKeys }] of placedAttempts(attempts)) {
    if (conflictKeys.join() !== body.conflictKeys.join())
      throw contradicts(`${rungName(rung)}: it spends other coins than the plan says`);
    if (rung !== "cancel") assertPays(plan, effects);
    else if (effects.some(({ type }) => type !== "change"))
      throw contradicts("the cancel rung pays somebody");
  }
  const destination = beneficiaryOf(plan, plan.intent.body.beneficiary).body.account;
  const cancel = attempts.cancel === undefined ? "" : "; its cancel rung pays our own wallet alone";
  return proven(
    `each of ${counted(attempts.rungs.length, "attempt")} pays ${formatAmount(plan.intent.body)} to ${destination} once, ` +
      `${counted(body.intents.length - 1, "other intent")} once each, and nobody else; the rest is change, proven by derivation${cancel}`,
  );
}

function assertPays({ document, request }: OpenPlan, effects: readonly Effect[]): void {
  const wanted = document.body.intents.map((digest) => {
    const intent = payingIntent(request, digest);
    const { body } = intent;
    const beneficiary = body.type === "transfer" ? undefined : beneficiaryOf({ request }, body.beneficiary);
    return { intent, beneficiary };
  });
  const asked = wanted.map(wantedKey);
  const paid = effects.flatMap((effect) => (effect.type === "change" ? [] : [effectKey(effect)]));
  if (asked.sort().join() !== paid.sort().join())
    throw contradicts("an attempt pays something else than its intents");
  if (effects.length - paid.length > 1) throw contradicts("an attempt has more than one change output");
  const destinations = wanted.map(({ beneficiary }) => beneficiary);
  const fault = contractFault(destinations, effects);
  if (fault !== undefined) throw contradicts(`an attempt does more than people signed: ${fault.why}`);
}

function beneficiaryOf({ request }: Pick<OpenPlan, "request">, digest: string): BeneficiaryDocument {
  const found = request.parts.beneficiaries.find((one) => one.digest === digest);
  if (found !== undefined) return found;
  throw EVIDENCE_INCOMPLETE(`beneficiary ${digest} is not in ${request.name}`, { field: "requests" });
}

/** The signer of the policy has signed the receipt, and each signature in it is by a key of the wallet over these bytes. */
export function judgeSignatures(opened: OpenEvidence, receipt: ReceiptDocument): Finding {
  const { signer: name, epoch, policy } = receipt.body;
  const signer = findSigner([policyNumber(opened, policy)], receipt.body);
  if (signer === undefined || ownSignature(receipt, signer) === undefined)
    throw contradicts(`${name}, epoch ${epoch}, of policy number ${policy} has not signed the receipt`);
  assertPlace(requestOf(opened, receipt).document, receipt, signer);
  const { outcome } = receipt.body;
  if (outcome.type === "refused") {
    return proven(`${name} refused it at gate ${outcome.gate}: ${outcome.rule}`, [name]);
  }
  const all = signedPlans(opened, receipt).map(([plan, own]) => assertSigned(opened, plan, own));
  return proven(`${name}, epoch ${epoch}, signed ${all.flat().join(", ")}`, [name]);
}

/** The receipt's plans that pay this withdrawal. */
function signedPlans(
  opened: OpenEvidence,
  receipt: ReceiptDocument,
): readonly (readonly [OpenPlan, SignedPlan])[] {
  const { outcome } = receipt.body;
  if (outcome.type === "refused") return [];
  const carried = requestOf(opened, receipt).parts.plans.map(({ digest }) => digest);
  const own = opened.plans.filter(({ document }) => carried.includes(document.digest));
  return own.map((plan) => {
    const signed = outcome.plans.find((one) => one.plan === plan.document.digest);
    if (signed === undefined) throw contradicts(`${receipt.body.signer}'s receipt leaves ${plan.name} out`);
    return [plan, signed];
  });
}

function assertSigned(opened: OpenEvidence, plan: OpenPlan, signed: SignedPlan): readonly string[] {
  const attempts = decodePlan(opened, plan);
  const { body } = plan.document;
  const told = signed.intents.find(({ intent }) => intent === plan.intent.digest);
  const family = canonicalText(familyOf(plan.intent.body));
  if (told === undefined || told.units !== plan.intent.body.units || canonicalText(told.family) !== family)
    throw contradicts(`the receipt says something else of the intent than ${plan.name}`);
  if (signed.wallet !== body.wallet || signed.conflictKeys.join() !== body.conflictKeys.join())
    throw contradicts(`the receipt says something else of the coins than ${plan.name}`);
  return signed.rungs.map(({ rung, transaction, signatures }) => {
    const attempt = requireAttempt(attempts, rung);
    if (attempt.transaction !== transaction)
      throw contradicts(`${rungName(rung)} is signed as another transaction`);
    codecFor(opened, plan).verifySignatures(attempt.tx, signatures);
    return `${plan.name} ${rungName(rung)}`;
  });
}

/** Signatures that came without a receipt are by keys of the wallet over one of these attempts. */
export function judgePartial(opened: OpenEvidence, partial: Evidence["partials"][number]): Finding {
  const plan = opened.plans.find(({ document }) => document.digest === partial.plan);
  if (plan === undefined)
    throw EVIDENCE_INCOMPLETE("signatures are for a plan that is not here", { field: "partials" });
  codecFor(opened, plan).verifySignatures(
    requireAttempt(decodePlan(opened, plan), partial.rung).tx,
    partial.signatures,
  );
  const keys = new Set(partial.signatures.map(({ key }) => key));
  return proven(`${plan.name}, ${rungName(partial.rung)}: signed by wallet keys, without a receipt`, [
    ...keys,
  ]);
}

/** The bytes that were sent are an attempt here with signatures that stand here, and with nothing else. */
export function judgeTransaction(opened: OpenEvidence): Finding {
  const { settlement } = opened.body;
  if (settlement === undefined) return notProven("no transaction for it is known to have been sent");
  const { rung, transaction, bytes } = settlement;
  const plan = opened.plans.find(({ document }) => document.digest === settlement.plan);
  if (plan === undefined)
    throw EVIDENCE_INCOMPLETE("the plan that settled it is in no request here", { field: "settlement.plan" });
  const attempt = requireAttempt(decodePlan(opened, plan), rung);
  if (attempt.transaction !== transaction) throw contradicts("the transaction is not the one that was built");
  const codec = codecFor(opened, plan);
  const given: InputSignature[] = [];
  for (const signatures of arrivals(opened, plan.document, rung)) {
    codec.verifySignatures(attempt.tx, signatures);
    const places = new Set(given.map(({ input, key }) => `${input}:${key}`));
    given.push(...signatures.filter(({ input, key }) => !places.has(`${input}:${key}`)));
    if (!codec.isComplete(attempt.tx, given)) continue;
    if (toHex(codec.combine(attempt.tx, given)) !== bytes)
      throw contradicts("the bytes that were sent are not this attempt with these signatures");
    const what =
      rung === "cancel" ? "the cancel rung, which pays nobody" : `${rungName(rung)} of ${plan.name}`;
    return proven(`transaction ${transaction} is ${what}, with the signatures that stand here`);
  }
  return notProven(`transaction ${transaction} needs more signatures than stand here: ask a node for it`);
}

// In the order in which they came in, for the first ones that were enough made the bytes.
function arrivals(
  { receipts, body }: OpenEvidence,
  plan: PlanDocument,
  rung: Rung,
): readonly (readonly InputSignature[])[] {
  const partials = body.partials.filter((one) => one.plan === plan.digest && one.rung === rung);
  const after = (count: number) =>
    partials.filter(({ afterReceipts }) => afterReceipts === count).map(({ signatures }) => signatures);
  const signed = receipts.flatMap(({ body: { outcome } }, i) => {
    const plans = outcome.type === "signed" ? outcome.plans.filter((one) => one.plan === plan.digest) : [];
    const rungs = plans.flatMap((one) => one.rungs.filter((given) => given.rung === rung));
    return [...rungs.map(({ signatures }) => signatures), ...after(i + 1)];
  });
  return [...after(0), ...signed];
}

function contradicts(why: string) {
  return EVIDENCE_CONTRADICTS(why, { field: "evidence" });
}
