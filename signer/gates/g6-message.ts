/**
 * G6: a message that wallet keys sign is the one that people approved, alone, with coins shown only where they wanted
 * them shown (attack B24: a signature for one thing that is taken for another).
 */
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import type { JudgedIntent, MatchedEffect } from "../../src/chains/review.ts";
import { assert } from "../../src/core/errors.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { MatchedPlan } from "./matched-plan.ts";

const MESSAGE_ALONE = declareRule(
  "G6",
  "MESSAGE_ALONE",
  "what shall sign a message does something else, or more than that.",
);
const MESSAGE_DIFFERS = declareRule("G6", "MESSAGE_DIFFERS", "another message is signed than was approved.");
const MESSAGE_COINS = declareRule(
  "G6",
  "MESSAGE_COINS",
  "a message shows coins that people did not approve to be shown, or shows none where they did.",
);
const DO_NOT_SIGN = "do not sign: somebody changed the transaction or the plan";

/** @throws Refusal of G6 */
export function matchMessage(
  judged: JudgedIntent,
  { effects, inputs }: DecodedAttempt<unknown>,
  where: string,
): MatchedEffect {
  const { body } = judged.intent;
  assert(body.type === "attest", "the caller has looked at the type");
  const [effect, ...others] = effects;
  if (effect?.type !== "attest" || others.length > 0) {
    throw MESSAGE_ALONE(`${where}: intent ${body.id} allows one signed message and nothing else`, {
      field: "plan.base",
      hint: DO_NOT_SIGN,
    });
  }
  if (effect.message !== body.message) {
    throw MESSAGE_DIFFERS(`${where}: it signs another message than intent ${body.id} says`, {
      field: "plan.base",
      hint: DO_NOT_SIGN,
    });
  }
  const shown = inputs.length - 1;
  if (shown > 0 === body.coins) return { effect, judged };
  throw MESSAGE_COINS(
    `${where}: it shows ${shown} coins, intent ${body.id} says ${body.coins ? "some" : "none"}`,
    {
      field: "plan.base",
      hint: "build the plan again: custody intent build ID",
    },
  );
}

/** Whether a plan signs a message and moves nothing. */
export function signsMessage({ intents }: Pick<MatchedPlan, "intents">): boolean {
  return intents.some(({ intent }) => intent.body.type === "attest");
}
