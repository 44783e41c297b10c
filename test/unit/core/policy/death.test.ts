/** Law 4: whoever led a plan out may not also say that it is dead. */
import { expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import { DEAD } from "../../../../src/core/documents/dead.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import {
  deceasedAsListed,
  operatorPersons,
  vouchersNeeded,
  vouchersOf,
  type Deceased,
} from "../../../../src/core/policy/death.ts";
import { header, policyBody, signedDocument } from "../../../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR } from "../../../factory/identities.ts";

const policy = policyBody();
const dead = signedDocument(
  makeDocument(DEAD, {
    ...header("dead"),
    plan: fixtureDigest("plan"),
    transactions: [fixtureDigest("rung")],
    conflictKey: "a coin",
    spentBy: fixtureDigest("somebody else's"),
    block: { hash: fixtureDigest("block"), height: 200 },
    evidence: fixtureDigest("evidence"),
    policy: policy.number,
  }),
  [ANNA, BEN],
  at("10:00:00"),
);
const count = (...operators: readonly string[]) =>
  vouchersOf(policy, dead, { operators: operatorPersons([policy], operators) }).length;

test("approvers count who did not lead the plan out", () => {
  expect(count(OSCAR.name)).toBe(2);
  expect(count(OSCAR.name, BEN.name)).toBe(1);
});

test("F5: an operator who has another name by now is the same person", () => {
  const renamed = policy.identities.map((one) =>
    one.name === BEN.name ? { ...one, name: "ben-2" as Name } : one,
  );
  const today = { ...policy, identities: renamed };
  const by = (policies: readonly Policy[]) =>
    vouchersOf(today, dead, { operators: operatorPersons(policies, [BEN.name]) });
  expect(by([today, policy]).map(({ identity }) => identity.name)).toEqual([ANNA.name]);
  expect(by([today])).toEqual([]);
});

test("F5: nobody counts where no policy names an operator of the plan: that may be one of them", () => {
  expect(count("no-longer-named")).toBe(0);
  expect(count(OSCAR.name, "no-longer-named")).toBe(0);
});

const deceased: Deceased = {
  plan: dead.body.plan,
  transactions: dead.body.transactions,
  cancel: undefined,
  conflictKeys: ["a coin"],
  rows: ["small" as Name],
  operators: new Set([OSCAR.person]),
};

test("the strictest of its bands vouches; a band that the policy has no more is met by nobody", () => {
  const rows = [
    { ...policy.rows[0], name: "small", quorum: 1 },
    { ...policy.rows[0], name: "large", quorum: 2 },
  ] as Policy["rows"];
  const banded = { ...policy, rows };
  const needed = (...names: readonly string[]) => vouchersNeeded(banded, { rows: names as Name[] });
  expect([needed("small"), needed("small", "large"), needed("small", "gone"), needed()]).toEqual([
    1,
    2,
    undefined,
    undefined,
  ]);
});

test("it was signed under a policy whose signatures still count, and that is in force", () => {
  const later = { ...policy, number: 3, approvalsSince: 2 };
  const under = (number: number) =>
    vouchersOf(later, { ...dead, body: { ...dead.body, policy: number } }, deceased).length;
  expect([under(1), under(2), under(3), under(4)]).toEqual([0, 2, 2, 0]);
});

test("F9: of several voids all transactions count, and only the coins and the cancel rung that all agree on", () => {
  const [a, b, c] = [fixtureDigest("a"), fixtureDigest("b"), fixtureDigest("c")];
  const one = {
    plan: deceased.plan,
    generation: 1,
    row: "small" as Name,
    conflictKeys: ["x", "y"],
    transactions: [a, b],
    cancel: b,
    operators: ["oscar"],
  };
  const two = { ...one, row: "large" as Name, conflictKeys: ["y"], transactions: [a, c], cancel: undefined };
  expect(deceasedAsListed([])).toBeUndefined();
  expect(deceasedAsListed([one, { ...two, operators: ["ben"] }])).toEqual({
    plan: deceased.plan,
    transactions: [a, b, c],
    cancel: b,
    conflictKeys: ["y"],
    rows: ["small", "large"],
    operators: new Set(["oscar", "ben"]),
  });
  expect(deceasedAsListed([one, { ...two, transactions: [b] }])?.cancel).toBeUndefined();
});
