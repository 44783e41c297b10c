/** One payment with all that it needs, changed here and there, and what the evaluation says of it. */
import type { Name } from "../../../../src/core/identifier.ts";
import { type Instant } from "../../../../src/core/instant.ts";
import { evaluate, type Evidence } from "../../../../src/core/policy/evaluate.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { approval, beneficiary, intent, policyBody } from "../../../factory/documents.ts";
import { at } from "../../../factory/identities.ts";

export const NOW = at("09:30:00");
export const POLICY = policyBody();

/** Everything that a payment of 0.25 BTC needs. */
export function evidence(changes: Partial<Evidence> = {}): Evidence {
  const what = intent();
  return {
    intent: what,
    beneficiary: beneficiary(),
    approvals: [approval(what)],
    clearances: [],
    halts: [],
    wallet: "vault" as Name,
    ...changes,
  };
}

/** The rule that denies, or "allowed". */
export function verdict(
  changes: Partial<Evidence> = {},
  policy: Policy = POLICY,
  now: Instant = NOW,
): string {
  const evaluation = evaluate(policy, evidence(changes), now);
  return evaluation.allowed ? "allowed" : evaluation.rule;
}

/** Evidence for an intent with other fields, approved and consistent otherwise. */
export function forIntent(changes: Parameters<typeof intent>[0]): Partial<Evidence> {
  const what = intent(changes);
  return { intent: what, approvals: [approval(what)] };
}

/** Evidence for another beneficiary that the intent does name. */
export function forBeneficiary(...parts: Parameters<typeof beneficiary>): Partial<Evidence> {
  const destination = beneficiary(...parts);
  return { ...forIntent({ beneficiary: destination.digest }), beneficiary: destination };
}
