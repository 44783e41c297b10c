/** The watcher asks for signed rungs by itself, along the plan's deadline and within its budget. */
import { describe, expect, test } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { bumpPlan } from "../../../src/withdrawals/following/bump.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import type { Pace } from "../../../src/withdrawals/planning/pace.ts";
import { raiseDue } from "../../../watcher/deadline.ts";
import type { World } from "../../../watcher/world.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";

/** A payment signed on three rungs at 5, 10 and 20 sat/vB, the cheapest sent. */
function sentDesk(pace: Pace | undefined, send = true) {
  const desk = makeDesk();
  const { intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk, { pace });
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  const [first] = attemptsOf(desk.store, plan.id);
  for (const event of send ? (["sending", "broadcast"] as const) : [])
    step(desk, (tx) =>
      followAttempt(PORTS, tx, first?.id as never, event, { policy: desk.custody.policy.body }),
    );
  return { desk, plan: plan.id };
}

async function pass(desk: Desk, minutes: number, asked?: bigint, doubt?: string) {
  const [first] = desk.store.database.prepare<[], { created: string }>("SELECT created FROM attempt").all();
  const now = addSeconds(first?.created as never, 60 * minutes);
  const events: string[] = [];
  const call = { io: fakeIo({ argv: ["once"], now }).io, dryRun: false };
  await raiseDue({
    online: { call, store: desk.store, network: "regtest" },
    node: {
      feeEstimates: async () => (asked === undefined ? [] : [{ source: "n", blocks: 2, rateMilli: asked }]),
    },
    log: ({ event }: { event: string }) => events.push(event),
    doubt,
  } as unknown as World);
  return events;
}
const wanted = ({ store }: Desk, plan: never) =>
  attemptsOf(store, plan)
    .filter((attempt) => attempt.wanted !== undefined)
    .map(({ rung, kind }) => `${kind} ${rung}`);

describe("raiseDue", () => {
  test("asks for each rung in its part of the time, once", async () => {
    const { desk, plan } = sentDesk({ minutes: 90, budgetUnits: undefined });
    expect([await pass(desk, 29), await pass(desk, 30), await pass(desk, 31)]).toEqual([
      [],
      ["rung wanted"],
      [],
    ]);
    expect(wanted(desk, plan as never)).toEqual(["rung 1"]);
    await pass(desk, 60);
    expect(wanted(desk, plan as never)).toEqual(["rung 1", "rung 2"]);
    expect(await pass(desk, 5000)).toEqual([]);
  });

  test("goes on to what is due where passes were missed, and one rung further where the mempool asks", async () => {
    const { desk, plan } = sentDesk({ minutes: 90, budgetUnits: undefined });
    expect(await pass(desk, 1, 9_000n)).toEqual(["rung wanted"]);
    expect(wanted(desk, plan as never)).toEqual(["rung 1"]);
    const late = sentDesk({ minutes: 90, budgetUnits: undefined });
    await pass(late.desk, 80);
    expect(wanted(late.desk, late.plan as never)).toEqual(["rung 2"]);
  });

  test.each([
    ["no deadline", { minutes: 0, budgetUnits: undefined }, true],
    ["a plan that nobody has sent", { minutes: 90, budgetUnits: undefined }, false],
  ])("asks for nothing: %s", async (_, pace, send) => {
    const { desk } = sentDesk(pace, send);
    expect(await pass(desk, 500)).toEqual([]);
  });

  test("asks for nothing while the database is in doubt, nor once the plan is to be ended", async () => {
    const { desk, plan } = sentDesk({ minutes: 90, budgetUnits: undefined });
    expect(await pass(desk, 80, undefined, "restored")).toEqual([]);
    step(desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, plan), { cancel: true }));
    expect(await pass(desk, 80)).toEqual([]);
  });

  test("a budget ends the ladder when it is built: nothing above it is signed, so nothing above it is sent", async () => {
    const free = sentDesk({ minutes: 90, budgetUnits: undefined });
    const [, second] = attemptsOf(free.desk.store, free.plan);
    const { desk, plan } = sentDesk({ minutes: 90, budgetUnits: second?.feeUnits });
    expect(attemptsOf(desk.store, plan).filter(({ kind }) => kind === "rung")).toHaveLength(2);
    await pass(desk, 89, 9_000_000n);
    expect(wanted(desk, plan as never)).toEqual(["rung 1"]);
  });
});
