/** G6: coins that stay ours, and the rung that ends a plan (laws 9 and 10). */
import { describe, expect, test } from "vitest";
import type { BuildTask } from "../../../../src/chains/adapter.ts";
import type { Digest } from "../../../../src/core/digest.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { PLAN } from "../../../../src/core/documents/plan.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { OTHER_PAYEE, payout, stateFor } from "../../../factory/custody.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { fixtureDigest } from "../../../factory/identities.ts";
import {
  ask,
  COLD,
  ownPayment,
  planned,
  plannedOwn,
  THREE_RUNGS,
  treasury,
  wish,
  type Planned,
  type Wish,
} from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { parseAddress } from "../../../../src/chains/bitcoin/index.ts";
import { BTC } from "../../../factory/documents.ts";

const world = treasury();
const state = stateFor(world);
const verdict = (plan: Planned, given = state) => codeOf(() => reviewed(ask(world, [plan]), given));
const reviewOf = (plan: Planned) => reviewed(ask(world, [plan]), state).review.body.plans[0];

const paying = (...payments: ReturnType<typeof ownPayment>[]): BuildTask => ({ type: "pay", payments });

/** The same bytes under other intents. */
const under = (plan: Planned, ...wishes: readonly Wish[]): Planned => {
  const intents = wishes.map(({ intent }) => intent.digest);
  return { ...plan, wishes, payouts: [], plan: makeDocument(PLAN, { ...plan.plan.body, intents }) };
};

describe("G6: transfers to another wallet of ours", () => {
  const transfer = wish(world, "transfer", { destination: COLD, units: "10000000" });
  const to = (index: number, units = 10_000_000n) =>
    plannedOwn(world, [transfer], paying(ownPayment(world.cold, units, index)));

  test("a transfer pays its wallet its amount, proven by derivation, and the officer sees which", () => {
    expect(verdict(to(3))).toBe("none");
    const effect = reviewOf(to(3))?.rungs[0]?.effects.find(({ type }) => type === "own");
    expect(effect).toMatchObject({ wallet: COLD, units: "10000000", path: "m/84h/1h/0h/0/3" });
  });

  test("another amount is another transfer", () => {
    expect(verdict(to(3, 10_000_001n))).toBe("G6_EFFECT_WITHOUT_INTENT");
  });

  test("a transfer is no payment to a stranger, nor a withdrawal a transfer", () => {
    const { account } = parseAddress(OTHER_PAYEE, "regtest");
    const stolen = paying({ account, amount: { asset: BTC, units: 10_000_000n } } as never);
    expect(verdict(plannedOwn(world, [transfer], stolen))).toBe("G6_EFFECT_WITHOUT_INTENT");
    const one = payout(world);
    const bytes = plannedOwn(world, [transfer], paying(ownPayment(world.cold, 25_000_000n, 3)));
    const intents = [one.intent.digest];
    const plan = makeDocument(PLAN, { ...bytes.plan.body, intents });
    expect(verdict({ ...bytes, wishes: [], payouts: [one], plan })).toBe("G6_EFFECT_WITHOUT_INTENT");
  });

  test("withdrawals and transfers settle in one plan", () => {
    const one = payout(world);
    const account = one.beneficiary.body.account;
    const both = paying(ownPayment(world.cold, 10_000_000n, 3), {
      account,
      amount: { asset: BTC, units: 25_000_000n },
    } as never);
    const bytes = plannedOwn(world, [transfer], both);
    const plan = makeDocument(PLAN, {
      ...bytes.plan.body,
      intents: [transfer.intent.digest, one.intent.digest],
    });
    expect(verdict({ ...bytes, payouts: [one], plan })).toBe("none");
  });

  test("B7: an address of ours far above those known to be in use is refused", () => {
    // The gap is 20; nothing is known of the wallet.
    expect(verdict(to(19))).toBe("none");
    expect(verdict(to(20))).toBe("G6_OWN_INDEX_AHEAD");
    const next = after(state, signed(ask(world, [to(19)]), state));
    const again = wish(
      world,
      "transfer",
      { destination: COLD, units: "10000000" },
      { id: "00".repeat(16) as never },
    );
    const more = (index: number) =>
      plannedOwn(world, [again], paying(ownPayment(world.cold, 10_000_000n, index)), {
        coins: [{ units: 70_000_000n, index: 2 }],
      });
    expect(verdict(more(39), next)).toBe("none");
    expect(verdict(more(40), next)).toBe("G6_OWN_INDEX_AHEAD");
  });

  test("the wallet named by the intent pays, and another one of ours is paid", () => {
    const other = wish(world, "transfer", { destination: COLD, units: "10000000" }, { wallet: COLD });
    expect(verdict(under(to(3), other))).toBe("G4_WALLET_NOT_ALLOWED");
    const self = wish(world, "transfer", { destination: world.wallet.name, units: "10000000" });
    expect(verdict(under(to(3), self))).toBe("G4_BENEFICIARY_MISMATCH");
    const nowhere = wish(world, "transfer", { destination: "nowhere" as Name, units: "10000000" });
    expect(verdict(under(to(3), nowhere))).toBe("G4_BENEFICIARY_MISMATCH");
  });
});

