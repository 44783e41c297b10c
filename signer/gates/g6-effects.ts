/** G6: what the bytes do is what people approved, one to one; everything else must be proven change (laws 9 and 10). */
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import type { Effect } from "../../src/chains/effect.ts";
import { splitAccount } from "../../src/core/account.ts";
import { assetFacts } from "../../src/core/asset.ts";
import { assert } from "../../src/core/errors.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { Memory } from "../journal/memory.ts";
import {
  effectKey,
  wantedKey,
  type JudgedIntent,
  type MatchedEffect,
  type MatchedRung,
} from "../../src/chains/review.ts";
import type { DecodedPlan } from "./g5-decode.ts";
import { contractFault } from "../../src/chains/contracts.ts";
import { assertCoinsOnce, assertConflictKeys } from "./g6-conflict-keys.ts";
import { matchControl } from "./g6-control.ts";
import { matchMessage } from "./g6-message.ts";
import { assertOwnCoins, assertOwnIndex, CHANGE_ALONE } from "./g6-own-coins.ts";
import type { MatchedPlan } from "./matched-plan.ts";
import type { SignerState } from "./state.ts";

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
const CANCEL_MISSING = declareRule(
  "G6",
  "CANCEL_MISSING",
  "a plan that pays has no cancel rung, so nothing could end it.",
);
const CANCEL_UNASKED = declareRule(
  "G6",
  "CANCEL_UNASKED",
  "a plan that pays nobody has a cancel rung all the same.",
);

const CONTRACT_NOT_ALONE = declareRule(
  "G6",
  "CONTRACT_NOT_ALONE",
  "a contract is paid in a plan with others.",
);
const CONTRACT_GAS = declareRule(
  "G6",
  "CONTRACT_GAS",
  "a destination gets more gas than people have signed for it.",
);

/** What moves nothing, and is no payment's. */
const UNASKED = { attest: "signs a message for", control: "changes who commands" } as const;

const BUILD_AGAIN = "build the plan again: custody withdraw build --wallet WALLET";

/** @throws Refusal of G6 */
export function matchEffects(
  plans: readonly DecodedPlan[],
  state: SignerState,
  memory: Memory,
): readonly MatchedPlan[] {
  assertCoinsOnce(plans);
  return plans.map((decoded) => {
    assertTypes(decoded);
    assertCancel(decoded);
    assertConflictKeys(decoded);
    const rungs = decoded.rungs.map((rung, place) => {
      const matched = matchRung(decoded, rung, `plan ${decoded.plan.body.id}, rung ${place + 1}`);
      for (const { effect } of matched) assertOwnIndex(effect, state, memory);
      return { ...rung, matched };
    });
    return { ...decoded, rungs, cancel: decoded.cancel && matchCancel(decoded.cancel, decoded) };
  });
}

/** Whether a plan's intents are paid by it; else it moves the paying wallet's own coins alone, or signs a message. */
function pays({ intents }: DecodedPlan): boolean {
  return intents.every(({ intent: { body } }) => body.type === "withdrawal" || body.type === "transfer");
}

function assertTypes({ plan, intents }: DecodedPlan): void {
  for (const { intent, beneficiary } of intents) {
    const { id, asset } = intent.body;
    const account = beneficiary === undefined ? [] : [splitAccount(beneficiary.body.account).chain];
    if ([assetFacts(asset).chain, ...account].every((chain) => chain === plan.body.chain)) continue;
    throw ASSET_ELSEWHERE(`intent ${id} is about another chain than plan ${plan.body.id}`, {
      field: "intent.asset",
      hint: BUILD_AGAIN,
    });
  }
}

