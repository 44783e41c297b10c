/**
 * Every move, told a second time and by hand: the edges, the documents and the database's triggers are all made from the
 * tables, so that a state which slips into one, or is lost from it, would be followed by all of them. Whoever changes a
 * table changes it here too, and has to mean it.
 */
import { expect, test } from "vitest";
import { DEPOSIT_MOVES } from "../../../../src/core/states/deposit.ts";
import { MOVES } from "../../../../src/core/states/edges.ts";
import { HOLD_MOVES, HOLD_OF } from "../../../../src/core/states/holds.ts";
import { LETTER_EDGES, LETTER_STATES } from "../../../../src/core/states/letters.ts";
import { PLAN_OUT, PLAN_OVER, PLAN_SIGNED } from "../../../../src/core/states/plan.ts";
import { JUDGED, STOPPABLE, SUPERSEDABLE, WAITING } from "../../../../src/core/states/withdrawal.ts";

/** A line an event: `event: STATES BEFORE > STATE AFTER`. */
const TOLD: Readonly<Record<string, string>> = {
  withdrawal: `
    screening: REQUESTED ON_HOLD > SCREENING
    admitted: SCREENING > PENDING_APPROVAL
    approved, waits: SCREENING PENDING_APPROVAL > COOLING
    approved: SCREENING PENDING_APPROVAL > READY
    released: COOLING > READY
    approvals lapsed: COOLING READY > PENDING_APPROVAL
    release lapsed: READY > COOLING
    intent expired: SCREENING PENDING_APPROVAL COOLING READY > EXPIRED
    held: SCREENING PENDING_APPROVAL COOLING READY > ON_HOLD
    blocked: ON_HOLD EXPIRED REVOKING > BLOCKED
    unblocked: BLOCKED > ON_HOLD
    unblocked, not wanted: BLOCKED > REVOKING
    unblocked, expired: BLOCKED > EXPIRED
    planned: READY > PLANNED
    plan dropped: PLANNED > READY
    exported: PLANNED > EXPORTED
    invalid: SCREENING > INVALID
    rejected: REQUESTED SCREENING ON_HOLD PENDING_APPROVAL EXPIRED > REJECTED
    cancelled: REQUESTED SCREENING ON_HOLD PENDING_APPROVAL EXPIRED > CANCELLED
    invalid, live: SCREENING > REVOKING
    rejected, live: SCREENING ON_HOLD PENDING_APPROVAL COOLING READY PLANNED EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST FAILED_ONCHAIN EXPIRED > REVOKING
    cancelled, live: SCREENING ON_HOLD PENDING_APPROVAL COOLING READY PLANNED EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST FAILED_ONCHAIN EXPIRED > REVOKING
    closed, rejected: REVOKING > REJECTED
    closed, cancelled: REVOKING > CANCELLED
    superseded: FAILED_ONCHAIN EXPIRED > PENDING_APPROVAL
    paid by an earlier generation: SCREENING ON_HOLD PENDING_APPROVAL COOLING READY PLANNED EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST FAILED_ONCHAIN EXPIRED CONFIRMING > REVOKING
    paid by another transaction: SCREENING ON_HOLD BLOCKED PENDING_APPROVAL COOLING READY EXPIRED REVOKING > COMPLETED
    at EXPORTED: EXPIRED > EXPORTED
    at SIGNED: EXPORTED EXPIRED > SIGNED
    at BROADCASTING: SIGNED UNCERTAIN BROADCAST CONFIRMING FAILED_ONCHAIN EXPIRED > BROADCASTING
    at UNCERTAIN: BROADCASTING BROADCAST CONFIRMING COMPLETED FAILED_ONCHAIN EXPIRED > UNCERTAIN
    at BROADCAST: BROADCASTING UNCERTAIN CONFIRMING COMPLETED FAILED_ONCHAIN EXPIRED > BROADCAST
    at CONFIRMING: ON_HOLD BLOCKED SIGNED BROADCASTING UNCERTAIN BROADCAST COMPLETED FAILED_ONCHAIN EXPIRED REVOKING > CONFIRMING
    at COMPLETED: CONFIRMING > COMPLETED
    at FAILED_ONCHAIN: CONFIRMING > FAILED_ONCHAIN
    at EXPIRED: EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST CONFIRMING > EXPIRED
    unpaid, not wanted: CONFIRMING COMPLETED > REVOKING
    unpaid, held: CONFIRMING COMPLETED > ON_HOLD
    unpaid, blocked: CONFIRMING COMPLETED > BLOCKED
    unpaid, expired: COMPLETED > EXPIRED
  `,
  movement: `
    approved, waits: PENDING_APPROVAL > COOLING
    approved: PENDING_APPROVAL > READY
    released: COOLING > READY
    approvals lapsed: COOLING READY > PENDING_APPROVAL
    release lapsed: READY > COOLING
    intent expired: PENDING_APPROVAL COOLING READY > EXPIRED
    planned: READY > PLANNED
    plan dropped: PLANNED > READY
    exported: PLANNED > EXPORTED
    rejected: PENDING_APPROVAL > REJECTED
    cancelled: PENDING_APPROVAL > CANCELLED
    rejected, live: PENDING_APPROVAL COOLING READY PLANNED EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST EXPIRED > REVOKING
    cancelled, live: PENDING_APPROVAL COOLING READY PLANNED EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST EXPIRED > REVOKING
    closed, rejected: REVOKING > REJECTED
    closed, cancelled: REVOKING > CANCELLED
    at EXPORTED: EXPIRED > EXPORTED
    at SIGNED: EXPORTED EXPIRED > SIGNED
    at BROADCASTING: SIGNED UNCERTAIN BROADCAST CONFIRMING EXPIRED > BROADCASTING
    at UNCERTAIN: BROADCASTING BROADCAST CONFIRMING COMPLETED EXPIRED > UNCERTAIN
    at BROADCAST: BROADCASTING UNCERTAIN CONFIRMING COMPLETED EXPIRED > BROADCAST
    at CONFIRMING: SIGNED BROADCASTING UNCERTAIN BROADCAST COMPLETED EXPIRED REVOKING > CONFIRMING
    at COMPLETED: CONFIRMING EXPORTED REVOKING > COMPLETED
    at EXPIRED: EXPORTED SIGNED BROADCASTING UNCERTAIN BROADCAST CONFIRMING > EXPIRED
    unpaid, not wanted: CONFIRMING COMPLETED > REVOKING
  `,
  plan: `
    exported: DRAFT > EXPORTED
    dropped: DRAFT > DROPPED
    signed: EXPORTED > SIGNED
    message signed: EXPORTED > ATTESTED
    replaced: EXPORTED SIGNED > REPLACED
    settled: SIGNED REPLACED > SETTLED
    cancelled: SIGNED REPLACED > CANCELLED
    beaten: DRAFT > DROPPED; EXPORTED SIGNED REPLACED > DEAD
    proven dead: EXPORTED SIGNED REPLACED > DEAD
    all its families are closed: EXPORTED SIGNED REPLACED > DEAD
    at EXPORTED: REPLACED DEAD > EXPORTED
    at SIGNED: REPLACED SETTLED CANCELLED DEAD > SIGNED
    at REPLACED: SETTLED CANCELLED DEAD > REPLACED
  `,
  attempt: `
    sending: SIGNED > BROADCASTING
    sending again: UNCERTAIN > BROADCASTING
    broadcast: BROADCASTING > BROADCAST
    refused by node: BROADCASTING > UNCERTAIN
    outcome unknown: BROADCASTING > UNCERTAIN
    seen by node: BROADCASTING UNCERTAIN > BROADCAST
    not seen by node: BROADCAST > UNCERTAIN
    included: SIGNED BROADCASTING UNCERTAIN BROADCAST > CONFIRMING
    final: CONFIRMING > FINAL
    reorganised away: CONFIRMING > BROADCAST
    settlement reorganised away: FINAL > BROADCAST
  `,
  kyc: `
    submitted: NONE ACCEPTED REJECTED SUSPENDED > SUBMITTED
    accepted: SUBMITTED SUSPENDED > ACCEPTED
    rejected: SUBMITTED SUSPENDED > REJECTED
    suspended: ACCEPTED > SUSPENDED
  `,
  hold: `
    release: PLACED > RELEASED
    freeze: PLACED > FROZEN
    unfreeze: FROZEN > PLACED
    send: PLACED > SENT
    unsend: SENT > PLACED
    settle: SENT > SETTLED
    unsettle: SETTLED > SENT
  `,
  deposit: `
    left the chain: CREDITED > GONE
    taken back: GONE > UNCREDITED
    in the chain again: GONE UNCREDITED > CREDITED
  `,
};

