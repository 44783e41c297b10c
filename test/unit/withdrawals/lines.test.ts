/** Rungs and replacements: what competes, what is sent, what wins (failures F5, F6). */
import { describe, expect, test } from "vitest";
import { availableAccount, heldAccount, networkFeeAccount } from "../../../src/core/ledger.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { moveKyc } from "../../../src/store/kyc.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { bumpPlan, NO_DEARER_RUNG, PLAN_NOT_SIGNED } from "../../../src/withdrawals/following/bump.ts";
import { dropPlan } from "../../../src/withdrawals/crossing/export.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { giveBack } from "../../../src/withdrawals/following/give-back.ts";
import { importHalt } from "../../../src/withdrawals/stopping/halt.ts";
import { planDocumentOf } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { stepPlan } from "../../../src/withdrawals/step.ts";
import {
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  receive,
  step,
  type Desk,
} from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { COINS, stateFor } from "../../factory/custody.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, BEN } from "../../factory/identities.ts";
import { halt } from "../../factory/online-words.ts";
import { world } from "../../factory/watching.ts";

const say = (
  desk: Desk,
  { intent }: ReturnType<typeof ask>,
  decision: "approve" | "reject" = "approve",
  who = ANNA,
) => decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }));

/** One payment of a quarter, signed on three rungs and a cancel rung. */
function signedDesk() {
  const desk = makeDesk();
  const asked = ask(desk, "k", 25_000_000n);
  say(desk, asked);
  const { plan } = build(desk);
  const written = signed(exported(desk, plan.id).request, stateFor(desk.custody));
  receive(desk, written.receipt);
  return { desk, asked, plan: plan.id, written };
}

const txids = (desk: Desk, plan: Id) => attemptsOf(desk.store, plan).map(({ txid }) => txid);
const bump = (desk: Desk, plan: Id, cancel = false) =>
  step(desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, plan), { cancel }));
const stateOf = (desk: Desk, { id }: { id: Id }) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);
const planState = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getPlan(tx, id).state);
const fees = ({ store }: Desk) => balanceOf(store, networkFeeAccount, BTC);

describe("what is sent", () => {
  test("the cheapest rung first, and no other until somebody asks", async () => {
    const { desk, asked, plan } = signedDesk();
    const { run, sent } = world(desk);
    await run();
    await run();
    const [cheapest, next] = txids(desk, plan);
    expect(sent).toEqual([cheapest]);
    expect(stateOf(desk, asked)).toBe("BROADCAST");
    bump(desk, plan);
    await run();
    expect(sent).toEqual([cheapest, next]);
    expect(stateOf(desk, asked)).toBe("BROADCAST");
  });

  test("rungs end, and then there is only the replacement", async () => {
    const { desk, plan } = signedDesk();
    bump(desk, plan);
    bump(desk, plan);
    expect(expectRefusal(() => bump(desk, plan), NO_DEARER_RUNG).hint).toMatch(/--replace/);
  });

  test("a halt, a suspended customer and a no hold the first sending back, and not the cancel rung", async () => {
    const { desk, asked, plan } = signedDesk();
    const { run, sent, events } = world(desk);
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 3, to: "SUSPENDED", event: "suspended" }));
    await run();
    expect(sent).toEqual([]);
    expect(events).toEqual(["not sent"]);
    expect(stateOf(desk, asked)).toBe("SIGNED");
    const changes = { tier: "basic" as never, expires: "2027-01-01T00:00:00Z" as never };
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 4, to: "ACCEPTED", event: "accepted" }, changes));
    step(desk, (tx) => importHalt(PORTS, tx, halt(desk, ANNA), desk.custody.policy));
    await run();
    expect(sent).toEqual([]);
    bump(desk, plan, true);
    await run();
    expect(sent).toEqual([txids(desk, plan).at(-1)]);
  });

  test("once KYC is mended it is sent after all", async () => {
    const { desk, plan } = signedDesk();
    const { run, sent } = world(desk);
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 3, to: "SUSPENDED", event: "suspended" }));
    await run();
    const changes = { tier: "basic" as never, expires: "2027-01-01T00:00:00Z" as never };
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 4, to: "ACCEPTED", event: "accepted" }, changes));
    await run();
    expect(sent).toEqual([txids(desk, plan)[0]]);
  });
});

describe("F6: whichever attempt a block holds settles the payment, once", () => {
  test.each([0, 1, 2])("rung %i wins though another was sent last", async (winner) => {
    const { desk, asked, plan } = signedDesk();
    const { run, mine } = world(desk);
    await run();
    bump(desk, plan);
    await run();
    mine(txids(desk, plan)[winner] as string, 3);
    await run();
    expect(stateOf(desk, asked)).toBe("COMPLETED");
    expect(planState(desk, plan)).toBe("SETTLED");
    expect(fees(desk)).toBe(attemptsOf(desk.store, plan)[winner]?.feeUnits);
    verifyLedger(desk.store);
  });

  test("a deep reorganisation takes the settlement back with its own fee, and another rung may settle it then", async () => {
    const { desk, asked, plan } = signedDesk();
    const { run, mine, blocks } = world(desk);
    await run();
    const [first = "", second = ""] = txids(desk, plan);
    mine(first, 3);
    await run();
    blocks.clear();
    const node = world(desk);
    node.mine(second, 3);
    // Another block stands where the winner's stood.
    const { attempt } = desk.store.database
      .prepare<[string], { attempt: string }>("SELECT id AS attempt FROM attempt WHERE txid = ?")
      .get(first) as { attempt: string };
    const { body: policy } = desk.custody.policy;
    step(desk, (tx) =>
      followAttempt(PORTS, tx, attempt as Id, "settlement reorganised away", { policy, block: null }),
    );
    expect(stateOf(desk, asked)).toBe("BROADCAST");
    expect(fees(desk)).toBe(0n);
    await node.run();
    expect(stateOf(desk, asked)).toBe("COMPLETED");
    expect(fees(desk)).toBe(attemptsOf(desk.store, plan)[1]?.feeUnits);
    verifyLedger(desk.store);
  });
});

