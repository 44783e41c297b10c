import { describe, expect, test } from "vitest";
import { conflictIn, holderOf, holders, identityNamed } from "../../../../src/core/policy/roles.ts";
import { policyBody } from "../../../factory/documents.ts";
import { ALICE, ANNA, MALLORY, OLGA } from "../../../factory/identities.ts";

const POLICY = policyBody();

test("a key acts in a role only while the policy gives it that role", () => {
  expect(holders(POLICY, "approver").map(({ name }) => name)).toEqual(["anna", "ben"]);
  expect(holders(POLICY, "compliance")).toEqual([]);
  expect(holderOf(POLICY, ANNA.key, "approver")?.name).toBe("anna");
  expect(holderOf(POLICY, ANNA.key, "admin")).toBeUndefined();
  expect(holderOf(POLICY, MALLORY.key, "approver")).toBeUndefined();
  expect(identityNamed(POLICY, "alice")?.key).toBe(ALICE.key);
  expect(identityNamed(POLICY, "mallory")).toBeUndefined();
});

describe("conflicts: one person, one of the roles of a set", () => {
  test("the officer who approved is found, whatever the order", () => {
    const cast = [
      { role: "approver" as const, person: OLGA.person },
      { role: "officer" as const, person: OLGA.person },
    ];
    expect(conflictIn(POLICY, cast)).toEqual({ person: OLGA.person, roles: ["approver", "officer"] });
    expect(conflictIn(POLICY, [...cast].reverse())).toEqual({
      person: OLGA.person,
      roles: ["officer", "approver"],
    });
  });

  test("different people, one role twice, and roles of no set do not conflict", () => {
    expect(
      conflictIn(POLICY, [
        { role: "approver", person: ANNA.person },
        { role: "officer", person: OLGA.person },
      ]),
    ).toBeUndefined();
    expect(
      conflictIn(POLICY, [
        { role: "approver", person: ANNA.person },
        { role: "approver", person: ANNA.person },
      ]),
    ).toBeUndefined();
    expect(
      conflictIn(POLICY, [
        { role: "operator", person: ANNA.person },
        { role: "approver", person: ANNA.person },
      ]),
    ).toBeUndefined();
  });

  test("roles of two sets do not mix", () => {
    const policy = policyBody({
      conflicts: [
        ["requester", "approver"],
        ["approver", "officer"],
      ],
    });
    const requesterOfficer = [
      { role: "requester" as const, person: ANNA.person },
      { role: "officer" as const, person: ANNA.person },
    ];
    expect(conflictIn(policy, requesterOfficer)).toBeUndefined();
    expect(
      conflictIn(policy, [...requesterOfficer, { role: "approver", person: ANNA.person }]),
    ).toBeDefined();
  });
});