const TABLES: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  ...MOVES,
  hold: HOLD_MOVES,
  deposit: DEPOSIT_MOVES,
};

test.each(Object.keys(TABLES))("%s", (entity) => {
  expect(made(TABLES[entity] ?? {})).toEqual(told(TOLD[entity] ?? ""));
});

test("every table is told", () => {
  expect(Object.keys(TOLD)).toEqual(Object.keys(TABLES));
});

test("a hold is frozen, sent, settled or released in these states, and placed in every other", () => {
  const states = (hold: string) =>
    Object.entries(HOLD_OF).flatMap(([state, of]) => (of === hold ? state : []));
  expect(states("FROZEN")).toEqual(["BLOCKED"]);
  expect(states("SENT")).toEqual(["BROADCASTING", "UNCERTAIN", "BROADCAST", "CONFIRMING"]);
  expect(states("SETTLED")).toEqual(["COMPLETED"]);
  expect(states("RELEASED")).toEqual(["INVALID", "REJECTED", "CANCELLED"]);
  expect(states("PLACED")).toHaveLength(12);
});

test("the sets that are read out of a withdrawal's table", () => {
  expect([...WAITING]).toEqual(["REQUESTED", "SCREENING", "PENDING_APPROVAL", "COOLING", "READY", "PLANNED"]);
  expect([...JUDGED]).toEqual(["SCREENING", "PENDING_APPROVAL", "COOLING", "READY"]);
  expect([...SUPERSEDABLE]).toEqual(["FAILED_ONCHAIN", "EXPIRED"]);
  expect(STOPPABLE.has("CONFIRMING")).toBe(true);
  expect(STOPPABLE.has("COMPLETED")).toBe(false);
});

