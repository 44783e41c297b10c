import { makeDocument } from "../../src/core/document.ts";
import {
  REVIEW,
  type PlanReview,
  type ReviewDocument,
  type ReviewedEffect,
  type RungReview,
} from "../../src/core/documents/review.ts";
import { assert } from "../../src/core/errors.ts";
import { countSignatures } from "../../src/core/policy/counting.ts";
import { feeSharePermille, judgedUnits } from "../../src/core/policy/fee-caps.ts";
import type { PolicyIdentity } from "../../src/core/policy/policy.ts";
import type { Memory } from "../journal/memory.ts";
import { chainSigner } from "../sign/chains.ts";
import type { Container } from "./g1-container.ts";
import type { JudgedIntent } from "./g4-intents.ts";
import { attemptsOf } from "./g5-decode.ts";
import type { MatchedEffect, MatchedPlan, MatchedRung } from "./g6-effects.ts";
import type { LimitsLeft } from "./g9-limits.ts";
import { farChange, mergedWarnings } from "./review-warnings.ts";
import type { SignerState } from "./state.ts";

/**
 * What an officer gets to see, made from the decoded bytes and from nothing that the request says of them (law 1).
 * @param left what each plan leaves of its rows' limits
 */
export function reviewOf(
  {
    container: { request, parts },
    operator,
  }: { readonly container: Container; readonly operator: PolicyIdentity },
  plans: readonly MatchedPlan[],
  left: readonly (readonly LimitsLeft[])[],
  state: SignerState,
  memory: Memory,
): ReviewDocument {
  const { network, custody, policy, self } = state;
  return makeDocument(REVIEW, {
    kind: "review",
    version: 1,
    network,
    custody,
    request: request.digest,
    operator: { name: operator.name, person: operator.person },
    policy: policy.body.number,
    signer: self.name,
    epoch: self.epoch,
    plans: plans.map((plan, place) => reviewPlan(plan, left[place] ?? [], state, memory)),
    dead: parts.dead.map((document) => ({
      plan: document.body.plan,
      spentBy: document.body.spentBy,
      by: countSignatures(policy.body, "approver", document).map(({ identity }) => identity.name),
    })),
  });
}

function reviewPlan(
  matched: MatchedPlan,
  left: readonly LimitsLeft[],
  { network }: SignerState,
  memory: Memory,
): PlanReview {
  const { plan, wallet, rungs, cancel, intents } = matched;
  const attempts = attemptsOf(matched);
  const known = memory.indexes.get(wallet.name)?.change ?? -1;
  // A cancel rung is judged by what the plan pays, for it pays nobody itself.
  const moved = judgedUnits(rungs[0]?.effects ?? []);
  return {
    plan: plan.digest,
    chain: plan.body.chain,
    wallet: wallet.name,
    quorum: chainSigner(plan.body.chain).quorum(wallet, network),
    // G6 has made sure that all attempts spend the same coins.
    inputs: [...(rungs[0]?.inputs ?? [])],
    intents: intents.map((judged) => ({
      type: judged.intent.body.type,
      intent: judged.intent.body.id,
      row: judged.row.name,
      generation: judged.intent.body.generation,
      ...(judged.beneficiary === undefined
        ? {}
        : { beneficiary: { id: judged.beneficiary.body.id, digest: judged.beneficiary.digest } }),
      ...peopleOf(judged),
    })),
    rungs: rungs.map((rung) => reviewRung(rung, judgedUnits(rung.effects))),
    ...(cancel === undefined ? {} : { cancel: reviewRung(cancel, moved) }),
    limits: left.map(({ row, day, month }) => ({
      row,
      dayLeftUnits: day.toString(),
      monthLeftUnits: month.toString(),
    })),
    locks: [...new Set(attempts.flatMap(({ locks }) => locks))],
    warnings: mergedWarnings(
      attempts.map(({ warnings, effects }) => [...warnings, ...farChange(effects, wallet, known)]),
      cancel !== undefined,
    ),
  };
}

function reviewRung(rung: MatchedRung, movedUnits: bigint): RungReview {
  const share = rung.fee.units === 0n ? 0n : feeSharePermille(rung.fee.units, movedUnits);
  assert(share !== undefined, "G7 refuses a fee on nothing");
  return {
    transaction: rung.transaction,
    effects: rung.matched.map(reviewEffect),
    feeUnits: rung.fee.units.toString(),
    feeRateMilli: rung.fee.rateMilli.toString(),
    feeSharePermille: share.toString(),
  };
}

function reviewEffect({ effect, judged }: MatchedEffect): ReviewedEffect {
  const { account } = effect;
  if (effect.type === "change")
    return { type: "change", account, units: effect.units.toString(), path: effect.path };
  assert(judged !== undefined, "G6 gave every other effect its intent");
  const by = { intent: judged.intent.body.id, ...peopleOf(judged) };
  if (effect.type === "attest") return { type: "attest", account, message: effect.message, ...by };
  const of = { account, units: effect.units.toString(), ...by };
  return effect.type === "own"
    ? { ...of, type: "own", wallet: effect.wallet, path: effect.path }
    : { ...of, type: "pay", ...(effect.memo === undefined ? {} : { memo: effect.memo }) };
}

// Who released has approved it a second time, and may be another person.
function peopleOf({ approvers, releasers, clearedBy }: JudgedIntent) {
  return {
    approvedBy: [...new Set([...approvers, ...releasers].map(({ identity }) => identity.name))],
    ...(clearedBy.length === 0 ? {} : { clearedBy: clearedBy.map(({ identity }) => identity.name) }),
  };
}
