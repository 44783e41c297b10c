/**
 * How a policy becomes binding. Number 1 is signed by everyone whom it names; number n+1 by the admins' quorums of n and
 * of n+1 and by every key that it adds; or, when the admins are lost, by a recovery quorum that replaces admins alone.
 * Everything is judged by what the policy before says: whoever makes a policy writes its people himself.
 */
import type { ApprovalDocument } from "../documents/approval.ts";
import { declareError } from "../errors.ts";
import { later, type Instant } from "../instant.ts";
import { countSignatures } from "./counting.ts";
import { completedAt } from "./evaluate.ts";
import { assertFollows, type SameWallet } from "./following.ts";
import { addedKeys, keysOf, missingFor, provenAt, recovers, type Missing } from "./missing.ts";
import type { PolicyDocument } from "./policy.ts";
import { assertReplacesAdmins, releasableFrom, releasedAt } from "./recovery.ts";

export const POLICY_UNSIGNED = declareError(
  "POLICY_UNSIGNED",
  "denied",
  "A policy lacks a signature that makes it binding.",
);
export const RECOVERY_NOT_RELEASED = declareError(
  "RECOVERY_NOT_RELEASED",
  "denied",
  "A recovery lacks a release that was signed after its delay.",
);

/** How a policy became binding, and the latest signed time that this rests on. */
export type Succession = { readonly way: "genesis" | "admins" | "recovery"; readonly at: Instant };

/**
 * Everyone named has signed policy number 1: proof that each key's owner holds it (genesis ceremony).
 * @throws POLICY_UNSIGNED naming who is missing
 */
export function assertGenesisSigned(policy: PolicyDocument): Succession {
  // Whoever makes a later policy writes its people and the custody id himself: only the one before it can vouch for it.
  if (policy.body.number !== 1) {
    throw POLICY_UNSIGNED(
      `policy number ${policy.body.number} is not the first: the policy before it must vouch for it`,
      { field: "number", hint: "take it where the policy before it is known" },
    );
  }
  assertNothingMissing(policy, missingFor(undefined, policy));
  return { way: "genesis", at: latest(keysOf(policy.body).map((key) => provenAt(policy, key))) };
}

/**
 * `next` follows `previous` and is binding. That either is consistent (`verify.ts`) the caller has checked.
 * @param releases approvals of decision `release` that name `next`; a recovery needs one
 * @param isSameWallet as of `assertFollows`
 * @throws POLICY_NOT_NEXT, POLICY_UNSIGNED, RECOVERY_OVERREACHES, RECOVERY_NOT_RELEASED
 */
export function assertSuccession(
  previous: PolicyDocument,
  next: PolicyDocument,
  releases: readonly ApprovalDocument[],
  isSameWallet?: SameWallet,
): Succession {
  assertFollows(previous, next, isSameWallet);
  const recovering = recovers(previous, next);
  if (recovering) assertReplacesAdmins(previous.body, next.body);
  const missing = missingFor(previous, next, releases);
  assertNothingMissing(
    next,
    missing.filter(({ quorum }) => quorum !== "release"),
  );
  const proofs = addedKeys(previous.body, next.body).map((key) => provenAt(next, key));
  if (recovering)
    return { way: "recovery", at: latest([assertReleased(previous, next, releases), ...proofs]) };
  const admins = [previous, next].map(({ body }) =>
    completedAt(countSignatures(body, "admin", next), body.quorums.admin),
  );
  return { way: "admins", at: latest([...admins, ...proofs]) };
}

function assertReleased(
  previous: PolicyDocument,
  next: PolicyDocument,
  releases: readonly ApprovalDocument[],
): Instant {
  const released = releasedAt(previous, next, releases);
  if (released !== undefined) return released;
  const from = releasableFrom(previous, next) ?? "never";
  throw RECOVERY_NOT_RELEASED(`the recovery counts with a release signed at ${from} or later`, {
    field: "releases",
    hint: "custody desk sign policy.json --as release   (by a person with role recovery, after the delay)",
    details: { from },
  });
}

function latest(times: readonly (Instant | undefined)[]): Instant {
  return times.filter((time) => time !== undefined).reduce(later);
}

const QUORUM_WORDS: Readonly<Record<Missing["quorum"], string>> = {
  everyone: "those whom it names",
  "admins before": "the admins of the policy before it",
  "admins after": "its own admins",
  "new keys": "the keys that it adds",
  recovery: "the recovery quorum",
  release: "whoever releases a recovery",
};

function assertNothingMissing({ body }: PolicyDocument, missing: readonly Missing[]): void {
  if (missing.length === 0) return;
  const said = missing.map(
    ({ quorum, have, need, who }) =>
      `${need - have} of ${QUORUM_WORDS[quorum]} (${who.join(", ") || "nobody is left"})`,
  );
  throw POLICY_UNSIGNED(`policy number ${body.number} lacks valid signatures: ${said.join("; ")}`, {
    field: "signatures",
    hint: "custody desk sign policy.json --as policy, and custody-signer policy prove for signers; then custody policy import",
    details: { missing: [...new Set(missing.flatMap(({ who }) => who))] },
  });
}