test("what a plan may still do", () => {
  expect([...PLAN_OUT]).toEqual(["EXPORTED", "SIGNED", "REPLACED"]);
  expect([...PLAN_SIGNED]).toEqual(["SIGNED", "REPLACED"]);
  expect([...PLAN_OVER]).toEqual(["SETTLED", "CANCELLED", "DEAD"]);
});

test("a dead letter that was put away can be tried again, and one that is tried again can fail again", () => {
  expect(LETTER_EDGES).toEqual({ OPEN: ["REQUEUED", "DROPPED"], REQUEUED: ["OPEN"], DROPPED: ["REQUEUED"] });
  expect(Object.keys(LETTER_EDGES)).toEqual([...LETTER_STATES]);
});

/** `event: BEFORE > AFTER`, each on its own and sorted: the order of a table says nothing. */
function told(text: string): readonly string[] {
  const lines = text.trim().split("\n");
  return lines
    .flatMap((line) => {
      const [, event, moves] = /^ *(.+): ([A-Z_ >;]+)$/.exec(line) ?? [];
      return (moves ?? "").split("; ").flatMap((move) => {
        const [before, after] = move.split(" > ");
        return (before ?? "").split(" ").map((state) => `${event}: ${state} > ${after}`);
      });
    })
    .sort();
}

function made(table: Readonly<Record<string, Readonly<Record<string, string>>>>): readonly string[] {
  const rows = Object.entries(table);
  return rows
    .flatMap(([event, moves]) =>
      Object.entries(moves).map(([before, after]) => `${event}: ${before} > ${after}`),
    )
    .sort();
}
