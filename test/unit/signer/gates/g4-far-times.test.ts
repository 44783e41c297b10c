/** G4: an approver who signs with the last time there is. Adding a delay to it must be a refusal and no bug of ours. */
import { expect, test } from "vitest";
import { policyBody } from "../../../factory/documents.ts";
import { goodRequest, makeCustody, payout, planFor, requestFor, stateFor } from "../../../factory/custody.ts";
import { reviewed } from "../../../factory/gates.ts";
import { at } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { parseInstant, type Instant } from "../../../../src/core/instant.ts";

const rows = policyBody().rows.map((row) => ({ ...row, delaySeconds: 86_400 }));
const slow = makeCustody({ rows });

function answerTo(custody: typeof slow, approvedAt: Instant): string {
  const expires = parseInstant("9999-12-31T23:59:59Z");
  const payouts = [payout(custody, { approvedAt, approval: { expires } })];
  const request = requestFor(custody, payouts, [planFor(custody, payouts)]);
  return codeOf(() => reviewed(request, stateFor(custody)));
}

test("an approval of the year 9999 in a row with a delay is refused", () => {
  expect(answerTo(slow, parseInstant("9999-12-31T23:59:59Z"))).toBe("G4_NOT_RELEASED");
  expect(answerTo(slow, at("09:05:00"))).not.toBe("none");
});

test("and the same request without the delay, approved today, passes", () => {
  const custody = makeCustody();
  expect(codeOf(() => reviewed(goodRequest(custody), stateFor(custody)))).toBe("none");
});
