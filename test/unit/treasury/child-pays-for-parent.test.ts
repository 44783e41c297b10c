/** CPFP as an intent of our own: asked for when the ladder is used up, signed like any other, dead with its parent's coin. */
import { describe, expect, test } from "vitest";
import { bitcoinCodec, outpointKey, waitingChange } from "../../../src/chains/bitcoin/index.ts";
import { amount } from "../../../src/core/amount.ts";
import type { Id } from "../../../src/core/identifier.ts";
import type { AttemptEvent } from "../../../src/core/states/attempt.ts";
import { PORTS, READS } from "../../../src/home/ports.ts";
import { attemptsOf, type Attempt } from "../../../src/store/attempts.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { getPlan, leasedKeys } from "../../../src/store/plans.ts";
import { PARENT_NOT_WAITING } from "../../../src/treasury/parent.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { bumpPlan } from "../../../src/withdrawals/following/bump.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { send } from "../../../watcher/packages.ts";
import type { World } from "../../../watcher/world.ts";
import { exported, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor, viewOf } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import {
  plan as planMovement,
  say,
  transferOf,
  treasuryDesk,
  VAULT,
  wish,
  word,
} from "../../factory/treasury.ts";

function happens(desk: Desk, attempt: Attempt, ...events: readonly AttemptEvent[]): void {
  for (const event of events) {
    const block = event === "included" ? { hash: "0b".repeat(32), height: 101 } : undefined;
    const about = { policy: desk.custody.policy.body, ...(block === undefined ? {} : { block }) };
    step(desk, (tx) => followAttempt(PORTS, tx, attempt.id, event, about));
  }
}

/** A transfer signed on two rungs and a cancel rung, its cheapest sent. */
function parentDesk() {
  const desk = treasuryDesk();
  const { movement, intent } = wish(desk, transferOf(20_000_000n), "parent");
  say(desk, movement.id, word(desk, intent));
  const { plan } = planMovement(desk, movement.id, { feeRatesMilli: [2000n, 4000n] });
  const state = stateFor(desk.custody);
  const written = signed(exported(desk, plan.id).request, state);
  receive(desk, written.receipt);
  const [cheap, dear] = attemptsOf(desk.store, plan.id) as [Attempt, Attempt, Attempt];
  happens(desk, cheap, "sending", "broadcast");
  return { desk, parent: plan.id, cheap, dear, signer: after(state, written) };
}

const asksFor = (desk: Desk, parent: Id) => ({
  type: "consolidate" as const,
  wallet: VAULT,
  amount: amount(BTC, 60_000_000n),
  childOf: getPlan(desk.store, parent),
});

/** The child of the dear rung, approved and built; signed unless it stays a draft. */
function withChild({ draft = false } = {}) {
  const made = parentDesk();
  const { desk, parent, dear, signer } = made;
  step(desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, parent), { cancel: false }));
  happens(desk, dear, "sending", "broadcast");
  const { movement, intent } = wish(desk, asksFor(desk, parent), "child");
  say(desk, movement.id, word(desk, intent));
  const view = viewOf(desk.custody);
  const { rungs } = attemptsAsBuilt(READS, desk.store, getPlan(desk.store, parent), {
    codec: () => bitcoinCodec,
    view: () => view,
  });
  const own = waitingChange([{ attempt: rungs[1] as never, bytes: dear.bytes }]);
  const key = outpointKey(own.unconfirmed[0] as never, "regtest");
  const coins = [{ units: 3_000_000n, index: 7 }];
  const planned = planMovement(desk, movement.id, {
    coins,
    feeRatesMilli: [30_000n],
    child: { ...own, key },
  });
  if (!draft) receive(desk, signed(exported(desk, planned.plan.id).request, signer).receipt);
  return { ...made, child: planned.plan.id, movement: movement.id, key };
}

const stateOf = ({ store }: Desk, plan: Id) => getPlan(store, plan).state;
const movementState = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getMovement(tx, id).state);