describe("the cancel rung", () => {
  test("ends the plan: the withdrawal is EXPIRED with its hold, the fee is booked", async () => {
    const { desk, asked, plan } = signedDesk();
    const { run, mine } = world(desk);
    await run();
    const cancel = bump(desk, plan, true);
    await run();
    mine(cancel.txid, 3);
    await run();
    expect(stateOf(desk, asked)).toBe("EXPIRED");
    expect(planState(desk, plan)).toBe("CANCELLED");
    expect(balanceOf(desk.store, heldAccount(CUSTOMER), BTC)).toBe(25_000_000n);
    expect(fees(desk)).toBe(cancel.feeUnits);
    verifyLedger(desk.store);
    expectRefusal(() => bump(desk, plan), PLAN_NOT_SIGNED);
  });

  test("may lose against the payment that it was to end", async () => {
    const { desk, asked, plan } = signedDesk();
    const { run, mine } = world(desk);
    await run();
    bump(desk, plan, true);
    await run();
    mine(txids(desk, plan)[0] as string, 3);
    await run();
    expect(stateOf(desk, asked)).toBe("COMPLETED");
    expect(balanceOf(desk.store, availableAccount(CUSTOMER), BTC)).toBe(75_000_000n);
    verifyLedger(desk.store);
  });
});

describe("a plan that takes another's place", () => {
  function replacedDesk() {
    const desk = makeDesk();
    const [bad, good] = [ask(desk, "bad", 10_000_000n), ask(desk, "good", 20_000_000n)];
    for (const one of [bad, good]) say(desk, one);
    const old = build(desk).plan.id;
    const state = stateFor(desk.custody);
    const written = signed(exported(desk, old).request, state);
    receive(desk, written.receipt);
    return { desk, bad, good, old, state: after(state, written) };
  }
  const replace = (desk: Desk, old: Id) =>
    build(desk, { replaces: old, feeRatesMilli: [60_000n, 90_000n], coins: COINS });

  test("F5: spends all that the old one spends, and pays the others; the old one may still win", async () => {
    const { desk, bad, good, old, state } = replacedDesk();
    say(desk, bad, "reject", BEN);
    const { plan, document, withdrawals } = replace(desk, old);
    expect(withdrawals.map(({ id }) => id)).toEqual([good.id]);
    expect(planState(desk, old)).toBe("REPLACED");
    const before = step(desk, (tx) => planDocumentOf(PORTS, tx, PORTS.getPlan(tx, old)));
    expect(document.body.conflictKeys).toEqual(expect.arrayContaining(before.body.conflictKeys));
    receive(desk, signed(exported(desk, plan.id).request, state).receipt);
    expect(planState(desk, plan.id)).toBe("SIGNED");
    const { run, mine, sent } = world(desk);
    await run();
    expect(sent).toEqual([txids(desk, plan.id)[0]]);
    mine(txids(desk, plan.id)[0] as string, 3);
    await run();
    expect([stateOf(desk, good), stateOf(desk, bad)]).toEqual(["COMPLETED", "REVOKING"]);
    expect([planState(desk, old), planState(desk, plan.id)]).toEqual(["DEAD", "SETTLED"]);
    verifyLedger(desk.store);
  });

  test("when the old one wins, all of it is paid and the new one is dead", async () => {
    const { desk, bad, good, old, state } = replacedDesk();
    say(desk, bad, "reject", BEN);
    const { plan } = replace(desk, old);
    receive(desk, signed(exported(desk, plan.id).request, state).receipt);
    const { run, mine } = world(desk);
    await run();
    mine(txids(desk, old)[0] as string, 3);
    await run();
    expect([stateOf(desk, good), stateOf(desk, bad)]).toEqual(["COMPLETED", "COMPLETED"]);
    expect([planState(desk, old), planState(desk, plan.id)]).toEqual(["SETTLED", "DEAD"]);
    verifyLedger(desk.store);
  });

  test("a replacement that never left is dropped, and the old one has its place again", () => {
    const { desk, old } = replacedDesk();
    const leased = leasedKeys(desk.store).size;
    const { plan } = replace(desk, old);
    step(desk, (tx) => dropPlan(PORTS, tx, PORTS.getPlan(tx, plan.id)));
    expect(planState(desk, old)).toBe("SIGNED");
    expect(leasedKeys(desk.store).size).toBe(leased);
  });

  test("it has it again also where an earlier replacement had left and is dead", () => {
    const { desk, old } = replacedDesk();
    const { plan: dead } = replace(desk, old);
    exported(desk, dead.id);
    step(desk, (tx) => {
      stepPlan(PORTS, tx, PORTS.getPlan(tx, dead.id), { type: "all its families are closed" });
      giveBack(PORTS, tx, PORTS.getPlan(tx, old), "its replacement is dead");
    });
    expect(planState(desk, old)).toBe("SIGNED");
    const { plan } = replace(desk, old);
    expect(planState(desk, old)).toBe("REPLACED");
    step(desk, (tx) => dropPlan(PORTS, tx, PORTS.getPlan(tx, plan.id)));
    expect(planState(desk, old)).toBe("SIGNED");
  });
});
