/**
 * What an officer confirmed is made again from the bytes and from people's signatures, and compared in every word but
 * those that only the signer could know: what was left of its limits, its locks and warnings, and the text of a quorum.
 */
import type { DecodedAttempt } from "../chains/adapter.ts";
import {
  decidedReview,
  effectKey,
  wantedKey,
  type JudgedIntent,
  type MatchedEffect,
  type MatchedRung,
} from "../chains/review.ts";
import { canonicalText, type Json } from "../core/canonical.ts";
import { fromEmbedded } from "../core/document.ts";
import type { ReceiptDocument } from "../core/documents/receipt.ts";
import { REVIEW, type PlanReview } from "../core/documents/review.ts";
import { countSignatures } from "../core/policy/counting.ts";
import { EVIDENCE_CONTRADICTS, notProven, proven, type Finding } from "./claim.ts";
import {
  decodePlan,
  payingIntent,
  policyNumber,
  requestOf,
  type OpenEvidence,
  type OpenPlan,
} from "./opened.ts";
import { allowed, heardBy, namesOf, officersOf, operatorOf, type Heard } from "./people.ts";

/** The officer signed a review that shows what the bytes do, and who had approved it. */
export function judgeReview(opened: OpenEvidence, receipt: ReceiptDocument): Finding {
  const { request: digest, signer, epoch, policy, outcome } = receipt.body;
  if (outcome.type === "refused") return notProven("nothing was signed, so nothing was confirmed");
  const { body, digest: confirmed } = fromEmbedded(REVIEW, outcome.review);
  const officers = officersOf(opened, receipt);
  if (officers.length === 0) throw contradicts("no officer has signed the review");
  const request = requestOf(opened, receipt);
  const { name, person } = operatorOf(opened, request);
  const about = { request: digest, signer, epoch, policy, operator: { name, person } };
  if (!same({ ...body, ...about }, body)) throw contradicts("the review is of another request or signer");
  const carried = request.parts.plans;
  if (body.plans.map(({ plan }) => plan).join() !== carried.map((plan) => plan.digest).join())
    throw contradicts("the review is not of the plans that the request carries");
  const heard = heardBy(opened, receipt);
  body.plans.forEach((shown, i) => {
    const plan = opened.plans.find(({ document }) => document.digest === carried[i]?.digest);
    if (plan !== undefined && !same(decided(opened, heard, plan, shown), shown))
      throw contradicts(`what was confirmed is not what ${plan.name} does, or not by whom it was approved`);
  });
  const dead = request.parts.dead.map((document) => ({
    plan: document.body.plan,
    spentBy: document.body.spentBy,
    by: namesOf(countSignatures(policyNumber(opened, policy), "approver", document)),
  }));
  if (!same(dead, body.dead)) throw contradicts("the review says something else of what is dead");
  return proven(
    `an officer signed a review that shows what the bytes do, and by whom it was approved: ${confirmed}`,
    namesOf(officers),
  );
}

function decided(opened: OpenEvidence, heard: Heard, plan: OpenPlan, shown: PlanReview): PlanReview {
  const { document } = plan;
  const intents = document.body.intents.map((digest): JudgedIntent => {
    const intent = payingIntent(heard.request, digest);
    const { body } = intent;
    const beneficiary =
      body.type === "withdrawal"
        ? heard.request.parts.beneficiaries.find((one) => one.digest === body.beneficiary)
        : undefined;
    return { ...allowed({ ...heard, intent }), intent, beneficiary };
  });
  const { rungs, cancel } = decodePlan(opened, plan);
  const asMade = decidedReview({
    plan: document,
    intents,
    rungs: rungs.map((rung) => matchedRung(rung, intents)),
    cancel: cancel && matchedRung(cancel, []),
  });
  const { quorum, limits, locks, warnings } = shown;
  return { ...asMade, quorum, limits, locks, warnings };
}

// Of several equal intents the last takes the first output, as at the signer (docs/formats.md, review).
function matchedRung(rung: DecodedAttempt<unknown>, intents: readonly JudgedIntent[]): MatchedRung {
  const open = intents.map((judged) => ({ judged, key: wantedKey(judged) }));
  const matched = rung.effects.map((effect): MatchedEffect => {
    if (effect.type === "change") return { effect };
    const key = effectKey(effect);
    const place = open.findLastIndex((one) => one.key === key);
    const [settled] = place < 0 ? [] : open.splice(place, 1);
    if (settled === undefined) throw contradicts("an attempt pays something else than its intents");
    return { effect, judged: settled.judged };
  });
  return { ...rung, matched };
}

function same(one: Json, other: Json): boolean {
  return canonicalText(one) === canonicalText(other);
}

function contradicts(why: string) {
  return EVIDENCE_CONTRADICTS(why, { field: "evidence" });
}
