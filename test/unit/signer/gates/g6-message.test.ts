/** Intent type `attest` at the gates: the approved message, alone, with coins only where people wanted them shown. */
import { describe, expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import { PLAN, type Plan } from "../../../../src/core/documents/plan.ts";
import { assertFees } from "../../../../signer/gates/g7-fees.ts";
import type { MatchedPlan } from "../../../../signer/gates/matched-plan.ts";
import { remember } from "../../../../signer/journal/memory.ts";
import { payout, stateFor, type Custody } from "../../../factory/custody.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { ANNA } from "../../../factory/identities.ts";
import {
  ask,
  planned,
  plannedOwn,
  treasury,
  wish,
  type Planned,
  type Wish,
} from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const MESSAGE = "reserves of 2026-11-22";
const world = treasury();
const state = stateFor(world);
const verdict = (plans: readonly Planned[], given = state) =>
  codeOf(() => reviewed(ask(world, plans), given));

/** The approved intent, and the plan that our builder makes for `said`. */
const saying = (custody: Custody, approved: string, said = approved, asked = false, shown = asked): Planned =>
  plannedOwn(
    custody,
    [wish(custody, "attest", { message: approved, coins: asked, units: "0" })],
    { type: "attest", message: said, coins: shown },
    { coins: [{ units: 60_000_000n, index: 19 }] },
  );

/** The same bytes under other intents. */
const under = (plan: Planned, wishes: readonly Wish[], changes: Partial<Plan> = {}): Planned => {
  const intents = wishes.map(({ intent }) => intent.digest);
  return {
    ...plan,
    wishes,
    payouts: [],
    plan: makeDocument(PLAN, { ...plan.plan.body, intents, ...changes }),
  };
};

describe("G6: a message", () => {
  test("that people approved is signed, and the officer sees all of it", () => {
    const plan = saying(world, MESSAGE, MESSAGE, true);
    const { review } = reviewed(ask(world, [plan]), state);
    const [shown] = review.body.plans;
    expect(shown?.rungs).toMatchObject([
      {
        effects: [{ type: "attest", message: MESSAGE, approvedBy: [ANNA.name] }],
        feeUnits: "0",
        feeSharePermille: "0",
      },
    ]);
    expect(shown?.intents).toMatchObject([{ type: "attest", row: "attest" }]);
    expect(shown?.inputs.map(({ units }) => units)).toEqual(["0", "60000000"]);
    expect([shown?.cancel, shown?.locks, shown?.warnings]).toEqual([undefined, [], []]);
    const { outcome } = signed(ask(world, [plan]), state).receipt.body;
    const [receipt] = outcome.type === "signed" ? outcome.plans : [];
    expect(receipt?.rungs.map(({ rung, signatures }) => [rung, signatures.length])).toEqual([[0, 2]]);
    expect(receipt).toMatchObject({ feeUnits: "0", conflictKeys: plan.plan.body.conflictKeys });
  });

  test("another than the approved one is refused", () => {
    expect(verdict([saying(world, MESSAGE)])).toBe("none");
    expect(verdict([saying(world, MESSAGE, `${MESSAGE}.`)])).toBe("G6_MESSAGE_DIFFERS");
  });

  test("shows coins where people approved that, and only there", () => {
    expect(verdict([saying(world, MESSAGE, MESSAGE, false, true)])).toBe("G6_MESSAGE_COINS");
    expect(verdict([saying(world, MESSAGE, MESSAGE, true, false)])).toBe("G6_MESSAGE_COINS");
    expect(verdict([saying(world, MESSAGE, MESSAGE, true, true)])).toBe("none");
  });

  test("is alone in its plan", () => {
    const plan = saying(world, MESSAGE);
    const other = wish(world, "consolidate", { units: "1000" });
    expect(verdict([under(plan, [...plan.wishes, other])])).toBe("G4_INTENT_NOT_ALONE");
  });

  test("is no consolidation, and a consolidation no message", () => {
    const plan = saying(world, MESSAGE);
    const gather = wish(world, "consolidate", { units: "90000000" });
    expect(verdict([under(plan, [gather])])).toBe("G6_CHANGE_ALONE");
    const coins = [1, 2].map((index) => ({ units: 1_000_000n, index }));
    const gathered = plannedOwn(world, [gather], { type: "consolidate", unitsMax: 90_000_000n }, { coins });
    expect(verdict([gathered])).toBe("none");
    expect(verdict([under(gathered, plan.wishes)])).toBe("G6_MESSAGE_ALONE");
  });

  test("is no payment, and a payment no message", () => {
    const one = payout(world);
    const plan = saying(world, MESSAGE);
    const asPayment = {
      ...plan,
      wishes: [],
      payouts: [one],
      plan: makeDocument(PLAN, { ...plan.plan.body, intents: [one.intent.digest] }),
    };
    expect(verdict([asPayment])).toBe("G6_CANCEL_MISSING");
    const cancel = { feeUnits: "1", changeIndex: 0 };
    const ended = { ...asPayment, plan: makeDocument(PLAN, { ...asPayment.plan.body, cancel }) };
    expect(verdict([ended])).toBe("G8_MESSAGE_RUNGS");
    const paid = planned(world, [one]);
    expect(verdict([paid])).toBe("none");
    expect(verdict([under(paid, plan.wishes)])).toBe("G6_CANCEL_UNASKED");
  });

  test("competes for its virtual coin alone, and the plan says so", () => {
    const plan = saying(world, MESSAGE, MESSAGE, true);
    const paid = planned(world, [payout(world)], { coins: [{ units: 60_000_000n, index: 19 }] });
    // The payment spends the very coin that is shown.
    expect(verdict([plan, paid])).toBe("none");
    const more = [...plan.plan.body.conflictKeys, ...paid.plan.body.conflictKeys];
    expect(verdict([under(plan, plan.wishes, { conflictKeys: more })])).toBe("G6_CONFLICT_KEYS_DIFFER");
  });

  test("brings no bytes that it does not show", () => {
    const bare = saying(world, MESSAGE);
    const { previous } = saying(world, MESSAGE, MESSAGE, true);
    expect(verdict([{ ...bare, previous }])).toBe("G5_STRAY_PREVIOUS");
  });

  test("costs nothing", () => {
    const plan = saying(world, MESSAGE);
    expect(verdict([under(plan, plan.wishes, { rungs: [{ feeUnits: "1" }] })])).toBe("G8_MESSAGE_RUNGS");
  });

  test("B7: a coin far up that is shown moves no bounds", () => {
    const next = after(state, signed(ask(world, [saying(world, MESSAGE, MESSAGE, true)]), state));
    expect(remember(next.journal).indexes.get(world.wallet.name)).toBeUndefined();
    const paid = planned(world, [payout(world)], { coins: [{ units: 60_000_000n, index: 19 }] });
    const spent = after(state, signed(ask(world, [paid]), state));
    expect(remember(spent.journal).indexes.get(world.wallet.name)?.any).toBe(19);
  });

  test("the same message is signed again for a new approval, in another request", () => {
    const first = saying(world, MESSAGE);
    const next = after(state, signed(ask(world, [first]), state));
    const again = wish(
      world,
      "attest",
      { message: MESSAGE, coins: false, units: "0" },
      { id: "00".repeat(16) as never },
    );
    expect(verdict([under(first, [again])], next)).toBe("none");
    expect(verdict([first, under(first, [again], { id: "01".repeat(16) as never })], next)).toBe(
      "G6_COIN_IN_TWO_PLANS",
    );
  });
});

test("G7: what signs a message, and says that it has a fee after all, is refused", () => {
  const plan = saying(world, MESSAGE);
  const intents = plan.wishes.map(({ intent }) => ({ intent }));
  const rung = (units: bigint) => ({ fee: { units, rateMilli: 0n, virtualSize: 1 }, effects: [] });
  const matched = (feeUnits: string) =>
    ({
      plan: { body: { ...plan.plan.body, rungs: [{ feeUnits }] } },
      intents,
      rungs: [rung(BigInt(feeUnits))],
      cancel: undefined,
    }) as unknown as MatchedPlan;
  expect(codeOf(() => assertFees([matched("0")], state))).toBe("none");
  expect(codeOf(() => assertFees([matched("1")], state))).toBe("G7_FEE_ON_MESSAGE");
});
