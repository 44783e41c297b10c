import type { Effect } from "../../src/chains/adapter.ts";
import { makeDocument } from "../../src/core/document.ts";
import {
  REVIEW,
  type PlanReview,
  type ReviewDocument,
  type ReviewedEffect,
  type RungReview,
} from "../../src/core/documents/review.ts";
import { assert } from "../../src/core/errors.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import { highestChangeIndex } from "../journal/memory.ts";
import { chainSigner } from "../sign/chains.ts";
import type { Container } from "./g1-container.ts";
import type { MatchedEffect, MatchedPlan, MatchedRung } from "./g6-effects.ts";
import { feeSharePermille } from "../../src/core/policy/fee-caps.ts";
import { paidUnits } from "./g7-fees.ts";
import type { SignerState } from "./state.ts";

/** What an officer gets to see, made from the decoded bytes and from nothing that the request says of them (law 1). */
export function reviewOf(
  { request }: Container,
  plans: readonly MatchedPlan[],
  state: SignerState,
): ReviewDocument {
  const { network, custody, policy, self } = state;
  return makeDocument(REVIEW, {
    kind: "review",
    version: 1,
    network,
    custody,
    request: request.digest,
    policy: policy.body.number,
    signer: self.name,
    epoch: self.epoch,
    plans: plans.map((plan) => reviewPlan(plan, state)),
  });
}

function reviewPlan({ plan, wallet, rungs }: MatchedPlan, { network, journal }: SignerState): PlanReview {
  const attempts = rungs.map(({ attempt }) => attempt);
  return {
    plan: plan.digest,
    chain: plan.body.chain,
    wallet: wallet.name,
    quorum: chainSigner(plan.body.chain).quorum(wallet, network),
    // G6 has made sure that all rungs spend the same coins.
    inputs: [...(attempts[0]?.inputs ?? [])],
    rungs: rungs.map(reviewRung),
    locks: [...new Set(attempts.flatMap(({ locks }) => locks))],
    warnings: warningsOf([
      ...attempts.map(({ warnings }) => warnings),
      ...attempts.map(({ effects }) => farChange(effects, wallet, highestChangeIndex(journal, wallet.name))),
    ]),
  };
}

function shareOf(attempt: MatchedRung["attempt"]): bigint {
  const share = feeSharePermille(attempt.fee.units, paidUnits(attempt));
  assert(share !== undefined, "every plan pays an intent");
  return share;
}

// Law 10 lets change follow the inputs; an input far up, which anybody can plant, is for the officer to wonder at (B7).
function farChange(effects: readonly Effect[], wallet: PolicyWallet, highest: number): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === "change" && effect.index > highest + wallet.indexGap
      ? [`change goes to index ${effect.index}; the highest that this signer has signed for is ${highest}`]
      : [],
  );
}

function reviewRung({ attempt, matched }: MatchedRung): RungReview {
  return {
    transaction: attempt.transaction,
    effects: matched.map(reviewEffect),
    feeUnits: attempt.fee.units.toString(),
    feeRateMilli: attempt.fee.rateMilli.toString(),
    feeSharePermille: shareOf(attempt).toString(),
  };
}

function reviewEffect({ effect, judged }: MatchedEffect): ReviewedEffect {
  const units = effect.units.toString();
  if (effect.type === "change") return { type: "change", account: effect.account, units, path: effect.path };
  assert(judged !== undefined, "G6 gave every payment its intent");
  return {
    type: "pay",
    account: effect.account,
    ...(effect.memo === undefined ? {} : { memo: effect.memo }),
    units,
    intent: judged.intent.body.id,
    approvedBy: judged.approvers.map(({ identity }) => identity.name),
  };
}

// Once each, with the rung that it is about unless it is about all of them.
function warningsOf(rungs: readonly (readonly string[])[]): string[] {
  const all = [...new Set(rungs.flat())];
  return all
    .map((warning) => {
      const about = rungs.flatMap((warnings, index) => (warnings.includes(warning) ? [index] : []));
      return about.length === rungs.length ? warning : `rung ${about.join(", ")}: ${warning}`;
    })
    .slice(0, 64);
}
