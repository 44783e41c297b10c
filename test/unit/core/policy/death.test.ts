/** Law 4: whoever led a plan out may not also say that it is dead. */
import { expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import { DEAD } from "../../../../src/core/documents/dead.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { countVouchers, operatorPersons } from "../../../../src/core/policy/death.ts";
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
  countVouchers(policy, dead, operatorPersons([policy], operators)).length;

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
    countVouchers(today, dead, operatorPersons(policies, [BEN.name]));
  expect(by([today, policy]).map(({ identity }) => identity.name)).toEqual([ANNA.name]);
  expect(by([today])).toEqual([]);
});

test("F5: nobody counts where no policy names an operator of the plan: that may be one of them", () => {
  expect(count("no-longer-named")).toBe(0);
  expect(count(OSCAR.name, "no-longer-named")).toBe(0);
});