describe("a child is asked for", () => {
  test("once the dearest rung was sent, and not before: that is cheaper", () => {
    const { desk, parent, dear } = parentDesk();
    const refused = expectRefusal(() => wish(desk, asksFor(desk, parent), "early"), PARENT_NOT_WAITING);
    expect(refused.hint).toBe(`custody withdraw bump ${parent}`);
    happens(desk, dear, "sending", "broadcast");
    expect(wish(desk, asksFor(desk, parent), "now").movement).toMatchObject({
      type: "consolidate",
      childOf: parent,
    });
  });

  test("not of what is in a block, is being ended, or never left", () => {
    const { desk, parent, dear } = parentDesk();
    happens(desk, dear, "sending", "broadcast", "included");
    expectRefusal(() => wish(desk, asksFor(desk, parent), "late"), PARENT_NOT_WAITING);
    const other = parentDesk();
    happens(other.desk, other.dear, "sending", "broadcast");
    step(other.desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, other.parent), { cancel: true }));
    expectRefusal(() => wish(other.desk, asksFor(other.desk, other.parent), "ended"), PARENT_NOT_WAITING);
  });
});

describe("a child's plan", () => {
  test("is an ordinary consolidate to the signer, and is sent with its parent as one package", async () => {
    const { desk, child, dear, key } = withChild();
    expect(stateOf(desk, child)).toBe("SIGNED");
    expect(leasedKeys(desk.store)).toContain(key);
    const [rung] = attemptsOf(desk.store, child) as [Attempt];
    const packages: number[] = [];
    const online = { store: desk.store };
    const node = {
      broadcast: async () => ({ type: "rejected", reason: "alone" }),
      broadcastPackage: async (bytes: readonly Uint8Array[]) => {
        packages.push(bytes.length);
        expect(bytes).toEqual([dear.bytes, rung.bytes]);
        return { type: "accepted" };
      },
    };
    expect(await send({ online, node } as unknown as World, rung)).toEqual({ type: "accepted" });
    expect(packages).toEqual([2]);
    // What stands on nothing that waits goes alone; so does everything where nodes know no packages.
    const single = { online, node: { broadcast: node.broadcast } } as unknown as World;
    expect(await send(single, rung)).toMatchObject({ reason: "alone" });
    expect(await send({ online, node } as unknown as World, dear)).toMatchObject({ reason: "alone" });
  });

  test("is dead once another rung of its parent is final: its coin can never exist", () => {
    const { desk, parent, cheap, child, movement, key } = withChild();
    happens(desk, cheap, "included", "final");
    expect([stateOf(desk, parent), stateOf(desk, child), movementState(desk, movement)]).toEqual([
      "SETTLED",
      "DEAD",
      "EXPIRED",
    ]);
    expect(leasedKeys(desk.store)).not.toContain(key);
    verifyLedger(desk.store);
  });

  test("that never left is dropped with that coin, and its intent may be built anew or ends by its own time", () => {
    const { desk, cheap, child, movement, key } = withChild({ draft: true });
    expect([stateOf(desk, child), movementState(desk, movement)]).toEqual(["DRAFT", "PLANNED"]);
    happens(desk, cheap, "included");
    expect(stateOf(desk, child)).toBe("DRAFT");
    happens(desk, cheap, "final");
    expect([stateOf(desk, child), movementState(desk, movement)]).toEqual(["DROPPED", "READY"]);
    expect(leasedKeys(desk.store)).not.toContain(key);
    expect(() => exported(desk, child)).toThrow("DROPPED");
  });

  test("F10: a reorganisation that takes the other rung back brings it back", () => {
    const { desk, cheap, child, movement } = withChild();
    happens(desk, cheap, "included", "final", "settlement reorganised away");
    expect([stateOf(desk, child), movementState(desk, movement)]).toEqual(["SIGNED", "SIGNED"]);
  });

  test("lives on where its own parent is final", () => {
    const { desk, dear, child } = withChild();
    happens(desk, dear, "included", "final");
    expect(stateOf(desk, child)).toBe("SIGNED");
  });
});
