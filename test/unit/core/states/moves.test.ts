import { describe, expect, test } from "vitest";
import { attemptTransition } from "../../../../src/core/states/attempt.ts";
import { EDGES, MOVES, type Entity } from "../../../../src/core/states/edges.ts";
import { HOLD_EDGES, HOLD_MOVES } from "../../../../src/core/states/holds.ts";
import { kycTransition } from "../../../../src/core/states/kyc.ts";
import { eventsAlong, targetOf, type Moves } from "../../../../src/core/states/moves.ts";
import { movementPlace, movementTransition } from "../../../../src/core/states/movement.ts";
import { planTransition } from "../../../../src/core/states/plan.ts";
import { fixtureId } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const ID = fixtureId("row");
const TABLES = { ...MOVES, hold: HOLD_MOVES } as unknown as Readonly<Record<string, Moves<string, string>>>;
const DRAWN = { ...EDGES, hold: HOLD_EDGES } as unknown as Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
>;

describe.each(Object.keys(TABLES))("%s", (entity) => {
  const moves = TABLES[entity] as Moves<string, string>;
  const edges = DRAWN[entity] as Readonly<Record<string, readonly string[]>>;

  test("its edges are what its events make, no more and no less", () => {
    const made = Object.values(moves).flatMap((table) =>
      Object.entries(table).map(([from, to]) => `${from} ${to}`),
    );
    const drawn = Object.entries(edges).flatMap(([from, next]) => next.map((to) => `${from} ${to}`));
    expect([...new Set(made)].sort()).toEqual(drawn.sort());
    for (const [from, next] of Object.entries(edges))
      for (const to of next) expect(eventsAlong(moves, from, to).length).toBeGreaterThan(0);
  });

  test("its table is frozen to its leaves", () => {
    expect(Object.isFrozen(moves)).toBe(true);
    expect(Object.values(moves).every((table) => Object.isFrozen(table))).toBe(true);
  });

  test("an event that may not happen is a conflict, also in a state that nobody knows", () => {
    const [event] = Object.keys(moves) as [string];
    for (const state of ["", "constructor", "__proto__"])
      expect(codeOf(() => targetOf(entity as Entity, { id: ID, state }, moves, event))).toBe(
        "STATE_CONFLICT",
      );
  });
});

test("a plan's events are named in the audit log as people read them", () => {
  const named = (state: "DRAFT" | "EXPORTED" | "SIGNED", event: Parameters<typeof planTransition>[1]) =>
    planTransition({ id: ID, state }, event);
  expect(named("EXPORTED", { type: "replaced", by: ID })).toEqual({
    to: "REPLACED",
    event: `replaced by ${ID}`,
  });
  expect(named("SIGNED", { type: "settled" })).toEqual({ to: "SETTLED", event: "final" });
  expect(named("DRAFT", { type: "beaten" })).toEqual({
    to: "DROPPED",
    event: "another plan of its line is final",
  });
  expect(named("EXPORTED", { type: "signed" })).toEqual({ to: "SIGNED", event: "signed" });
  expect(codeOf(() => named("DRAFT", { type: "signed" }))).toBe("STATE_CONFLICT");
  expect(codeOf(() => named("EXPORTED", { type: "dropped" }))).toBe("STATE_CONFLICT");
});

test("F4: a refusal is an unknown outcome, and a block is believed whatever was said before", () => {
  const of = (
    state: "BROADCASTING" | "UNCERTAIN" | "FINAL",
    event: Parameters<typeof attemptTransition>[1],
  ) => attemptTransition({ id: ID, state }, event).to;
  expect(of("BROADCASTING", "refused by node")).toBe("UNCERTAIN");
  expect(of("UNCERTAIN", "included")).toBe("CONFIRMING");
  expect(codeOf(() => of("FINAL", "sending again"))).toBe("STATE_CONFLICT");
});

test("a movement that is not wanted is paid by a block all the same, and comes out of it not wanted", () => {
  const row = { id: ID, state: "REVOKING", reason: "rejected" } as const;
  expect(movementTransition(row, { type: "stands", at: "CONFIRMING", why: "included" }).to).toBe(
    "CONFIRMING",
  );
  expect(movementPlace(row, "BROADCAST")).toBe("REVOKING");
  expect(movementPlace({ reason: undefined }, "BROADCAST")).toBe("BROADCAST");
});

test("a movement's events are named in the audit log as people read them, and keep why it is not wanted", () => {
  const moved = (
    state: Parameters<typeof movementTransition>[0]["state"],
    event: Parameters<typeof movementTransition>[1],
    reason?: string,
  ) => movementTransition({ id: ID, state, reason }, event);
  const ends = { event: "nothing of it can settle", reason: undefined };
  expect(moved("PENDING_APPROVAL", { type: "approved, waits" })).toMatchObject({
    to: "COOLING",
    event: "approved",
  });
  expect(moved("COOLING", { type: "released" })).toEqual({
    to: "READY",
    event: "released",
    reason: undefined,
  });
  expect(moved("PENDING_APPROVAL", { type: "rejected", reason: "no" })).toEqual({
    to: "REJECTED",
    event: "rejected",
    reason: "no",
  });
  expect(moved("REVOKING", { type: "closed, rejected" })).toEqual({ to: "REJECTED", ...ends });
  expect(moved("REVOKING", { type: "closed, cancelled" })).toEqual({ to: "CANCELLED", ...ends });
  expect(moved("CONFIRMING", { type: "stands", at: "COMPLETED", why: "deep enough" }, "no").to).toBe(
    "COMPLETED",
  );
});

test("only a review accepts a customer", () => {
  expect(kycTransition({ customer: ID, state: "SUBMITTED" }, "accepted").to).toBe("ACCEPTED");
  for (const state of ["NONE", "REJECTED", "ACCEPTED"] as const)
    expect(codeOf(() => kycTransition({ customer: ID, state }, "accepted"))).toBe("STATE_CONFLICT");
});
