/** What is no customer's waits no longer than its intent lives either; nothing is owed by it, so it is asked for anew. */
import { expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { advanceMovement, endMovement } from "../../../src/treasury/decide.ts";
import { expireDue, exported, step, type Desk } from "../../attack/online.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { plan, say, transferOf, treasuryDesk, wish, word } from "../../factory/treasury.ts";

const UNITS = 20_000_000n;
/** `wish` gives an intent a day from 08:50. */
const LAST = addSeconds(at("08:50:00"), 86_400);
const DUE = addSeconds(LAST, 1);

function asked() {
  const desk = treasuryDesk();
  const { movement, intent } = wish(desk, transferOf(UNITS));
  return { desk, id: movement.id, intent };
}

const rowOf = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getMovement(tx, id));
const expire = (desk: Desk, now = DUE) => expireDue(desk, now);
const cancel = (desk: Desk, id: Id) =>
  step(desk, (tx) =>
    endMovement(PORTS, tx, PORTS.getMovement(tx, id), {
      end: "CANCELLED",
      reason: "test",
      policy: desk.custody.policy.body,
    }),
  );

test("good through its last second, EXPIRED after it, and then ended at will", () => {
  const { desk, id } = asked();
  expect(expire(desk, LAST)).toEqual([]);
  expect(expire(desk)).toEqual([{ entity: "movement", id }]);
  expect(rowOf(desk, id).state).toBe("EXPIRED");
  expect(cancel(desk, id).state).toBe("CANCELLED");
});

test("a draft plan gives its coins back", () => {
  const { desk, id, intent } = asked();
  say(desk, id, word(desk, intent));
  plan(desk, id);
  expect(step(desk, (tx) => leasedKeys(tx, [])).size).toBeGreaterThan(0);
  expire(desk);
  expect(rowOf(desk, id).state).toBe("EXPIRED");
  expect(step(desk, (tx) => leasedKeys(tx, [])).size).toBe(0);
});

test("law 3: what has left is live, whatever the time", () => {
  const { desk, id, intent } = asked();
  say(desk, id, word(desk, intent));
  exported(desk, plan(desk, id).plan.id);
  expect(expire(desk)).toEqual([]);
  expect(rowOf(desk, id).state).toBe("EXPORTED");
});

test("an approval that lapses before the plan is asked for again", () => {
  const { desk, id, intent } = asked();
  say(desk, id, approval(intent, [ANNA], { custody: desk.custody.id, expires: at("09:20:00") }));
  const look = (now: typeof LAST) =>
    step(desk, (tx) =>
      advanceMovement(PORTS, tx, PORTS.getMovement(tx, id), { policy: desk.custody.policy, now }),
    ).movement.state;
  expect(look(at("09:20:00"))).toBe("READY");
  expect(look(at("09:20:01"))).toBe("PENDING_APPROVAL");
});
