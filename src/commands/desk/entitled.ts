/** Who may sign what, by the pinned policy: a signature that would not count is not made. Pure. */
import type { PublicKey } from "../../core/ed25519.ts";
import { declareError } from "../../core/errors.ts";
import type { Policy, PolicyDocument, PolicyIdentity, Role } from "../../core/policy/policy.ts";
import { conflictIn, identityNamed } from "../../core/policy/roles.ts";
import { warrantRole } from "../../core/policy/warrants.ts";
import type { SignatureAlgorithm } from "../../core/signature.ts";
import { DECISIONS, type Decision } from "./decision.ts";
import type { Subject, SubjectOf } from "./subject.ts";

export const NOT_YOURS_TO_SIGN = declareError(
  "NOT_YOURS_TO_SIGN",
  "denied",
  "The pinned policy gives this identity no right to sign this.",
);

/** A key, and how it signs. `name` is what its owner calls it; the policy's name goes before. */
export type Holder = { readonly key: PublicKey; readonly alg: SignatureAlgorithm; readonly name: string };

/** @returns the name under which the signature will be known @throws NOT_YOURS_TO_SIGN */
export function assertEntitled(
  decision: Decision,
  subjects: readonly Subject[],
  policy: PolicyDocument | undefined,
  holder: Holder,
): string {
  const [subject] = subjects;
  if (subject?.kind === "beneficiary" && subject.document.body.customerKey === holder.key) return holder.name;
  const rights: Rights[] =
    policy === undefined ? [] : [{ policy: policy.body, roles: DECISIONS[decision].roles }];
  if (subject?.kind === "policy") {
    rights.splice(0, 1, ...policyRights(decision, subject.document.body, policy?.body));
  }
  if (subject?.kind === "warrant") rights.splice(0, 1, ...warrantRights(subject, policy?.body));
  const identity = rights.map((right) => find(right, holder)).find((found) => found !== undefined);
  if (identity === undefined) throw notYours(holder, rights);
  if (subject?.kind === "delegation" && subject.document.body.operator !== identity.name)
    throw notYours(holder, []);
  if (policy !== undefined && decision !== "reject")
    for (const one of subjects) assertNoConflict(decision, one, policy.body, identity.person);
  return identity.name;
}

/** A policy, and the roles of which a signer must hold one under it; undefined: whoever it names. */
type Rights = { readonly policy: Policy; readonly roles: readonly Role[] | undefined };

// Whoever a new policy names proves the key with it; the admins before and the recovery sign what they may not be in.
function policyRights(decision: Decision, next: Policy, pinned: Policy | undefined): readonly Rights[] {
  const before = (roles: readonly Role[]) => (pinned === undefined ? [] : [{ policy: pinned, roles }]);
  if (decision === "release") return before(["recovery"]);
  return [{ policy: next, roles: undefined }, ...before(["admin", "recovery"])];
}

// Each act has one role: an admin's name under a block would count for nothing.
function warrantRights({ document }: SubjectOf<"warrant">, policy: Policy | undefined): readonly Rights[] {
  return policy === undefined ? [] : [{ policy, roles: [warrantRole(document.body.act)] }];
}

function find({ policy, roles }: Rights, { key, alg }: Holder): PolicyIdentity | undefined {
  return policy.identities.find(
    (identity) =>
      identity.key === key &&
      identity.alg === alg &&
      (roles === undefined || roles.some((role) => identity.roles.includes(role))),
  );
}

// What the requester may not also do for one payment: gate G4 would refuse it, after the trip.
function assertNoConflict(decision: Decision, subject: Subject, policy: Policy, person: string): void {
  if (subject.kind !== "bundle") return;
  const requester = identityNamed(policy, subject.document.body.requester);
  const role = decision === "clear" ? "compliance" : "approver";
  const others = requester === undefined ? [] : [{ role: "requester" as const, person: requester.person }];
  if (conflictIn(policy, [...others, { role, person }]) === undefined) return;
  throw NOT_YOURS_TO_SIGN(
    `${person} requested intent ${subject.document.body.id} and may not be its ${role}`,
    {
      field: "--identity",
      hint: "let another person sign it; to say no: --as reject",
    },
  );
}

function notYours({ name, key, alg }: Holder, rights: readonly Rights[]) {
  if (rights.some(({ policy }) => policy.identities.some((one) => one.key === key && one.alg !== alg))) {
    return NOT_YOURS_TO_SIGN(`the policy knows the key of ${name}, but as one that signs another way`, {
      field: "--identity",
      hint: alg === "ed25519" ? "--security-key FILE.pub" : "--identity FILE.key",
    });
  }
  return NOT_YOURS_TO_SIGN(`${name} may not sign this`, {
    field: "--identity",
    hint: "custody policy show",
  });
}