// An approved payment that nobody can end would hold its customer's money for ever (law 3), so the end is signed with it.
function assertCancel(decoded: DecodedPlan): void {
  const { plan, cancel } = decoded;
  if (pays(decoded) && cancel === undefined) {
    throw CANCEL_MISSING(`plan ${plan.body.id} pays and has no cancel rung`, {
      field: "plan.cancel",
      hint: BUILD_AGAIN,
    });
  }
  if (!pays(decoded) && cancel !== undefined) {
    throw CANCEL_UNASKED(`plan ${plan.body.id} pays nobody and has a cancel rung`, {
      field: "plan.cancel",
      hint: BUILD_AGAIN,
    });
  }
}

function matchRung(decoded: DecodedPlan, attempt: DecodedAttempt<unknown>, where: string) {
  const matched = pays(decoded)
    ? matchPayments(decoded, attempt, where)
    : matchOwnCoins(decoded, attempt, where);
  if (matched.filter(({ effect }) => effect.type === "change").length > 1) {
    throw CHANGE_TWICE(`${where}: it has more than one change output`, {
      field: "plan.rungs",
      hint: BUILD_AGAIN,
    });
  }
  return matched;
}

function matchPayments(
  { intents }: DecodedPlan,
  { effects }: DecodedAttempt<unknown>,
  where: string,
): readonly MatchedEffect[] {
  const open = new Map<string, JudgedIntent[]>();
  for (const judged of intents) {
    const key = wantedKey(judged);
    const same = open.get(key);
    if (same === undefined) open.set(key, [judged]);
    else same.push(judged);
  }
  let left = intents.length;
  const matched = effects.map((effect): MatchedEffect => {
    if (effect.type === "change") return { effect };
    const judged = open.get(effectKey(effect))?.pop();
    if (judged === undefined) {
      const does = "units" in effect ? `pays ${effect.units} base units to` : UNASKED[effect.type];
      throw EFFECT_WITHOUT_INTENT(
        `${where}: it ${does} ${splitAccount(effect.account).address}, which no intent of the plan asks for`,
        { field: "plan.base", hint: "do not sign: somebody changed the transaction or the plan" },
      );
    }
    left--;
    return { effect, judged };
  });
  if (left === 0) {
    assertContracts(intents, effects, where);
    return matched;
  }
  throw INTENT_WITHOUT_EFFECT(`${where}: ${left} of ${intents.length} intents are not paid`, {
    field: "plan.base",
    hint: BUILD_AGAIN,
  });
}

function assertContracts(intents: DecodedPlan["intents"], effects: readonly Effect[], where: string): void {
  const destinations = intents.map(({ beneficiary }) => beneficiary);
  const fault = contractFault(destinations, effects);
  if (fault === undefined) return;
  const rule = { NOT_ALONE: CONTRACT_NOT_ALONE, GAS: CONTRACT_GAS }[fault.rule];
  throw rule(`${where}: ${fault.why}`, { field: "plan.base", hint: BUILD_AGAIN });
}

function matchOwnCoins(
  { intents, plan }: DecodedPlan,
  attempt: DecodedAttempt<unknown>,
  where: string,
): readonly MatchedEffect[] {
  const [judged] = intents;
  assert(judged !== undefined, "G4 leaves such an intent alone in its plan");
  if (judged.intent.body.type === "attest") return [matchMessage(judged, attempt, where)];
  if (judged.intent.body.type === "control") return [matchControl(judged, attempt, where)];
  assertOwnCoins(judged.intent.body, attempt, plan.body.conflictKeys, where);
  return attempt.effects.map((effect) => ({ effect }));
}

// A cancel rung needs no intent of its own: it brings the plan's coins back to where they are.
function matchCancel(cancel: DecodedAttempt<unknown>, { plan }: DecodedPlan): MatchedRung {
  const [effect, ...others] = cancel.effects;
  if (effect?.type === "change" && others.length === 0) return { ...cancel, matched: [{ effect }] };
  throw CHANGE_ALONE(`plan ${plan.body.id}: its cancel rung does more than bring the coins back`, {
    field: "plan.cancel",
    hint: BUILD_AGAIN,
  });
}
