/** E4, G6: who commands a Safe is changed as people approved it, word for word, and by nothing else. */
import { describe, expect, test } from "vitest";
import type { BuildTask } from "../../../../src/chains/adapter.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { PLAN } from "../../../../src/core/documents/plan.ts";
import type { RequestDocument } from "../../../../src/core/documents/request.ts";
import { stateFor } from "../../../factory/custody.ts";
import { ETHER, evmPayout } from "../../../factory/evm-account.ts";
import { ownSafe } from "../../../factory/evm-safe.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { ask, wish } from "../../../factory/requests.ts";
import { ADD, controlled, controlPlanned, controlSaid, controlTask } from "../../../factory/safe-control.ts";
import { codeOf } from "../../../factory/thrown.ts";

const { owners } = ownSafe();

describe("an intent of type control", () => {
  test.each([ADD, "threshold 3", "remove guard", `remove owner ${owners[0]}, threshold 2`])(
    "%s: as approved it is signed, and the review says it",
    (change) => {
      const { review } = reviewed(
        ask(controlled, [controlPlanned(change, controlTask(change))]),
        stateFor(controlled),
      );
      const [effect, ...others] = review.body.plans[0]?.rungs[0]?.effects ?? [];
      expect(effect).toMatchObject({ type: "control", change, approvedBy: ["anna"] });
      expect(others).toEqual([]);
    },
  );

  test("another change than people approved is refused", () => {
    expect(controlSaid(controlPlanned(ADD, controlTask("threshold 3")))).toBe("G6_CONTROL_DIFFERS");
    expect(controlSaid(controlPlanned("threshold 3", controlTask("threshold 2")))).toBe("G6_CONTROL_DIFFERS");
  });

  test("F3: one after which owners who are not ours need none of ours is refused, whoever approved it", () => {
    expect(controlled.wallet.foreign).toBe(1);
    expect(controlSaid(controlPlanned("threshold 2", controlTask("threshold 2")))).toBe("none");
    for (const change of ["threshold 1", `remove owner ${owners[0]}, threshold 1`]) {
      expect(controlSaid(controlPlanned(change, controlTask(change)))).toBe("G8_SAFE_CHANGE_INVALID");
      expect(codeOf(() => evmCodec.assertChange(controlled, change, "--change"))).toBe("SAFE_CHANGE_INVALID");
    }
    const ours = { wallet: { ...controlled.wallet, foreign: 0 } };
    expect(codeOf(() => evmCodec.assertChange(ours, "threshold 1", "--change"))).toBe("none");
  });

  test("a payment or an empty call in its place is refused", () => {
    const { intent, beneficiary } = evmPayout(controlled);
    const paid = { asset: intent.body.asset, units: BigInt(intent.body.units) };
    const pays: BuildTask = { type: "pay", payments: [{ account: beneficiary.body.account, amount: paid }] };
    const made = controlPlanned("threshold 3", pays);
    expect(controlSaid(made)).toBe("G6_CONTROL_ALONE");
    const cancels: BuildTask = { type: "cancel", conflictKeys: made.plan.body.conflictKeys };
    expect(controlSaid(controlPlanned("threshold 3", cancels))).toBe("G6_CONTROL_ALONE");
  });

  test("an intent to cancel does not cover a change of who commands", () => {
    const made = controlPlanned("threshold 3", controlTask("threshold 3"));
    const { conflictKeys } = made.plan.body;
    const asked = wish(controlled, "cancel", { conflictKeys, units: "0" }, { asset: ETHER });
    const plan = makeDocument(PLAN, { ...made.plan.body, intents: [asked.intent.digest] });
    expect(controlSaid({ ...made, plan, wishes: [asked] })).not.toBe("none");
  });

  test("once signed, it is signed over no other nonce of the Safe", () => {
    const state = stateFor(controlled);
    const [first, again] = [7n, 8n].map((nonce) =>
      ask(controlled, [controlPlanned("threshold 3", controlTask("threshold 3"), nonce)]),
    ) as [RequestDocument, RequestDocument];
    const later = after(state, signed(first, state));
    expect(codeOf(() => reviewed(first, later))).toBe("none");
    expect(codeOf(() => reviewed(again, later))).toMatch(/^G10_/u);
  });
});