describe("G6: consolidations", () => {
  const coins = [1, 2, 3].map((index) => ({ units: 1_000_000n, index }));
  const together = (units: string) => wish(world, "consolidate", { units });
  const task: BuildTask = { type: "consolidate", unitsMax: 3_000_000n };
  const built = (units: string) => plannedOwn(world, [together(units)], task, { coins });

  test("coins come together in one change output, within what was approved", () => {
    expect(verdict(built("3000000"))).toBe("none");
    expect(verdict(built("2999999"))).toBe("G6_CONSOLIDATES_TOO_MUCH");
    expect(reviewOf(built("3000000"))?.intents).toMatchObject([{ type: "consolidate", row: "consolidate" }]);
  });

  test("there is one generation of it: a later one could name another wallet", () => {
    const again = { generation: 2, supersedes: [fixtureDigest("the first")] };
    const first = wish(world, "consolidate", { units: "3000000" });
    const later = wish(world, "consolidate", { units: "3000000" }, again);
    expect(verdict(plannedOwn(world, [first], task, { coins }))).toBe("none");
    expect(verdict(plannedOwn(world, [later], task, { coins }))).toBe("G4_GENERATION_NOT_ALLOWED");
  });

  test("a payment is no consolidation", () => {
    const paid = planned(world, [payout(world)]);
    expect(verdict(under(paid, together("90000000")))).toBe("G6_CANCEL_UNASKED");
    const { cancel: _, ...body } = paid.plan.body;
    const bare = { ...paid, plan: makeDocument(PLAN, body) };
    expect(verdict(under(bare, together("90000000")))).toBe("G6_CHANGE_ALONE");
  });

  test("nothing else shares its plan", () => {
    const transfer = wish(world, "transfer", { destination: COLD, units: "10000000" });
    expect(verdict(under(built("3000000"), together("3000000"), transfer))).toBe("G4_INTENT_NOT_ALONE");
  });
});

describe("G6: cancels", () => {
  const paid = planned(world, [payout(world)]);
  const keys = paid.plan.body.conflictKeys;
  const back = (conflictKeys: string[]) => wish(world, "cancel", { conflictKeys, units: "0" });
  const built = (conflictKeys: string[]) =>
    plannedOwn(world, [back(conflictKeys)], { type: "cancel", conflictKeys: [...keys] });

  test("exactly the coins that were named come back", () => {
    expect(verdict(built([...keys]))).toBe("none");
    const other = `${keys[0]?.slice(0, -1)}9`;
    expect(verdict(built([other]))).toBe("G6_CANCELS_OTHER_COINS");
    expect(verdict(built([...keys, other]))).toBe("G6_CANCELS_OTHER_COINS");
    expect(verdict(built([...keys, ...keys]))).toBe("G6_CANCELS_OTHER_COINS");
  });

  test("it is no attempt of what it ends, and ends it on the same coins (law 9)", () => {
    const next = after(state, signed(ask(world, [paid]), state));
    expect(verdict(built([...keys]), next)).toBe("none");
    const cancelled = after(next, signed(ask(world, [built([...keys])]), next));
    const elsewhere = planned(world, [payout(world)], { coins: [{ units: 70_000_000n, index: 2 }] });
    expect(verdict(elsewhere, cancelled)).toBe("G10_NO_SHARED_COIN");
  });
});

describe("G6: the cancel rung", () => {
  const paid = planned(world, [payout(world)]);

  test("a plan that pays has one; the receipt carries it beside the others", () => {
    expect(verdict(paid)).toBe("none");
    const { outcome } = signed(ask(world, [paid]), state).receipt.body;
    expect(outcome.type === "signed" && outcome.plans[0]?.rungs.map(({ rung }) => rung)).toEqual([
      0,
      "cancel",
    ]);
    const { cancel: _, ...body } = paid.plan.body;
    expect(verdict({ ...paid, plan: makeDocument(PLAN, body) })).toBe("G6_CANCEL_MISSING");
  });

  test("it goes to our own change branch, near its beginning (law 10)", () => {
    const at = (changeIndex: number) => {
      const cancel = { feeUnits: paid.plan.body.cancel?.feeUnits ?? "", changeIndex };
      return verdict({ ...paid, plan: makeDocument(PLAN, { ...paid.plan.body, cancel }) });
    };
    expect(at(21)).toBe("none");
    expect(at(22)).toBe("G8_CHANGE_INDEX");
    const review = reviewOf(paid)?.cancel;
    expect(review?.effects.map(({ type }) => type)).toEqual(["change"]);
  });

  test("every rung and the cancel rung spend the same coins", () => {
    const ladder = planned(world, [payout(world)], { options: THREE_RUNGS });
    expect(ladder.plan.body.rungs).toHaveLength(3);
    const ids = new Set<Digest>();
    const { review } = reviewed(ask(world, [ladder]), state);
    for (const { rungs, cancel } of review.body.plans)
      for (const rung of cancel === undefined ? rungs : [...rungs, cancel]) ids.add(rung.transaction);
    expect(ids.size).toBe(4);
  });
});
