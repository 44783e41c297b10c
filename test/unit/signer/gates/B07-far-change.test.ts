import { describe, expect, test } from "vitest";
import { goodRequest, makeCustody, payout, stateFor } from "../../../factory/custody.ts";
import { reviewed } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";

/** Somebody pays dust to an address of ours far up, so that change may follow it there (law 10). */
describe("B7: change that follows a planted coin far up", () => {
  const custody = makeCustody();
  const state = stateFor(custody);
  const warnings = (index: number) => {
    const one = payout(custody);
    const plan = planned(custody, [one], {
      coins: [{ units: 60_000_000n, index }],
      snapshot: { changeIndex: index + 1 },
    });
    return reviewed(ask(custody, [plan]), state).review.body.plans[0]?.warnings.join(" ") ?? "";
  };

  test("the officer is told how far", () => {
    expect(warnings(5000)).toContain(
      "change goes to index 5001; the highest that this signer has signed for is -1",
    );
  });

  test("change within the gap is nothing to remark on", () => {
    expect(warnings(1)).not.toContain("change goes to index");
    expect(reviewed(goodRequest(custody), state).review.body.plans[0]?.warnings.join(" ")).not.toContain(
      "highest",
    );
  });
});
