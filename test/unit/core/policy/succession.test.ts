import { describe, expect, test } from "vitest";

import { missingFor } from "../../../../src/core/policy/missing.ts";
import { policyDocument, type Policy, type PolicyDocument } from "../../../../src/core/policy/policy.ts";
import { assertGenesisSigned, assertSuccession } from "../../../../src/core/policy/succession.ts";
import { CUSTODY, genesisPolicy, policyBody, signedDocument } from "../../../factory/documents.ts";
import { ALICE, ANNA, at, castMember, MALLORY, OLGA } from "../../../factory/identities.ts";
import {
  ADA,
  ADAM,
  AGNES,
  following,
  houseBody,
  named,
  signedPolicy,
  signerCast,
  signerNamed,
} from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const FIRST = policyDocument(houseBody());
const NEW = castMember("new");

function next(changes: Partial<Policy> = {}, previous: PolicyDocument = FIRST): PolicyDocument {
  return signedPolicy(following(previous, changes), [ADA, ADAM]);
}

describe("genesis: everyone named has signed number 1", () => {
  const policy = genesisPolicy();

  test("all signatures are there, and the latest is what it rests on", () => {
    expect(assertGenesisSigned(policy)).toEqual({ way: "genesis", at: at("08:00:00") });
    expect(missingFor(undefined, policy)).toEqual([]);
  });

  test.each(policy.signatures.map((signature, index) => [index, signature.by]))(
    "without signature %d it is unsigned",
    (index) => {
      const less = { ...policy, signatures: policy.signatures.filter((_one, other) => other !== index) };
      expect(codeOf(() => assertGenesisSigned(less))).toBe("POLICY_UNSIGNED");
      expect(missingFor(undefined, less)).toMatchObject([{ quorum: "everyone", have: 6, need: 7 }]);
    },
  );

  test("a stranger's signature, and one over another policy, stand for nobody", () => {
    const unsigned = policyDocument(policy.body);
    const strangers = signedDocument(unsigned, [MALLORY], at("08:00:00"));
    expect(missingFor(undefined, strangers)).toMatchObject([{ have: 0, need: 7 }]);
    const other = genesisPolicy({ clockToleranceSeconds: 301 });
    expect(missingFor(undefined, { ...unsigned, signatures: other.signatures })).toMatchObject([{ have: 0 }]);
  });

  test("a key that the policy says is a security key's has not signed in software", () => {
    const identities = policyBody().identities.map((one) =>
      one.name === ALICE.name ? { ...one, alg: "sshsig-sk" as const } : one,
    );
    expect(missingFor(undefined, genesisPolicy({ identities }))).toMatchObject([{ who: [ALICE.name] }]);
  });

  test("a later number is no genesis, however well signed: its custody id is only claimed", () => {
    const later = genesisPolicy({ number: 2, custody: CUSTODY, previous: CUSTODY });
    expect(codeOf(() => assertGenesisSigned(later))).toBe("POLICY_UNSIGNED");
  });
});

describe("succession: the admins of n and of n+1, and every new key", () => {
  test("both quorums have signed; it rests on the last signature that was needed", () => {
    const draft = policyDocument(following(FIRST));
    const signed = {
      ...draft,
      signatures: [
        ...signedDocument(draft, [ADA], at("09:10:00")).signatures,
        ...signedDocument(draft, [ADAM], at("09:20:00")).signatures,
        ...signedDocument(draft, [AGNES], at("23:00:00")).signatures,
      ],
    };
    expect(assertSuccession(FIRST, signed, [])).toEqual({ way: "admins", at: at("09:20:00") });
  });

  test.each([
    ["one admin", [ADA]],
    ["one admin twice", [ADA, ADA]],
    ["an admin and an approver", [ADA, ANNA]],
    ["an admin and a stranger", [ADA, MALLORY]],
  ])("%s is no quorum of two", (_name, signers) => {
    const refused = signedPolicy(following(FIRST), signers);
    expect(codeOf(() => assertSuccession(FIRST, refused, []))).toBe("POLICY_UNSIGNED");
    expect(missingFor(FIRST, refused)[0]).toMatchObject({ quorum: "admins before", have: 1, need: 2 });
    expect(codeOf(() => assertSuccession(FIRST, next(), []))).toBe("none");
  });

  test("one admin's two keys are one person", () => {
    const twin = castMember("ada-second", ADA.person);
    const identities = [...houseBody().identities, named(twin, "admin")];
    const previous = policyDocument(houseBody({ identities }));
    const judge = (signers: readonly (typeof ADA)[]) =>
      codeOf(() => assertSuccession(previous, signedPolicy(following(previous), signers), []));
    expect(judge([ADA, twin])).toBe("POLICY_UNSIGNED");
    expect(judge([ADA, ADAM])).toBe("none");
  });

  test("whoever is not an admin before cannot make himself one: people are judged by the policy before", () => {
    const identities = FIRST.body.identities.map((one) =>
      [ANNA.key, OLGA.key].includes(one.key) ? { ...one, roles: ["admin" as const, ...one.roles] } : one,
    );
    const own = signedPolicy(following(FIRST, { identities }), [ANNA, OLGA]);
    expect(codeOf(() => assertSuccession(FIRST, own, []))).toBe("POLICY_UNSIGNED");
    expect(missingFor(FIRST, own)).toMatchObject([{ quorum: "admins before", have: 0, need: 2 }]);
  });

  test("the admins of the new policy accept it too", () => {
    const identities = [
      ...FIRST.body.identities.filter(({ roles }) => !roles.includes("admin")),
      ...[AGNES, NEW].map((who) => named(who, "admin")),
    ];
    const judge = (signers: readonly (typeof ADA)[]) =>
      codeOf(() => assertSuccession(FIRST, signedPolicy(following(FIRST, { identities }), signers), []));
    expect(judge([ADA, ADAM, NEW])).toBe("POLICY_UNSIGNED");
    expect(judge([ADA, ADAM, NEW, AGNES])).toBe("none");
  });

  test("each new key has signed: a person's, and that of a new signer's epoch", () => {
    const changes = {
      identities: [...FIRST.body.identities, named(NEW, "viewer")],
      signers: [...FIRST.body.signers, signerNamed("second", 1, 2)],
    };
    const judge = (signers: readonly (typeof ADA)[]) => {
      const policy = signedPolicy(following(FIRST, changes), signers);
      return [codeOf(() => assertSuccession(FIRST, policy, [])), missingFor(FIRST, policy)] as const;
    };
    expect(judge([ADA, ADAM, NEW])).toMatchObject([
      "POLICY_UNSIGNED",
      [{ quorum: "new keys", who: ["second"] }],
    ]);
    expect(judge([ADA, ADAM, signerCast("second")])).toMatchObject(["POLICY_UNSIGNED", [{ who: ["new"] }]]);
    expect(judge([ADA, ADAM, NEW, signerCast("second")])).toEqual(["none", []]);
  });
});
