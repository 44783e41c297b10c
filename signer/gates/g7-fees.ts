/** G7: fees computed from amounts that we verified ourselves, against the policy's caps (attack B12, failure F15). */
import { allAttempts, dearestFee } from "../../src/chains/attempts.ts";
import { declareRule } from "../../src/core/gate.ts";
import { findRules } from "../../src/core/policy/entries.ts";
import { feeCapsOf, planExcess } from "../../src/core/policy/fee-caps.ts";
import type { ChainRules } from "../../src/core/policy/policy.ts";
import { signsMessage } from "./g6-message.ts";
import type { MatchedPlan } from "./matched-plan.ts";
import type { SignerState } from "./state.ts";

const NO_CAPS = declareRule("G7", "NO_CAPS", "the policy has no fee caps for the chain.");
const FEE_MISSTATED = declareRule(
  "G7",
  "FEE_MISSTATED",
  "an attempt's fee is not the one that the plan states.",
);
const FEE_TOO_HIGH = declareRule("G7", "FEE_TOO_HIGH", "a fee is above the policy's absolute cap.");
const FEE_RATE_TOO_HIGH = declareRule("G7", "FEE_RATE_TOO_HIGH", "a fee is above the policy's cap by size.");
const FEE_SHARE_TOO_HIGH = declareRule(
  "G7",
  "FEE_SHARE_TOO_HIGH",
  "a fee is above the policy's share of what is moved.",
);
const RUNGS_OUT_OF_ORDER = declareRule(
  "G7",
  "RUNGS_OUT_OF_ORDER",
  "attempts do not rise from the cheapest rung over the dearest to the cancel rung.",
);
const LADDER_TOO_STEEP = declareRule(
  "G7",
  "LADDER_TOO_STEEP",
  "the dearest attempt costs too many times the cheapest.",
);

const FEE_ON_MESSAGE = declareRule(
  "G7",
  "FEE_ON_MESSAGE",
  "what signs a message, and moves nothing, has a fee.",
);

const RULES = {
  absolute: FEE_TOO_HIGH,
  rate: FEE_RATE_TOO_HIGH,
  share: FEE_SHARE_TOO_HIGH,
  ladder: LADDER_TOO_STEEP,
} as const;
const RULES_HINT =
  "build the plan again with a lower fee, or let the admins change the caps in the next policy";

/** Every attempt is within the caps, so the dearest is. @throws Refusal of G7 */
export function assertFees(plans: readonly MatchedPlan[], state: SignerState): void {
  for (const matched of plans) {
    const { chain } = matched.plan.body;
    const rules = findRules(state.policy.body, chain);
    if (rules === undefined)
      throw NO_CAPS(`the policy has no rules for ${chain}`, { field: "policy.chains", hint: RULES_HINT });
    assertStated(matched);
    assertRising(matched);
    if (signsMessage(matched)) assertFree(matched);
    else assertCaps(matched, rules);
  }
}

function assertStated({ plan, rungs, cancel }: MatchedPlan): void {
  const stated = allAttempts<{ readonly feeUnits: string }>(plan.body);
  allAttempts({ rungs, cancel }).forEach(({ fee }, place) => {
    const feeUnits = stated[place]?.feeUnits;
    if (feeUnits === fee.units.toString()) return;
    throw FEE_MISSTATED(
      `plan ${plan.body.id}, attempt ${place}: its fee is ${fee.units}, the plan says ${feeUnits}`,
      { field: "plan.rungs.feeUnits", hint: "do not sign: somebody changed the transaction or the plan" },
    );
  });
}

// By how much the chain's nodes ask an attempt to exceed the one it replaces, the codec has checked for the cancel rung.
function assertRising(matched: MatchedPlan): void {
  const fees = allAttempts(matched).map(({ fee }) => fee.units);
  // Where others pay for it, nothing rises: of no attempt a node sees a fee of ours.
  if (fees.every((fee) => fee === 0n)) return;
  const place = fees.findIndex((fee, i) => i > 0 && fee <= (fees[i - 1] as bigint));
  if (place < 0) return;
  throw RUNGS_OUT_OF_ORDER(
    `plan ${matched.plan.body.id}: attempt ${place} is not dearer than the one before it`,
    { field: "plan.rungs", hint: RULES_HINT },
  );
}

function assertCaps(matched: MatchedPlan, rules: ChainRules): void {
  const found = planExcess(matched, feeCapsOf(rules));
  if (found === undefined) return;
  const { attempt, excess } = found;
  throw RULES[excess.cap](`plan ${matched.plan.body.id}, ${attempt}: ${excess.why}`, {
    field: `policy.chains.fees.${excess.field}`,
    hint: RULES_HINT,
  });
}

// A share of nothing has no number, so no cap could judge it: where nothing moves, nothing is paid for it.
function assertFree(matched: MatchedPlan): void {
  const fee = dearestFee(matched);
  if (fee === 0n) return;
  throw FEE_ON_MESSAGE(`plan ${matched.plan.body.id}: it signs a message and has a fee of ${fee}`, {
    field: "plan.rungs.feeUnits",
    hint: "do not sign: somebody changed the transaction or the plan",
  });
}
