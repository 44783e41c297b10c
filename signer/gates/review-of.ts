import { allAttempts, placedAttempts } from "../../src/chains/attempts.ts";
import { decidedReview, namedToken } from "../../src/chains/review.ts";
import { makeDocument } from "../../src/core/document.ts";
import { REVIEW, type PlanReview, type ReviewDocument } from "../../src/core/documents/review.ts";
import { countSignatures } from "../../src/core/policy/counting.ts";
import type { PolicyIdentity } from "../../src/core/policy/policy.ts";
import type { Memory } from "../journal/memory.ts";
import { chainSigner } from "../sign/chains.ts";
import type { Container } from "./g1-container.ts";
import type { MatchedPlan } from "./matched-plan.ts";
import type { LimitsLeft } from "./g9-limits.ts";
import { calledContracts, farChange, mergedWarnings } from "./review-warnings.ts";
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
  const { plan, wallet } = matched;
  const known = memory.indexes.get(wallet.name)?.change ?? -1;
  const called = calledContracts(matched.intents.map(({ beneficiary }) => beneficiary));
  return {
    ...decidedReview(matched),
    quorum: chainSigner(plan.body.chain).quorum(wallet, network),
    limits: left.map(({ row, asset, day, month }) => ({
      row,
      ...namedToken(asset),
      dayLeftUnits: day.toString(),
      monthLeftUnits: month.toString(),
    })),
    locks: [...new Set(allAttempts(matched).flatMap(({ locks }) => locks))],
    warnings: mergedWarnings(
      placedAttempts(matched).map(([rung, { warnings, effects }]) => [
        rung,
        [...warnings, ...farChange(effects, wallet, known), ...(rung === "cancel" ? [] : called)],
      ]),
    ),
  };
}
