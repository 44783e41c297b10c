/** The sets that code asks, by name: a state more or less in a table of events must be seen here. */
import { describe, expect, test } from "vitest";
import { FURTHEST_FIRST, ATTEMPT_STATES } from "../../../../src/core/states/attempt.ts";
import { MOVEMENT_ENDED, MOVEMENT_REVOCABLE, MOVEMENT_STATES } from "../../../../src/core/states/movement.ts";
import { PLAN_MOVES, PLAN_OUT, PLAN_OVER } from "../../../../src/core/states/plan.ts";
import { statesBefore } from "../../../../src/core/states/moves.ts";
import {
  ENDED,
  ENDS_AT_ONCE,
  FREEZABLE,
  JUDGED,
  PAID_IN_BLOCK,
  REVOCABLE,
  STOPPABLE,
  SUPERSEDABLE,
} from "../../../../src/core/states/withdrawal.ts";
import { WITHDRAWAL_STATES } from "../../../../src/core/states/withdrawal-states.ts";

const without = (states: readonly string[], set: ReadonlySet<string>) =>
  states.filter((state) => !set.has(state));

describe("a withdrawal", () => {
  test.each([
    ["has ended", ENDED, ["INVALID", "REJECTED", "CANCELLED"]],
    ["ends at once", ENDS_AT_ONCE, ["REQUESTED", "SCREENING", "ON_HOLD", "PENDING_APPROVAL", "EXPIRED"]],
    ["is judged anew", JUDGED, ["SCREENING", "PENDING_APPROVAL", "COOLING", "READY"]],
    ["can be frozen where it stands", FREEZABLE, ["ON_HOLD", "EXPIRED", "REVOKING"]],
    ["can begin its next generation", SUPERSEDABLE, ["FAILED_ONCHAIN", "EXPIRED"]],
    ["is in a block", PAID_IN_BLOCK, ["CONFIRMING", "COMPLETED"]],
  ] as const)("%s", (_, set, states) => {
    expect([...set].sort()).toEqual([...states].sort());
  });

  test("cannot be revoked once it has ended, is revoked, frozen or in a block", () => {
    expect(without(WITHDRAWAL_STATES, REVOCABLE)).toEqual([
      "INVALID",
      "BLOCKED",
      "CONFIRMING",
      "COMPLETED",
      "REVOKING",
      "REJECTED",
      "CANCELLED",
    ]);
  });

  test("cannot be stopped for an earlier generation's payment where it is stopped, ended, booked or was never planned", () => {
    expect(without(WITHDRAWAL_STATES, STOPPABLE)).toEqual([
      "REQUESTED",
      "INVALID",
      "BLOCKED",
      "COMPLETED",
      "REVOKING",
      "REJECTED",
      "CANCELLED",
    ]);
  });
});

test("a movement cannot be revoked once it has ended, is revoked or in a block", () => {
  expect(without(MOVEMENT_STATES, MOVEMENT_REVOCABLE)).toEqual([
    "CONFIRMING",
    "COMPLETED",
    "REVOKING",
    ...MOVEMENT_ENDED,
  ]);
});

test("a plan that is out may be proven dead, and no other; what is over may stand again", () => {
  expect(PLAN_OUT).toEqual(statesBefore(PLAN_MOVES, "proven dead"));
  expect(PLAN_OVER).toEqual(statesBefore(PLAN_MOVES, "at REPLACED"));
});

test("every state of an attempt has its place from the furthest on", () => {
  expect([...FURTHEST_FIRST].sort()).toEqual([...ATTEMPT_STATES].sort());
});
