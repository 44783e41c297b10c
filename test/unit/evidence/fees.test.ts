/** B12, F15: what attempts cost is computed from the bytes and held to the policy's caps once more. */
import { describe, expect, test } from "vitest";
import { feeCapsOf, feeExcess } from "../../../src/core/policy/fee-caps.ts";
import { openEvidence } from "../../../src/evidence/opened.ts";
import { judgeFees } from "../../../src/evidence/fees.ts";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { ChainRules } from "../../../src/core/policy/policy.ts";
import { formatAmount } from "../../../src/core/amount.ts";
import { bitcoinAsset } from "../../../src/core/asset.ts";
import { codeOf } from "../../factory/thrown.ts";
import { good, one, story } from "./judged.ts";

const opened = openEvidence(good, [bitcoinCodec]);
const [plan] = opened.plans as [(typeof opened.plans)[number]];
const { rungs, cancel } = story.attempts;
const dearest = (cancel as NonNullable<typeof cancel>).fee.units;

/** The story as it would be judged by other caps: whose signature a policy carries is another claim's business. */
const under = (caps: Partial<ChainRules["fees"]>) => {
  const policies = opened.policies.map((policy) => {
    const chains = policy.body.chains.map((rules) => ({ ...rules, fees: { ...rules.fees, ...caps } }));
    return { ...policy, body: { ...policy.body, chains } };
  });
  return { ...opened, policies };
};
const verdict = (caps: Partial<ChainRules["fees"]>) => codeOf(() => judgeFees(under(caps), plan));

describe("the claim about fees", () => {
  test("names the dearest attempt and the policy", () => {
    expect(one(good, "fees")).toMatchObject({
      verdict: "PROVEN",
      says: `${rungs.length + 1} attempts, the dearest for ${formatAmount({ asset: bitcoinAsset("regtest"), units: dearest })}, within the caps of policy number 2`,
    });
  });

  test("fails where one attempt is above a cap, the cancel rung too", () => {
    const absolute = (units: bigint) => verdict({ absoluteUnitsMax: units.toString() });
    expect(absolute(dearest)).toBe("none");
    expect(absolute(dearest - 1n)).toBe("EVIDENCE_CONTRADICTS");
    expect(verdict({ rateMax: 11 })).toBe("none");
    expect(verdict({ rateMax: 9 })).toBe("EVIDENCE_CONTRADICTS");
    expect(verdict({ ladderRatioMax: 1 })).toBe("EVIDENCE_CONTRADICTS");
    expect(verdict({ sharePermilleMax: 0 })).toBe("EVIDENCE_CONTRADICTS");
    const [rules] = story.policies[1]?.body.chains as [ChainRules];
    for (const { fee } of rungs) expect(feeExcess(fee, 20_000_000n, feeCapsOf(rules))).toBeUndefined();
  });

  test("fails where the plan states another fee, or has no caps for its chain", () => {
    const stated = plan.document.body.rungs.map(({ feeUnits }) => ({ feeUnits: `${feeUnits}0` }));
    const document = { ...plan.document, body: { ...plan.document.body, rungs: stated } };
    const forged = { ...plan, document };
    expect(codeOf(() => judgeFees(opened, forged))).not.toBe("none");
    const bare = opened.policies.map((policy) => ({ ...policy, body: { ...policy.body, chains: [] } }));
    expect(codeOf(() => judgeFees({ ...opened, policies: bare }, plan))).toBe("EVIDENCE_CONTRADICTS");
    expect(codeOf(() => judgeFees(opened, plan))).toBe("none");
  });

  test("is judged by the policy that a signer had pinned, which may be stricter than the request's", () => {
    const strict = under({ absoluteUnitsMax: (dearest - 1n).toString() }).policies[1];
    const policies = [opened.policies[0], strict] as typeof opened.policies;
    const asked = { ...plan.request.document, body: { ...plan.request.document.body, policy: 1 } };
    const early = { ...plan, request: { ...plan.request, document: asked } };
    expect(codeOf(() => judgeFees({ ...opened, policies }, early))).toBe("EVIDENCE_CONTRADICTS");
    expect(codeOf(() => judgeFees({ ...opened, policies, receipts: [] }, early))).toBe("none");
  });
});
