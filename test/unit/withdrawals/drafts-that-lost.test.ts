/** A draft whose line was won by another plan never left: what it was to settle is free again, and ends like anything that waits. */
import { expect, test } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { getPlan } from "../../../src/store/plans.ts";
import { openQuarantine } from "../../../src/store/quarantine.ts";
import { cancelWithdrawal } from "../../../src/withdrawals/decide.ts";
import { expireDue } from "../../../src/withdrawals/expire.ts";
import { followAttempt } from "../../../src/withdrawals/follow.ts";
import { ask, exported, makeDesk, receive, step } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { at, fixtureId } from "../../factory/identities.ts";
import { plan as planMovement, say, transferOf, treasuryDesk, wish, word } from "../../factory/treasury.ts";
import { codeOf } from "../../factory/thrown.ts";

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
  step(desk, (tx) => expireDue(PORTS, tx, DUE));
  expect(standing()).toBe("EXPIRED");
});

test("F09: in quarantine no hold is released, whatever this database says of approvals; without one it is", () => {
  const desk = makeDesk();
  const [kept, released] = [ask(desk, "kept", 20_000n), ask(desk, "released", 20_000n)];
  const cancel = (id: typeof kept.id) =>
    step(desk, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy: desk.custody.policy }),
    );
  expect(cancel(released.id).state).toBe("CANCELLED");
  const doubt = { id: fixtureId("quarantine"), cause: "restored", subject: "copy", detail: "test" } as const;
  step(desk, (tx) => openQuarantine(tx, doubt));
  expect(codeOf(() => cancel(kept.id))).toBe("QUARANTINED");
  expect(step(desk, (tx) => PORTS.getWithdrawal(tx, kept.id).state)).toBe("PENDING_APPROVAL");
});
