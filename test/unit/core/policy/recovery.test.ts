import { describe, expect, test } from "vitest";

import { addSeconds } from "../../../../src/core/instant.ts";
import { missingFor } from "../../../../src/core/policy/missing.ts";
import { policyDocument, type Policy, type PolicyDocument } from "../../../../src/core/policy/policy.ts";
import { assertSuccession } from "../../../../src/core/policy/succession.ts";
import { row, signedDocument } from "../../../factory/documents.ts";
import { ANNA, at, castMember, fixtureDigest } from "../../../factory/identities.ts";
import {
  ADA,
  AGNES,
  following,
  houseBody,
  named,
  RAY,
  RECOVERY_DELAY,
  releaseOf,
  REX,
  ROSE,
  signedPolicy,
} from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const FIRST = policyDocument(houseBody());

describe("recovery: admins alone are replaced, after a delay", () => {
  const admins = [castMember("alan"), castMember("abby")];
  const replaced = (changes: Partial<Policy> = {}): Partial<Policy> => ({
    identities: [
      ...FIRST.body.identities.filter(({ roles }) => !roles.includes("admin")),
      ...[...admins, AGNES].map((who) => named(who, "admin")),
    ],
    ...changes,
  });
  const SIGNED = at("09:10:00");
  const FROM = addSeconds(SIGNED, RECOVERY_DELAY);
  const recovered = (
    changes: Partial<Policy> = replaced(),
    signers: readonly (typeof RAY)[] = [RAY, REX, ...admins],
  ) => signedPolicy(following(FIRST, changes), signers, SIGNED);
  const judge = (policy: PolicyDocument, ...release: Parameters<typeof releaseOf>) =>
    assertSuccession(FIRST, policy, [releaseOf(...release)]);
  const released = (policy: PolicyDocument) => judge(policy, FIRST, policy.digest, [ROSE], FROM);

  test("two of three recovery keys, the new admins, and a release after the delay", () => {
    expect(released(recovered())).toEqual({ way: "recovery", at: FROM });
    expect(missingFor(FIRST, recovered())).toEqual([
      { quorum: "release", have: 0, need: 1, who: [RAY.name, REX.name, ROSE.name] },
    ]);
  });

  test.each([
    ["one recovery key", [RAY, ...admins]],
    ["a new admin who has not signed", [RAY, REX, admins[0] as typeof RAY]],
  ])("%s is not enough", (_name, signers) => {
    expect(codeOf(() => released(recovered(replaced(), signers)))).toBe("POLICY_UNSIGNED");
  });

  test("no release, one too soon, a stranger's, an old one, and one of another policy or decision count for nothing", () => {
    const policy = recovered();
    const refused = (...release: Parameters<typeof releaseOf>) => codeOf(() => judge(policy, ...release));
    expect(codeOf(() => assertSuccession(FIRST, policy, []))).toBe("RECOVERY_NOT_RELEASED");
    expect(refused(FIRST, policy.digest, [ROSE], addSeconds(FROM, -1))).toBe("RECOVERY_NOT_RELEASED");
    expect(refused(FIRST, policy.digest, [ANNA], FROM)).toBe("RECOVERY_NOT_RELEASED");
    expect(refused(FIRST, policy.digest, [ROSE], FROM, { expires: SIGNED })).toBe("RECOVERY_NOT_RELEASED");
    expect(refused(FIRST, fixtureDigest("other"), [ROSE], FROM)).toBe("RECOVERY_NOT_RELEASED");
    expect(refused(FIRST, policy.digest, [ROSE], FROM, { decision: "approve" })).toBe(
      "RECOVERY_NOT_RELEASED",
    );
    expect(refused(FIRST, policy.digest, [ROSE], FROM, { policy: 2 })).toBe("RECOVERY_NOT_RELEASED");
    expect(refused(FIRST, policy.digest, [ROSE], FROM, { custody: fixtureDigest("x") })).toBe(
      "RECOVERY_NOT_RELEASED",
    );
    expect(refused(FIRST, policy.digest, [ROSE], FROM)).toBe("none");
  });

  test("a backdated signature cannot begin the delay before the last one needed", () => {
    const draft = policyDocument(following(FIRST, replaced()));
    const early = signedDocument(draft, [RAY, ...admins], at("00:00:00")).signatures;
    const policy = { ...draft, signatures: [...early, ...signedDocument(draft, [REX], SIGNED).signatures] };
    const release = (when: typeof FROM) => codeOf(() => judge(policy, FIRST, policy.digest, [ROSE], when));
    expect(release(addSeconds(FROM, -1))).toBe("RECOVERY_NOT_RELEASED");
    expect(release(FROM)).toBe("none");
  });

  const others = FIRST.body.identities.filter(({ roles }) => !roles.includes("admin"));
  const kept = replaced().identities as Policy["identities"];
  test.each<[string, string, Partial<Policy>]>([
    ["a row", "rows", { rows: [...FIRST.body.rows, row("more", "1000000000", "2000000000", 2)] }],
    ["the admins' quorum", "quorums", { quorums: { ...FIRST.body.quorums, admin: 1 } }],
    ["the policy's life", "expires", { expires: at("23:00:00") }],
    ["approvals that ended", "approvalsSince", { approvalsSince: 2 }],
    [
      "an approver who is gone",
      `identities.${ANNA.name}`,
      { identities: kept.filter(({ key }) => key !== ANNA.key) },
    ],
    [
      "a new admin who also approves",
      "identities.alan",
      {
        identities: [
          ...others,
          named(admins[0] as typeof RAY, "admin", "approver"),
          named(AGNES, "admin"),
          named(admins[1] as typeof RAY, "admin"),
        ],
      },
    ],
    [
      "an approver who becomes an admin",
      `identities.${ANNA.name}`,
      {
        identities: kept.map((one) =>
          one.key === ANNA.key ? { ...one, roles: ["approver" as const, "admin" as const] } : one,
        ),
      },
    ],
    [
      "a recovery key that is gone",
      `identities.${ROSE.name}`,
      { identities: kept.filter(({ key }) => key !== ROSE.key) },
    ],
    [
      "an admin under another person's name",
      `identities.${AGNES.name}`,
      { identities: kept.map((one) => (one.key === AGNES.key ? { ...one, person: "Somebody" } : one)) },
    ],
  ])("%s is beyond it", (_name, field, changes) => {
    const policy = recovered(replaced(changes));
    expect(() => released(policy)).toThrow(expect.objectContaining({ code: "RECOVERY_OVERREACHES", field }));
  });

  test("an admin who also approves can cease to be an admin, and stays an approver", () => {
    const both = houseBody().identities.map((one) =>
      one.key === ADA.key ? { ...one, roles: ["admin" as const, "approver" as const] } : one,
    );
    const previous = policyDocument(houseBody({ identities: both }));
    const judged = (roles: Policy["identities"][number]["roles"] | undefined) => {
      const identities = [
        ...both.flatMap((one) =>
          one.key !== ADA.key ? [one] : roles === undefined ? [] : [{ ...one, roles }],
        ),
        ...admins.map((who) => named(who, "admin")),
      ];
      const policy = signedPolicy(following(previous, { identities }), [RAY, REX, ...admins], SIGNED);
      return codeOf(() =>
        assertSuccession(previous, policy, [releaseOf(previous, policy.digest, [ROSE], FROM)]),
      );
    };
    expect(judged(undefined)).toBe("RECOVERY_OVERREACHES");
    expect(judged(["approver", "officer"])).toBe("RECOVERY_OVERREACHES");
    expect(judged(["approver"])).toBe("none");
  });

  test("an admin who also holds a recovery key stays as he is: whoever recovers cannot choose who may", () => {
    const roles = ["admin" as const, "recovery" as const];
    const both = houseBody().identities.map((one) => (one.key === ADA.key ? { ...one, roles } : one));
    const previous = policyDocument(houseBody({ identities: both }));
    const judged = (kept: Policy["identities"][number]["roles"]) => {
      const identities = [
        ...both.map((one) => (one.key === ADA.key ? { ...one, roles: kept } : one)),
        ...admins.map((who) => named(who, "admin")),
      ];
      const policy = signedPolicy(following(previous, { identities }), [RAY, REX, ...admins], SIGNED);
      return codeOf(() =>
        assertSuccession(previous, policy, [releaseOf(previous, policy.digest, [ROSE], FROM)]),
      );
    };
    expect(judged(["recovery"])).toBe("RECOVERY_OVERREACHES");
    expect(judged(roles)).toBe("none");
  });

  test("a policy without recovery is beyond recovery", () => {
    const plain = policyDocument(houseBody({ recovery: undefined }));
    const policy = signedPolicy(following(plain, replaced()), [RAY, REX, ...admins], SIGNED);
    expect(
      codeOf(() => assertSuccession(plain, policy, [releaseOf(plain, policy.digest, [ROSE], FROM)])),
    ).toBe("POLICY_UNSIGNED");
  });
});
