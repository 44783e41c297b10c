import { describe, expect, test } from "vitest";
import { EDGES, assertEdge, type Entity, type StateOf } from "../../../../src/core/states/edges.ts";
import { codeOf } from "../../../factory/thrown.ts";

const FIRST = {
  withdrawal: "REQUESTED",
  plan: "DRAFT",
  attempt: "SIGNED",
  kyc: "NONE",
  movement: "PENDING_APPROVAL",
} as const;
const TERMINAL = {
  withdrawal: ["INVALID", "REJECTED", "CANCELLED"],
  plan: ["ATTESTED", "DROPPED"],
  attempt: [],
  kyc: [],
  movement: ["REJECTED", "CANCELLED"],
} as const;

describe.each(Object.keys(EDGES) as Entity[])("%s", (entity) => {
  const edges: Readonly<Record<string, readonly string[]>> = EDGES[entity];

  test("every state can be reached from the first", () => {
    const reached = new Set<string>([FIRST[entity]]);
    for (const state of reached) for (const next of edges[state] ?? []) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(edges).sort());
  });

  test("only what is ended for good leads nowhere", () => {
    expect(Object.keys(edges).filter((state) => edges[state]?.length === 0)).toEqual(TERMINAL[entity]);
  });

  test("no edge leads back to its own state or is listed twice", () => {
    for (const [from, next] of Object.entries(edges)) {
      expect(next).not.toContain(from);
      expect(new Set(next).size).toBe(next.length);
    }
  });

  test("assertEdge passes exactly the edges", () => {
    const states = Object.keys(edges) as StateOf[typeof entity][];
    for (const from of states) {
      for (const to of states) {
        const expected = edges[from]?.includes(to) === true ? "none" : "STATE_CONFLICT";
        expect(codeOf(() => assertEdge(entity, "id", from, to))).toBe(expected);
      }
    }
  });

  test("a state that nobody knows, as a damaged row may hold, is a conflict and not a crash", () => {
    for (const from of ["", "constructor", "__proto__"]) {
      const [known] = Object.keys(edges);
      expect(
        codeOf(() =>
          assertEdge(entity, "id", from as StateOf[typeof entity], known as StateOf[typeof entity]),
        ),
      ).toBe("STATE_CONFLICT");
    }
  });

  test("the table is frozen to its leaves", () => {
    expect(Object.isFrozen(edges)).toBe(true);
    expect(Object.values(edges).every((next) => Object.isFrozen(next))).toBe(true);
  });
});

test("F05: what was signed never goes back to a state in which other coins could be chosen", () => {
  const free = new Set(["REQUESTED", "PENDING_APPROVAL", "READY", "PLANNED", "EXPORTED"]);
  for (const from of [
    "SIGNED",
    "BROADCASTING",
    "UNCERTAIN",
    "BROADCAST",
    "CONFIRMING",
    "COMPLETED",
  ] as const) {
    expect(EDGES.withdrawal[from].filter((to) => free.has(to))).toEqual([]);
  }
});
