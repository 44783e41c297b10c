/**
 * The gates in order. A request is admitted by G1 and G2 (readable, and a delegated operator asks for it), judged by
 * G3 to G10 into a review, confirmed at G11 and signed at G12. G8 (the chains' check-lists) lives in the codecs that
 * G5 calls, and speaks in the same decode.
 */
import type { PolicyIdentity } from "../../src/core/policy/policy.ts";
import { remember } from "../journal/memory.ts";
import { register, type Approved } from "./approved.ts";
import { assertFamilies } from "./g10-families.ts";
import { knownHead } from "./g12-sign.ts";
import { assertAuthentic } from "./g2-authentic.ts";
import type { Container } from "./g1-container.ts";
import { assertPolicy } from "./g3-policy.ts";
import { judgeIntents } from "./g4-intents.ts";
import { decodePlans } from "./g5-decode.ts";
import { matchEffects } from "./g6-effects.ts";
import { assertFees } from "./g7-fees.ts";
import { assertLimits } from "./g9-limits.ts";
import { reviewOf } from "./review-of.ts";
import type { SignerState } from "./state.ts";

/** A request that an operator of this custody asks for: from here on a no is an answer and gets a receipt. */
export type Admitted = { readonly container: Container; readonly operator: PolicyIdentity };

/** G2, of what G1 has read. @throws Refusal */
export function admit(container: Container, state: SignerState): Admitted {
  return { container, operator: assertAuthentic(container, state) };
}

/** G3 to G10. Signs nothing, writes nothing. @throws Refusal */
export function judge(admitted: Admitted, state: SignerState): Approved {
  const { container, operator } = admitted;
  const memory = remember(state.journal);
  const signer = assertPolicy(container, state, memory);
  const { at, plans: judged } = judgeIntents(container, state, memory, { operator, signer });
  const plans = matchEffects(decodePlans(container, judged, state, memory), state, memory);
  assertFees(plans, state);
  const left = assertLimits(plans, state, memory, at);
  assertFamilies(container, plans, memory, state, operator);
  const { epoch, size, root } = container.request.body.audit;
  return register(reviewOf(admitted, plans, left, state, memory), {
    plans,
    at,
    officer: state.officer,
    head: knownHead(container.request, state),
    audit: { epoch, size, root },
  });
}
