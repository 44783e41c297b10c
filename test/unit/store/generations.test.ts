/** Law 4, in the database itself: when a withdrawal's intent may change, and when not. */
import { describe, expect, test } from "vitest";
import type { Store } from "../../../src/store/database.ts";
import { movePlan } from "../../../src/store/plans.ts";
import { write } from "../../../src/store/transaction.ts";
import { findWithdrawalByIntent, getWithdrawal, moveWithdrawal } from "../../../src/store/withdrawals.ts";
import { CONTEXT, digest, draftPlan, furnish, id, requested, scratch } from "./scratch.ts";

const PLAN = id(11);
const FIRST = digest("intent 1");
const SECOND = digest("intent 1, second generation");

/** A withdrawal at version 6 that is EXPIRED; its plan is DEAD, or was exported and is live. */
function expired(plan: "DEAD" | "live"): Store {
  const { store } = scratch();
  furnish(store, 1000n);
  write(store, CONTEXT, (tx) => {
    requested(tx, 1, 100n);
    moveWithdrawal(tx, id(1), { version: 1, to: "SCREENING", event: "screening" });
    const ready = moveWithdrawal(tx, id(1), { version: 2, to: "READY", event: "approved" });
    draftPlan(tx, 11, ["coin"], [ready]);
    moveWithdrawal(tx, id(1), { version: 3, to: "PLANNED", event: "planned" }, { plan: PLAN });
    moveWithdrawal(tx, id(1), { version: 4, to: "EXPORTED", event: "exported" });
    movePlan(tx, PLAN, { version: 1, to: "EXPORTED", event: "exported" }, { request: digest("request") });
    if (plan === "DEAD") movePlan(tx, PLAN, { version: 2, to: "DEAD", event: "proven dead" });
    moveWithdrawal(tx, id(1), { version: 5, to: "EXPIRED", event: "its plan is dead" });
  });
  return store;
}

type Changes = Parameters<typeof moveWithdrawal>[3];
const supersede = (store: Store, changes: Changes = { intent: SECOND, plan: null }) =>
  write(store, CONTEXT, (tx) =>
    moveWithdrawal(tx, id(1), { version: 6, to: "PENDING_APPROVAL", event: "superseded" }, changes),
  );

describe("a new generation", () => {
  test("takes another intent and leaves its dead plan", () => {
    const store = expired("DEAD");
    expect(supersede(store)).toMatchObject({ state: "PENDING_APPROVAL", intent: SECOND, plan: undefined });
  });

  test("is found by the intents of all its generations", () => {
    const store = expired("DEAD");
    supersede(store);
    for (const intent of [FIRST, SECOND])
      expect(findWithdrawalByIntent(store, intent)).toMatchObject({ id: id(1), intent: SECOND });
    expect(findWithdrawalByIntent(store, digest("another"))).toBeUndefined();
  });

  test("is refused while an earlier plan may still settle", () => {
    const store = expired("live");
    expect(() => supersede(store)).toThrow("no earlier plan that may still settle");
    expect(getWithdrawal(store, id(1))).toMatchObject({ state: "EXPIRED", intent: FIRST, plan: PLAN });
  });

  test.each<[string, Changes]>([
    ["without an intent of its own", { plan: null }],
    ["with the one that it had", { intent: FIRST, plan: null }],
    ["in its old plan", { intent: SECOND }],
  ])("is refused %s", (_, changes) => {
    const store = expired("DEAD");
    expect(() => supersede(store, changes)).toThrow("a new generation has an intent of its own");
    expect(supersede(store).intent).toBe(SECOND);
  });

  test("changes an intent at no other step", () => {
    const store = expired("DEAD");
    const revoke = (changes: Changes) =>
      write(store, CONTEXT, (tx) =>
        moveWithdrawal(tx, id(1), { version: 6, to: "REVOKING", event: "cancelled" }, changes),
      );
    expect(() => revoke({ intent: SECOND })).toThrow("intent is set once");
    expect(() => revoke({ plan: null })).toThrow("enters one plan");
    expect(revoke({ reason: "not wanted" }).intent).toBe(FIRST);
  });
});
