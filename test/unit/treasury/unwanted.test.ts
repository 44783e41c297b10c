/** What nobody wants any more, after it left: dead plans, stuck consolidations, cancels (law 3). */
import { describe, expect, test } from "vitest";
import { amount } from "../../../src/core/amount.ts";
import { PLAN } from "../../../src/core/documents/plan.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { MOVEMENT_NOT_ALLOWED } from "../../../src/treasury/leave.ts";
import { bumpPlan, NO_DEARER_RUNG } from "../../../src/withdrawals/following/bump.ts";
import { exported, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { voided } from "../../factory/online-words.ts";
import { plan, say, treasuryDesk, VAULT, wish, word } from "../../factory/treasury.ts";
import { world } from "../../factory/watching.ts";
import { left, signedTransfer, refuse, cancel, close, rowOf, planOf, bury } from "./leaving.ts";

describe("a plan that is dead", () => {
  test("leaves its movement EXPIRED with its coins free; another one is asked for", () => {
    const story = signedTransfer();
    expect(bury(story).movements).toMatchObject([{ id: story.id, state: "EXPIRED" }]);
    expect(leasedKeys(story.desk.store).size).toBe(0);
    expect(cancel(story).state).toBe("CANCELLED");
  });

  test("ends what nobody wants: as rejected, or as cancelled", () => {
    const rejected = signedTransfer();
    refuse(rejected);
    expect(bury(rejected).movements).toMatchObject([{ state: "REJECTED" }]);
    const cancelled = signedTransfer();
    cancel(cancelled);
    expect(bury(cancelled).movements).toMatchObject([{ state: "CANCELLED" }]);
  });

  test("F10: in a block all the same it is the watcher's loudest word, whether the movement waits or has ended", async () => {
    for (const [end, state] of [
      [false, "COMPLETED"],
      [true, "REJECTED"],
    ] as const) {
      const story = signedTransfer();
      if (end) refuse(story);
      bury(story);
      const { run, mine, cries } = world(story.desk);
      await run();
      expect(cries).toEqual([]);
      mine(attemptsOf(story.desk.store, story.plan)[0]?.txid ?? "", 3);
      await run();
      expect(cries).toEqual(["dead plan in a block", ...(end ? ["moved after its end"] : [])]);
      expect([rowOf(story).state, planOf(story, story.plan).state]).toEqual([state, "SETTLED"]);
      verifyLedger(story.desk.store);
    }
  });
});

describe("what has left and is not wanted", () => {
  test("is not exported again; what is wanted gives the same request", () => {
    const story = left();
    expect(exported(story.desk, story.plan).request.digest).toBe(story.request.digest);
    refuse(story);
    expectRefusal(() => exported(story.desk, story.plan), MOVEMENT_NOT_ALLOWED);
  });

  test("gives its place back: the plan that a voided cancel was to end goes on", () => {
    const story = left();
    const { desk } = story;
    const target = planOf(story, story.plan);
    const { movement, intent } = wish(desk, { type: "cancel", plan: target, asset: BTC }, "cancel");
    say(desk, movement.id, word(desk, intent));
    const ending = plan(desk, movement.id).plan.id;
    exported(desk, ending);
    expect(planOf(story, story.plan).state).toBe("REPLACED");
    const called = { desk, id: movement.id, intent, plan: ending };
    expect(cancel(called).state).toBe("REVOKING");
    expect(close(called, voided(desk, intent)).movement.state).toBe("CANCELLED");
    expect([planOf(story, ending).state, planOf(story, story.plan).state]).toEqual(["DEAD", "EXPORTED"]);
    expect(leasedKeys(desk.store).size).toBe(1);
    receive(desk, signed(story.request, stateFor(desk.custody)).receipt);
    expect(rowOf(story).state).toBe("SIGNED");
  });
});

test("a consolidation that is stuck: dearer rungs first, then a cancel over the same coins brings them together", async () => {
  const desk = treasuryDesk();
  const coins = [
    { units: 3_000_000n, index: 1 },
    { units: 4_000_000n, index: 2 },
  ];
  const wanted = { type: "consolidate", wallet: VAULT, amount: amount(BTC, 900_000_000n) } as const;
  const asked = wish(desk, wanted);
  say(desk, asked.movement.id, word(desk, asked.intent));
  const first = plan(desk, asked.movement.id, { coins, feeRatesMilli: [5_000n, 10_000n] }).plan.id;
  const { request } = exported(desk, first);
  const written = signed(request, stateFor(desk.custody));
  receive(desk, written.receipt);
  const { run, mine, sent } = world(desk);
  await run();
  const bump = () => step(desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, first), { cancel: false }));
  bump();
  await run();
  expect(sent).toEqual(attemptsOf(desk.store, first).map(({ txid }) => txid));
  expect(expectRefusal(bump, NO_DEARER_RUNG).hint).toBe(
    `custody intent new --type cancel --plan ${first}   (docs/runbooks/stuck-fee.md)`,
  );

  const again = wish(desk, { type: "cancel", plan: planOf({ desk }, first), asset: BTC }, "dearer");
  say(desk, again.movement.id, word(desk, again.intent));
  const dearer = plan(desk, again.movement.id, { coins, feeRatesMilli: [20_000n] });
  expect(dearer.document.body.conflictKeys).toEqual(planDocument(desk, first));
  receive(
    desk,
    signed(exported(desk, dearer.plan.id).request, after(stateFor(desk.custody), written)).receipt,
  );
  await run();
  const [last] = attemptsOf(desk.store, dearer.plan.id);
  expect(sent.at(-1)).toBe(last?.txid);
  mine(last?.txid ?? "", 3);
  await run();
  expect([
    rowOf({ desk, id: again.movement.id }).state,
    rowOf({ desk, id: asked.movement.id }).state,
  ]).toEqual(["COMPLETED", "EXPIRED"]);
  verifyLedger(desk.store);
});

function planDocument(desk: Desk, id: Id): readonly string[] {
  return step(desk, (tx) => {
    const { digest } = PORTS.getPlan(tx, id);
    return PORTS.findDocument(tx, PLAN, digest)?.body.conflictKeys ?? [];
  });
}
