/**
 * G10: an intent family is paid at most once. Every earlier attempt that this signer has signed for a family, not only
 * the newest, must share a coin with the new one, so that at most one of them can ever settle (law 4, failures F3, F5).
 */
import type { Family, SignedPlan } from "../../src/core/documents/receipt.ts";
import { declareRule } from "../../src/core/gate.ts";
import { sameFamily, signedPlans } from "../journal/memory.ts";
import type { JudgedIntent } from "./g4-intents.ts";
import type { MatchedPlan } from "./g6-effects.ts";
import type { SignerState } from "./state.ts";

const FAMILY_TWICE = declareRule("G10", "FAMILY_TWICE", "two intents of the request are one family.");
const NO_SHARED_COIN = declareRule(
  "G10",
  "NO_SHARED_COIN",
  "an earlier attempt of the same family could settle beside the new one.",
);

/** The family of an intent. */
export function familyOf({ intent: { body } }: JudgedIntent): Family {
  return { intent: body.id, customer: body.customer, clientKey: body.clientKey };
}

/** @throws Refusal of G10 */
export function assertFamilies(plans: readonly MatchedPlan[], state: SignerState): void {
  assertDistinct(plans.flatMap(({ intents }) => intents.map(familyOf)));
  const earlier = attemptsByFamily(signedPlans(state.journal));
  for (const { plan, intents, rungs } of plans) {
    for (const family of intents.map(familyOf)) {
      for (const attempt of familyKeys(family).flatMap((key) => earlier.get(key) ?? [])) {
        const stranger = rungs.findIndex(
          (rung) => !rung.attempt.conflictKeys.some((key) => attempt.coins.has(key)),
        );
        if (stranger < 0) continue;
        throw NO_SHARED_COIN(
          `plan ${plan.body.id}, rung ${stranger}: intent ${family.intent} was signed before, in plan ${attempt.plan}, with other coins`,
          {
            field: "plan.conflictKeys",
            hint: `build a plan that spends a coin of the earlier one: custody withdraw show ${family.intent}`,
          },
        );
      }
    }
  }
}

type EarlierAttempt = { readonly plan: string; readonly coins: ReadonlySet<string> };

function attemptsByFamily(signed: readonly SignedPlan[]): ReadonlyMap<string, readonly EarlierAttempt[]> {
  const found = new Map<string, EarlierAttempt[]>();
  for (const { plan, families, conflictKeys } of signed) {
    const attempt = { plan, coins: new Set(conflictKeys) };
    for (const key of families.flatMap(familyKeys)) found.set(key, [...(found.get(key) ?? []), attempt]);
  }
  return found;
}

// A family is known by its intent's id, and by its client key for this customer: either is enough (failure F1).
function familyKeys({ intent, customer, clientKey }: Family): readonly string[] {
  return [`intent:${intent}`, `client:${customer}:${clientKey}`];
}

function assertDistinct(families: readonly Family[]): void {
  const seen = new Map<string, Family>();
  for (const family of families) {
    for (const key of familyKeys(family)) {
      const other = seen.get(key);
      if (other !== undefined && sameFamily(other, family)) {
        throw FAMILY_TWICE(
          `intents ${other.intent} and ${family.intent} carry one client key of one customer`,
          {
            field: "intents.clientKey",
            hint: "custody withdraw queue",
          },
        );
      }
      seen.set(key, family);
    }
  }
}
