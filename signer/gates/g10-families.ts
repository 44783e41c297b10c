/**
 * G10: an intent family is paid at most once. Every earlier attempt that this signer has signed for a family, not only
 * the newest, must share a coin with the new one, so that at most one of them can ever settle (law 4, failures F3, F5);
 * or people vouch that it is dead, and the new intent is of a later generation. A family that this signer has closed
 * stays closed. A cancel is a family of its own: it pays only ourselves and is no attempt of what it ends (law 9).
 */
import type { DeadDocument } from "../../src/core/documents/dead.ts";
import { familyKeys, familyOf, sameFamily, type Family } from "../../src/core/documents/family.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { PolicyIdentity } from "../../src/core/policy/policy.ts";
import type { EarlierAttempt, Memory, RememberedPlan } from "../journal/memory.ts";
import type { Container } from "./g1-container.ts";
import { assertDead, deadByPlan, type Graveyard } from "./g10-dead.ts";
import type { JudgedIntent } from "../../src/chains/review.ts";
import type { MatchedPlan } from "./matched-plan.ts";
import type { SignerState } from "./state.ts";

const FAMILY_TWICE = declareRule("G10", "FAMILY_TWICE", "two intents of the request are one family.");
const FAMILY_VOIDED = declareRule("G10", "FAMILY_VOIDED", "this signer has closed the intent's family.");
const DEAD_STRAY = declareRule(
  "G10",
  "DEAD_STRAY",
  "a proof of death is in the request that nothing there needs.",
);

/** @throws Refusal of G10 */
export function assertFamilies(
  { parts }: Container,
  plans: readonly MatchedPlan[],
  memory: Memory,
  { policy }: SignerState,
  operator: PolicyIdentity,
): void {
  const intents = plans.flatMap((plan) => plan.intents);
  assertDistinct(intents.map(({ intent }) => familyOf(intent.body)));
  assertOpen(intents, memory);
  const graveyard: Graveyard = { dead: deadByPlan(parts.dead), policy: policy.body, operator };
  for (const { plan, intents: planned } of plans) {
    const shares = sharing(new Set(plan.body.conflictKeys));
    for (const judged of planned)
      for (const attempt of earlierOf(judged, memory))
        if (!shares(attempt.of)) assertDead(judged, attempt, graveyard, plan.body.id);
  }
  assertDeadWanted(parts.dead, intents);
}

// Which plans were signed, each signer knows for itself; but a first generation needs no proof of death at any.
function assertDeadWanted(dead: readonly DeadDocument[], intents: readonly JudgedIntent[]): void {
  const [stray] = dead;
  if (stray === undefined || intents.some(({ intent }) => intent.body.generation > 1)) return;
  throw DEAD_STRAY(`the request holds a proof of death of plan ${stray.body.plan} and no later generation`, {
    field: "dead",
    hint: "export the request again: custody withdraw export PLAN --out request.json",
  });
}

function earlierOf({ intent }: JudgedIntent, { attempts }: Memory): readonly EarlierAttempt[] {
  const found = familyKeys(familyOf(intent.body)).flatMap((key) => attempts.get(key) ?? []);
  return [...new Set(found)];
}

// A batch of a thousand intents asks a thousand times about the same earlier plan, which may have two thousand coins.
function sharing(keys: ReadonlySet<string>): (earlier: RememberedPlan) => boolean {
  const known = new Map<RememberedPlan, boolean>();
  return (earlier) => {
    const answer = known.get(earlier) ?? earlier.conflictKeys.some((key) => keys.has(key));
    known.set(earlier, answer);
    return answer;
  };
}

function assertOpen(intents: readonly JudgedIntent[], { voided }: Memory): void {
  for (const { intent } of intents) {
    if (!familyKeys(familyOf(intent.body)).some((key) => voided.has(key))) continue;
    throw FAMILY_VOIDED(`intent ${intent.body.id}: this signer has signed a void of its family`, {
      field: "intents",
      hint: "ask for a new payment with a new client key",
    });
  }
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
