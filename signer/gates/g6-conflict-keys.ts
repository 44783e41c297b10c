/** G6: what a plan's attempts compete for is what the plan says, and no other plan of the request competes for it. */
import { allAttempts } from "../../src/chains/attempts.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { DecodedPlan } from "./g5-decode.ts";

const CONFLICT_KEYS_DIFFER = declareRule(
  "G6",
  "CONFLICT_KEYS_DIFFER",
  "an attempt spends other coins than its plan says, or in another order.",
);
const COIN_IN_TWO_PLANS = declareRule(
  "G6",
  "COIN_IN_TWO_PLANS",
  "two plans of the request compete for one coin.",
);

const BUILD_AGAIN = "build the plan again: custody withdraw build --wallet WALLET";

/** All attempts compete for the very same coins: at most one of them can ever settle (invariant I4). @throws Refusal of G6 */
export function assertConflictKeys(decoded: DecodedPlan): void {
  const { id, conflictKeys: stated } = decoded.plan.body;
  allAttempts(decoded).forEach(({ conflictKeys: found }, place) => {
    if (stated.length === found.length && stated.every((key, i) => key === found[i])) return;
    throw CONFLICT_KEYS_DIFFER(`plan ${id}, attempt ${place}: it spends other coins than the plan says`, {
      field: "plan.conflictKeys",
      hint: BUILD_AGAIN,
    });
  });
}

/** @throws Refusal of G6 */
export function assertCoinsOnce(plans: readonly DecodedPlan[]): void {
  const seen = new Set<string>();
  for (const { plan } of plans) {
    for (const key of plan.body.conflictKeys) {
      if (seen.has(key)) {
        throw COIN_IN_TWO_PLANS(`plan ${plan.body.id} and another spend ${key}`, {
          field: "plan.conflictKeys",
          hint: BUILD_AGAIN,
        });
      }
      seen.add(key);
    }
  }
}
