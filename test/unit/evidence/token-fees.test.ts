/** What an auditor concludes of a token's payment: the amount in the token, the fee in the coin, no share between them. */
import { expect, test } from "vitest";
import { evmCodec } from "../../../src/chains/evm/index.ts";
import { requestParts } from "../../../src/core/documents/request.ts";
import type { ChainRules } from "../../../src/core/policy/policy.ts";
import { judgePayment } from "../../../src/evidence/bytes.ts";
import { judgeFees } from "../../../src/evidence/fees.ts";
import type { OpenEvidence, OpenPlan } from "../../../src/evidence/opened.ts";
import { evmRequest } from "../../factory/evm-account.ts";
import { tokenCustody, tokenPayout, tokenPlan } from "../../factory/evm-token.ts";
import { codeOf } from "../../factory/thrown.ts";

const custody = tokenCustody();
const payouts = [tokenPayout(custody)];
const document = tokenPlan(custody, payouts);
const request = evmRequest(custody, payouts, [document]);
const plan = {
  document,
  request: { document: request, parts: requestParts(request), name: "request 1" },
  intent: payouts[0]?.intent,
  name: "plan 1",
} as OpenPlan;

/** As much of the evidence as these two claims read, under other caps. */
function under(caps: Partial<ChainRules["fees"]> = {}): OpenEvidence {
  const { body } = custody.policy;
  const chains = body.chains.map((rules) => ({ ...rules, fees: { ...rules.fees, ...caps } }));
  const policies = [{ ...custody.policy, body: { ...body, chains } }];
  return { policies, receipts: [], network: "regtest", codecs: [evmCodec] } as unknown as OpenEvidence;
}
// Each looks at the bytes anew: what was decoded is kept by the plan.
const fees = (caps: Partial<ChainRules["fees"]> = {}) => judgeFees(under(caps), { ...plan });
const dearest = BigInt(document.body.cancel?.feeUnits ?? 0);

test("the payment is told in the token, the dearest fee in the coin", () => {
  expect(judgePayment(under(), { ...plan }).says).toMatch(
    /pays 25\.000000 USDC \(25,000,000 units\) to eip155/,
  );
  expect(fees()).toMatchObject({ verdict: "PROVEN" });
  expect(fees().says).toMatch(/^4 attempts, the dearest for 0\.0032175\d+ ETH/);
});

test("the caps in absolute terms, by rate and by ladder hold; the share is not judged", () => {
  const code = (caps: Partial<ChainRules["fees"]>) => codeOf(() => fees(caps));
  expect(code({ absoluteUnitsMax: dearest.toString(), sharePermilleMax: 1 })).toBe("none");
  expect(code({ absoluteUnitsMax: (dearest - 1n).toString() })).toBe("EVIDENCE_CONTRADICTS");
  expect(code({ rateMax: 49 })).toBe("EVIDENCE_CONTRADICTS");
  expect(code({ ladderRatioMax: 2 })).toBe("EVIDENCE_CONTRADICTS");
});
