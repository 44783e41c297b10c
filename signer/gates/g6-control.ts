/** G6: who shall command a wallet from then on is what people approved, word for word, and nothing is done beside it (attack E4). */
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import type { JudgedIntent, MatchedEffect } from "../../src/chains/review.ts";
import { assert } from "../../src/core/errors.ts";
import { declareRule } from "../../src/core/gate.ts";

const CONTROL_ALONE = declareRule(
  "G6",
  "CONTROL_ALONE",
  "what shall change who commands a wallet does something else, or more than that.",
);
const CONTROL_DIFFERS = declareRule(
  "G6",
  "CONTROL_DIFFERS",
  "who commands a wallet is changed otherwise than was approved.",
);
const DO_NOT_SIGN = "do not sign: somebody changed the transaction or the plan";

/** @throws Refusal of G6 */
export function matchControl(
  judged: JudgedIntent,
  { effects }: DecodedAttempt<unknown>,
  where: string,
): MatchedEffect {
  const { body } = judged.intent;
  assert(body.type === "control", "the caller has looked at the type");
  const [effect, ...others] = effects;
  if (effect?.type !== "control" || others.length > 0) {
    throw CONTROL_ALONE(`${where}: intent ${body.id} allows the change that it names and nothing else`, {
      field: "plan.base",
      hint: DO_NOT_SIGN,
    });
  }
  if (effect.change === body.change) return { effect, judged };
  throw CONTROL_DIFFERS(`${where}: it does ${effect.change}, intent ${body.id} says ${body.change}`, {
    field: "plan.base",
    hint: DO_NOT_SIGN,
  });
}
