/** G6: what the bytes do is what people approved, one to one; everything else must be proven change (laws 9 and 10). */
import type { Effect } from "../../src/chains/adapter.ts";
import { splitAccount } from "../../src/core/account.ts";
import { assetFacts } from "../../src/core/asset.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { JudgedIntent } from "./g4-intents.ts";
import type { DecodedPlan, DecodedRung } from "./g5-decode.ts";

const ASSET_ELSEWHERE = declareRule(
  "G6",
  "ASSET_ELSEWHERE",
  "an intent's asset or account is not on the plan's chain.",
);
const EFFECT_WITHOUT_INTENT = declareRule(
  "G6",
  "EFFECT_WITHOUT_INTENT",
  "a payment belongs to no approved intent.",
);
const INTENT_WITHOUT_EFFECT = declareRule("G6", "INTENT_WITHOUT_EFFECT", "an approved intent is not paid.");
const CHANGE_TWICE = declareRule("G6", "CHANGE_TWICE", "a transaction has more than one change output.");
const CONFLICT_KEYS_DIFFER = declareRule(
  "G6",
  "CONFLICT_KEYS_DIFFER",
  "a rung spends other coins than its plan says, or in another order.",
);
const COIN_IN_TWO_PLANS = declareRule(
  "G6",
  "COIN_IN_TWO_PLANS",
  "two plans of the request compete for one coin.",
);

const BUILD_AGAIN = "build the plan again: custody withdraw build --wallet WALLET";

/** Each effect of a rung with the intent that it settles; change has none. */
export type MatchedEffect = { readonly effect: Effect; readonly judged?: JudgedIntent };
export type MatchedRung = DecodedRung & { readonly matched: readonly MatchedEffect[] };
export type MatchedPlan = Omit<DecodedPlan, "rungs"> & { readonly rungs: readonly MatchedRung[] };

/** @throws Refusal of G6 */
export function matchEffects(plans: readonly DecodedPlan[]): readonly MatchedPlan[] {
  assertCoinsOnce(plans);
  return plans.map((decoded) => {
    assertAssets(decoded);
    const rungs = decoded.rungs.map((rung, index) => {
      assertConflictKeys(decoded, rung, index);
      return { ...rung, matched: matchRung(decoded, rung, index) };
    });
    return { ...decoded, rungs };
  });
}

function matchRung(
  { plan, intents }: DecodedPlan,
  { attempt }: DecodedRung,
  index: number,
): readonly MatchedEffect[] {
  const where = `plan ${plan.body.id}, rung ${index}`;
  const open = new Map<string, JudgedIntent[]>();
  for (const judged of intents) {
    const key = effectKey(
      judged.beneficiary.body.account,
      judged.beneficiary.body.memo,
      judged.intent.body.units,
    );
    open.set(key, [...(open.get(key) ?? []), judged]);
  }
  let left = intents.length;
  const matched = attempt.effects.map((effect): MatchedEffect => {
    if (effect.type === "change") return { effect };
    const judged = open.get(effectKey(effect.account, effect.memo, effect.units.toString()))?.shift();
    if (judged === undefined) {
      throw EFFECT_WITHOUT_INTENT(
        `${where}: it pays ${effect.units} base units to ${splitAccount(effect.account).address}, which no intent of the plan asks for`,
        { field: "plan.rungs", hint: "do not sign: somebody changed the transaction or the plan" },
      );
    }
    left--;
    return { effect, judged };
  });
  if (left > 0) {
    throw INTENT_WITHOUT_EFFECT(`${where}: ${left} of ${intents.length} intents are not paid`, {
      field: "plan.rungs",
      hint: BUILD_AGAIN,
    });
  }
  if (matched.filter(({ effect }) => effect.type === "change").length > 1) {
    throw CHANGE_TWICE(`${where}: it has more than one change output`, {
      field: "plan.rungs",
      hint: BUILD_AGAIN,
    });
  }
  return matched;
}

function assertAssets({ plan, intents }: DecodedPlan): void {
  for (const { intent, beneficiary } of intents) {
    const chains = [assetFacts(intent.body.asset).chain, splitAccount(beneficiary.body.account).chain];
    if (chains.every((chain) => chain === plan.body.chain)) continue;
    throw ASSET_ELSEWHERE(`intent ${intent.body.id} pays on another chain than plan ${plan.body.id}`, {
      field: "intent.asset",
      hint: BUILD_AGAIN,
    });
  }
}

// The rungs of a plan compete for the very same coins: at most one of them can settle it (invariant I4).
function assertConflictKeys({ plan }: DecodedPlan, { attempt }: DecodedRung, index: number): void {
  const stated = plan.body.conflictKeys;
  const found = attempt.conflictKeys;
  if (stated.length === found.length && stated.every((key, i) => key === found[i])) return;
  throw CONFLICT_KEYS_DIFFER(
    `plan ${plan.body.id}, rung ${index}: it spends other coins than the plan says`,
    {
      field: "plan.conflictKeys",
      hint: BUILD_AGAIN,
    },
  );
}

function assertCoinsOnce(plans: readonly DecodedPlan[]): void {
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

// JSON quotes the parts, so that no account or memo can be written to look like another pair.
function effectKey(account: string, memo: string | undefined, units: string): string {
  return JSON.stringify([account, memo ?? null, units]);
}
