/** A draft whose line was won by another plan never left: what it was to settle is free again, and ends like anything that waits. */
import { expect, test } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { getPlan } from "../../../src/store/plans.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { expireDue, exported, receive, step } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { at } from "../../factory/identities.ts";
import { plan as planMovement, say, transferOf, treasuryDesk, wish, word } from "../../factory/treasury.ts";

const DUE = addSeconds(at("08:50:00"), 9 * 86_400);

test("F07: a cancel that was built and not exported, when what it should cancel is final", () => {
  const desk = treasuryDesk();
  const { movement: paid, intent } = wish(desk, transferOf(20_000_000n), "parent");
  say(desk, paid.id, word(desk, intent));
  const { plan } = planMovement(desk, paid.id);
  const { request } = exported(desk, plan.id);
  const target = getPlan(desk.store, plan.id);
  const cancel = wish(desk, { type: "cancel", plan: target, asset: BTC }, "cancel");
  say(desk, cancel.movement.id, word(desk, cancel.intent));
  const draft = planMovement(desk, cancel.movement.id, { feeRatesMilli: [20_000n] });
  receive(desk, signed(request, stateFor(desk.custody)).receipt);
  const [rung] = attemptsOf(desk.store, plan.id);
  const block = { hash: "0b".repeat(32), height: 101 };
  const about = { policy: desk.custody.policy.body, block };
  step(desk, (tx) => followAttempt(PORTS, tx, rung?.id as never, "included", about));
  step(desk, (tx) => followAttempt(PORTS, tx, rung?.id as never, "final", about));

  expect(getPlan(desk.store, draft.plan.id).state).toBe("DROPPED");
  const standing = () => step(desk, (tx) => PORTS.getMovement(tx, cancel.movement.id).state);
  expect(standing()).toBe("READY");
  expireDue(desk, DUE);
  expect(standing()).toBe("EXPIRED");
});
