import { describe, expect, test } from "vitest";
import { assertEntitled } from "../../../../src/commands/desk/entitled.ts";
import type { Decision } from "../../../../src/commands/desk/decision.ts";
import { parseSubject, type Subject } from "../../../../src/commands/desk/subject.ts";
import { documentBytes, type Document, type DocumentHeader } from "../../../../src/core/document.ts";
import { policyDocument, type PolicyDocument } from "../../../../src/core/policy/policy.ts";
import type { SignatureAlgorithm } from "../../../../src/core/signature.ts";
import { payout } from "../../../factory/custody.ts";
import { bundleOf, CLEO, custodyOf, deskPolicy } from "../../../factory/desk.ts";
import { beneficiary, delegation } from "../../../factory/documents.ts";
import {
  ALICE,
  ANNA,
  BEN,
  castMember,
  MALLORY,
  OLGA,
  OSCAR,
  RUTH,
  type Cast,
} from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const policy = deskPolicy();
const custody = policy.digest;
const NORA = castMember("nora", "Nora New");
const EVERYBODY = [ALICE, ANNA, BEN, CLEO, MALLORY, NORA, OLGA, OSCAR, RUTH];

const subjectOf = (document: Document<DocumentHeader>) =>
  parseSubject(document.body.kind, documentBytes(document));
const bundle = subjectOf(bundleOf(policy, payout(custodyOf(policy), {})));

/** Who of everybody may sign it. */
function who(decision: Decision, subjects: readonly Subject[], under: PolicyDocument | undefined = policy) {
  return EVERYBODY.filter((one) => code(decision, subjects, one, under) === "none").map(({ name }) => name);
}

function code(
  decision: Decision,
  subjects: readonly Subject[],
  { key, name }: Cast,
  under: PolicyDocument | undefined = policy,
  alg: SignatureAlgorithm = "ed25519",
): string {
  return codeOf(() => assertEntitled(decision, subjects, under, { key, alg, name }));
}

describe("who may sign at a desk", () => {
  test.each<[Decision, readonly Subject[], readonly string[]]>([
    ["approve", [bundle], ["anna", "ben"]],
    ["release", [bundle], ["anna", "ben"]],
    ["reject", [bundle], ["anna", "ben", "cleo"]],
    ["clear", [bundle], ["cleo"]],
    ["beneficiary", [subjectOf(beneficiary({ custody }))], ["anna", "ben"]],
    [
      "beneficiary",
      [subjectOf(beneficiary({ custody, customerKey: MALLORY.key }))],
      ["anna", "ben", "mallory"],
    ],
    ["delegate", [subjectOf(delegation({ custody }))], ["oscar"]],
    ["delegate", [subjectOf(delegation({ custody, operator: ANNA.name }))], []],
    ["dead", [], ["anna", "ben"]],
    ["halt", [], ["alice", "anna", "ben", "cleo", "olga", "oscar"]],
    ["resume", [], ["anna", "ben"]],
  ])("%s", (decision, subjects, names) => {
    expect(who(decision, subjects)).toEqual(names);
  });

  test("the first policy: whoever it names", () => {
    const named = ["alice", "anna", "ben", "cleo", "olga", "oscar", "ruth"];
    expect(
      EVERYBODY.filter(
        (one) =>
          codeOf(() =>
            assertEntitled("policy", [subjectOf(policy)], undefined, { ...one, alg: "ed25519" }),
          ) === "none",
      ).map(({ name }) => name),
    ).toEqual(named);
  });

  test("the next policy: whoever it names, and the admins before it", () => {
    const nora = { name: NORA.name, person: NORA.person, key: NORA.key, alg: "ed25519" as const };
    const next = policyDocument({
      ...policy.body,
      number: 2,
      previous: policy.digest,
      custody,
      identities: [
        ...policy.body.identities.filter(({ name }) => !["alice", "cleo"].includes(name)),
        { ...nora, roles: ["admin"] },
      ],
    });
    expect(who("policy", [subjectOf(next)])).toEqual([
      "alice",
      "anna",
      "ben",
      "nora",
      "olga",
      "oscar",
      "ruth",
    ]);
    expect(who("release", [subjectOf(next)])).toEqual([]);
  });

  test("nobody approves or clears what the same person requested, but may reject it", () => {
    const both = (role: "approver" | "compliance") =>
      deskPolicy({
        conflicts: [["requester", "approver", "compliance"]],
        identities: policy.body.identities.map((one) =>
          one.name === RUTH.name ? { ...one, roles: ["requester", role] } : one,
        ),
      });
    expect(code("approve", [bundle], RUTH, both("approver"))).toBe("NOT_YOURS_TO_SIGN");
    expect(code("clear", [bundle], RUTH, both("compliance"))).toBe("NOT_YOURS_TO_SIGN");
    expect(code("reject", [bundle], RUTH, both("approver"))).toBe("none");
    const kept = { ...both("approver").body, conflicts: [] };
    expect(code("approve", [bundle], RUTH, policyDocument(kept))).toBe("none");
  });

  test("a key signs in the way that the policy knows, and in no other", () => {
    expect(code("approve", [bundle], ANNA, policy, "sshsig-sk")).toBe("NOT_YOURS_TO_SIGN");
    expect(code("approve", [bundle], ANNA, policy, "ed25519")).toBe("none");
  });
});
