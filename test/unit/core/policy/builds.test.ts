import { expect, test } from "vitest";
import { buildQuorums, missingForBuild, vouchedSince } from "../../../../src/core/policy/builds.ts";
import { buildOf, installed } from "../../../factory/builds.ts";
import { policyBody, signedDocument } from "../../../factory/documents.ts";
import { ALICE, at, fixtureDigest, MALLORY } from "../../../factory/identities.ts";
import { ADA, named } from "../../../factory/policies.ts";

const program = installed();
const bare = buildOf(fixtureDigest("custody"), program, program.file, []);
const policy = {
  ...policyBody(),
  identities: [...policyBody().identities, named(ADA, "admin")],
  quorums: { ...policyBody().quorums, admin: 2, build: 0 },
};

test("a build is vouched for since the last of its counted signatures, in whatever order they stand", () => {
  const early = signedDocument(bare, [ALICE], at("08:00:00"));
  const late = signedDocument(bare, [ADA], at("09:30:00"));
  const stranger = signedDocument(bare, [MALLORY], at("11:00:00"));
  for (const order of [
    [early, late, stranger],
    [stranger, late, early],
  ]) {
    const build = { ...bare, signatures: order.flatMap(({ signatures }) => signatures) };
    expect(vouchedSince(policy, build)).toBe(at("09:30:00"));
    expect(missingForBuild(policy, build)).toEqual([]);
    expect(buildQuorums(policy, build).map(({ role }) => role)).toEqual(["admin"]);
  }
  expect(vouchedSince(policy, bare)).toBeUndefined();
  expect(missingForBuild(policy, early)).toEqual(["admins: 1 of 2"]);
});
