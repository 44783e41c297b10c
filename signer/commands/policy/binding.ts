/** Which policies may be pinned after the one that is pinned now. */
import { isSameWallet } from "../../../src/chains/same-wallet.ts";
import { declareError } from "../../../src/core/errors.ts";
import type { ApprovalDocument } from "../../../src/core/documents/approval.ts";
import { addSeconds, later, type Instant } from "../../../src/core/instant.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import { assertGenesisSigned, assertSuccession } from "../../../src/core/policy/succession.ts";
import type { Loaded } from "../../keystore/load.ts";
import { namingOf, notNamed } from "./draft.ts";

export const POLICY_PINNED = declareError(
  "POLICY_PINNED",
  "conflict",
  "This signer has already pinned this policy, or a later one.",
);
export const POLICY_GAP = declareError(
  "POLICY_GAP",
  "denied",
  "A policy between the pinned one and this one is missing.",
);
export const POLICY_NOT_IN_FORCE = declareError(
  "POLICY_NOT_IN_FORCE",
  "denied",
  "A policy has expired, or is issued or signed in the future.",
);

/**
 * Each of `policies` is vouched for by the one before it, the first by `pinned`; the last is in force at `now`.
 * @throws POLICY_PINNED, POLICY_GAP, POLICY_NOT_IN_FORCE, and what succession says
 */
export function assertBinding(
  policies: readonly PolicyDocument[],
  pinned: PolicyDocument | undefined,
  releases: readonly ApprovalDocument[],
  now: Instant,
): void {
  let previous = pinned;
  for (const policy of policies) {
    assertNextNumber(policy, previous);
    const { at } =
      previous === undefined
        ? assertGenesisSigned(policy)
        : assertSuccession(previous, policy, releases, isSameWallet);
    assertNotAhead(policy, at, now);
    previous = policy;
  }
  if (previous !== undefined) assertInForce(previous, now);
}

/** What the officer should know of how the last policy names this signer. @throws SIGNER_NOT_NAMED */
export function namingWarnings(
  policies: readonly PolicyDocument[],
  { signer, policy }: Loaded,
): readonly string[] {
  const last = policies[policies.length - 1] as PolicyDocument;
  const naming = namingOf(last.body, signer);
  const { number } = last.body;
  if (naming.as === "itself") return [];
  if (naming.as === "another epoch")
    return [
      `policy number ${number} names epoch ${naming.epoch} of ${signer.name}: epoch ${signer.epoch}, which is this machine's, signs nothing under it`,
    ];
  // A signer that was never named has no business with this custody; one that is named no more must know it.
  if (policy === undefined) throw notNamed(signer);
  return [
    `policy number ${number} does not name ${signer.name} any more: this machine signs nothing under it`,
  ];
}

function assertNextNumber({ body, digest }: PolicyDocument, previous: PolicyDocument | undefined): void {
  const expected = (previous?.body.number ?? 0) + 1;
  if (body.number === expected) return;
  if (body.number < expected) {
    throw POLICY_PINNED(
      digest === previous?.digest
        ? `policy number ${body.number} is pinned already`
        : `policy number ${body.number} comes after number ${expected - 1}, which is pinned or was given before it`,
      { field: "policy", hint: "custody-signer policy show" },
    );
  }
  throw POLICY_GAP(
    `policy number ${body.number} follows number ${body.number - 1}, which is not pinned here`,
    {
      field: "policy.number",
      hint: `pin version ${expected} first: custody-signer policy pin --in policy-${expected}.json --in policy-${body.number}.json`,
    },
  );
}

// Its issue becomes journal time, so a policy from the future would expire everything at its makers' will (law 12).
function assertNotAhead({ body }: PolicyDocument, signedAt: Instant, now: Instant): void {
  const latest = later(body.issued, signedAt);
  if (latest <= addSeconds(now, body.clockToleranceSeconds)) return;
  throw POLICY_NOT_IN_FORCE(
    `policy number ${body.number} was issued at ${body.issued} and signed at ${signedAt}, the clock says ${now}`,
    {
      field: "policy.issued",
      hint: "set the machine's clock to the right UTC time, or draft the policy again",
    },
  );
}

function assertInForce({ body }: PolicyDocument, now: Instant): void {
  if (now <= body.expires) return;
  throw POLICY_NOT_IN_FORCE(
    `policy number ${body.number} is in force from ${body.issued} to ${body.expires}, the clock says ${now}`,
    {
      field: "policy.expires",
      hint: "set the machine's clock to the right UTC time, or let the admins sign the next policy",
    },
  );
}
