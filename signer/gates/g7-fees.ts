/** G7: fees computed from amounts that we verified ourselves, against the policy's caps (attack B12, failure F15). */
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import { declareRule } from "../../src/core/gate.ts";
import { feeExcess } from "../../src/core/policy/fee-caps.ts";
import type { ChainRules } from "../../src/core/policy/policy.ts";
import type { MatchedPlan } from "./g6-effects.ts";
import type { SignerState } from "./state.ts";

const NO_CAPS = declareRule("G7", "NO_CAPS", "the policy has no fee caps for the chain.");
const FEE_MISSTATED = declareRule("G7", "FEE_MISSTATED", "a rung's fee is not the one that the plan states.");
const FEE_TOO_HIGH = declareRule("G7", "FEE_TOO_HIGH", "a fee is above the policy's absolute cap.");
const FEE_RATE_TOO_HIGH = declareRule("G7", "FEE_RATE_TOO_HIGH", "a fee is above the policy's cap by size.");
const FEE_SHARE_TOO_HIGH = declareRule(
  "G7",
  "FEE_SHARE_TOO_HIGH",
  "a fee is above the policy's share of what is paid.",
);
const RUNGS_OUT_OF_ORDER = declareRule(
  "G7",
  "RUNGS_OUT_OF_ORDER",
  "rungs do not rise from the cheapest to the dearest.",
);
const LADDER_TOO_STEEP = declareRule(
  "G7",
  "LADDER_TOO_STEEP",
  "the dearest rung costs too many times the cheapest.",
);

const RULES_HINT =
  "build the plan again with a lower fee, or let the admins change the caps in the next policy";

/** Base units that an attempt pays to others. */
export function paidUnits({ effects }: DecodedAttempt<unknown>): bigint {
  return effects.reduce((total, effect) => (effect.type === "pay" ? total + effect.units : total), 0n);
}

/** Every rung is within the caps, so the dearest is. @throws Refusal of G7 */
export function assertFees(plans: readonly MatchedPlan[], state: SignerState): void {
  for (const { plan, rungs } of plans) {
    const rules = state.policy.body.chains.find(({ chain }) => chain === plan.body.chain);
    if (rules === undefined)
      throw NO_CAPS(`the policy has no rules for ${plan.body.chain}`, {
        field: "policy.chains",
        hint: RULES_HINT,
      });
    rungs.forEach(({ attempt }, index) => {
      const where = `plan ${plan.body.id}, rung ${index}`;
      const stated = plan.body.rungs[index]?.feeUnits;
      if (stated !== attempt.fee.units.toString()) {
        throw FEE_MISSTATED(`${where}: its fee is ${attempt.fee.units}, the plan says ${stated}`, {
          field: "plan.rungs.feeUnits",
          hint: "do not sign: somebody changed the transaction or the plan",
        });
      }
      assertCaps(attempt, rules, where);
    });
    assertLadder(
      rungs.map(({ attempt }) => attempt.fee.units),
      rules,
      `plan ${plan.body.id}`,
    );
  }
}

const CAP_RULES = { absolute: FEE_TOO_HIGH, rate: FEE_RATE_TOO_HIGH, share: FEE_SHARE_TOO_HIGH } as const;

function assertCaps(attempt: DecodedAttempt<unknown>, { fees }: ChainRules, where: string): void {
  const excess = feeExcess(attempt.fee, paidUnits(attempt), fees);
  if (excess === undefined) return;
  throw CAP_RULES[excess.cap](`${where}: ${excess.why}`, {
    field: `policy.chains.fees.${excess.field}`,
    hint: RULES_HINT,
  });
}

function assertLadder(fees: readonly bigint[], rules: ChainRules, where: string): void {
  const unordered = fees.findIndex((fee, i) => i > 0 && fee <= (fees[i - 1] as bigint));
  if (unordered >= 0) {
    throw RUNGS_OUT_OF_ORDER(`${where}: rung ${unordered} is not dearer than the one before it`, {
      field: "plan.rungs",
      hint: RULES_HINT,
    });
  }
  const [cheapest, dearest] = [fees[0] as bigint, fees[fees.length - 1] as bigint];
  if (dearest > cheapest * BigInt(rules.fees.ladderRatioMax)) {
    throw LADDER_TOO_STEEP(
      `${where}: the dearest rung costs ${dearest}, more than ${rules.fees.ladderRatioMax} times ${cheapest}`,
      { field: "policy.chains.fees.ladderRatioMax", hint: RULES_HINT },
    );
  }
}
