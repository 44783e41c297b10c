/** What a withdrawal's attempts cost, computed from the bytes, against the caps of the policy that allowed them. */
import { formatAmount } from "../core/amount.ts";
import { nativeAsset } from "../core/asset.ts";
import { allAttempts, dearestFee } from "../chains/attempts.ts";
import { counted } from "../core/count.ts";
import { findRules } from "../core/policy/entries.ts";
import { feeCapsOf, planExcess } from "../core/policy/fee-caps.ts";
import { EVIDENCE_CONTRADICTS, proven, type Finding } from "./claim.ts";
import { decodePlan, policyNumber, type OpenEvidence, type OpenPlan } from "./opened.ts";

/**
 * Each attempt costs what its plan states, each more than the one before it, and all are within the caps, as at G7: by
 * the policies under which signers signed it or, where none has, by that of its request.
 */
export function judgeFees(opened: OpenEvidence, plan: OpenPlan): Finding {
  const { body } = plan.document;
  const attempts = decodePlan(opened, plan);
  const fees = allAttempts(attempts).map(({ fee }) => fee.units);
  const stated = allAttempts<{ readonly feeUnits: string }>(body);
  if (stated.map(({ feeUnits }) => feeUnits).join() !== fees.join())
    throw contradicts("the plan states another fee than its bytes pay");
  if (fees.some((fee, i) => i > 0 && fee <= (fees[i - 1] as bigint)))
    throw contradicts("an attempt is not dearer than the one before it");
  const numbers = judgedBy(opened, plan);
  for (const number of numbers) {
    const rules = findRules(policyNumber(opened, number), body.chain);
    if (rules === undefined) throw contradicts(`policy number ${number} has no fee caps for ${body.chain}`);
    const found = planExcess(attempts, feeCapsOf(rules));
    if (found !== undefined)
      throw contradicts(`by policy number ${number}, ${found.attempt}: ${found.excess.why}`);
  }
  const dearest = formatAmount({ asset: nativeAsset(body.chain), units: dearestFee(attempts) });
  return proven(
    `${counted(fees.length, "attempt")}, the dearest for ${dearest}, within the caps of policy number ${numbers.join(", ")}`,
  );
}

function judgedBy({ receipts }: OpenEvidence, { document, request }: OpenPlan): readonly number[] {
  const signedUnder = receipts.flatMap(({ body: { outcome, policy } }) =>
    outcome.type === "signed" && outcome.plans.some(({ plan }) => plan === document.digest) ? [policy] : [],
  );
  return signedUnder.length === 0 ? [request.document.body.policy] : [...new Set(signedUnder)];
}

function contradicts(why: string) {
  return EVIDENCE_CONTRADICTS(why, { field: "plan.rungs.feeUnits" });
}
