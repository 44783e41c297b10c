/** Larger houses than the one of `documents.ts`, and policies that follow one another, each open to changes. */
import type { Digest } from "../../src/core/digest.ts";
import { makeDocument } from "../../src/core/document.ts";
import { APPROVAL, type Approval, type ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import {
  custodyId,
  policyDocument,
  type Policy,
  type PolicyDocument,
  type PolicyIdentity,
  type PolicySigner,
  type PolicyWallet,
  type Role,
} from "../../src/core/policy/policy.ts";
import { policyBody, signedDocument } from "./documents.ts";
import { at, castMember, fixtureDigest, type Cast } from "./identities.ts";

export function named(who: Cast, ...roles: Role[]): PolicyIdentity {
  return { name: who.name, person: who.person, key: who.key, alg: "ed25519", roles };
}

/** A signer called `name`, whose key and start head depend on its name and epoch alone. */
export function signerNamed(name: string, epoch = 1, since = 1): PolicySigner {
  const { key } = signerCast(name, epoch);
  return { name: name as Name, key, epoch, startHead: fixtureDigest(`start ${name} ${epoch}`), since };
}

export function signerCast(name: string, epoch = 1): Cast {
  return castMember(epoch === 1 ? name : `${name}-${epoch}`);
}

/** A wallet of `signers` and `foreign` other keys; its descriptor is a text that only its name decides. */
export function walletOf(
  name: string,
  threshold: number,
  signers: readonly string[],
  changes: Partial<PolicyWallet> = {},
): PolicyWallet {
  const [vault] = policyBody().wallets as [PolicyWallet];
  const descriptor = `descriptor of ${name}`;
  return { ...vault, name: name as Name, descriptor, threshold, signers: signers as Name[], ...changes };
}

export const [ADA, ADAM, AGNES] = [castMember("ada"), castMember("adam"), castMember("agnes")];
export const [RAY, REX, ROSE] = [castMember("ray"), castMember("rex"), castMember("rose")];
export const RECOVERY_DELAY = 14 * 86_400;

/** A house of three admins, two of whom make the next policy, and three recovery keys, of which two replace them. */
export function houseBody(changes: Partial<Policy> = {}): Policy {
  const others = policyBody().identities.filter(({ roles }) => !roles.includes("admin"));
  return policyBody({
    identities: [
      ...[ADA, ADAM, AGNES].map((who) => named(who, "admin")),
      ...others,
      ...[RAY, REX, ROSE].map((who) => named(who, "recovery")),
    ],
    quorums: { admin: 2, beneficiary: 1, resume: 2, build: 0 },
    recovery: { quorum: 2, delaySeconds: RECOVERY_DELAY },
    ...changes,
  });
}

/** The body that follows `previous`, with `changes`. */
export function following(previous: PolicyDocument, changes: Partial<Policy> = {}): Policy {
  return {
    ...previous.body,
    number: previous.body.number + 1,
    previous: previous.digest,
    custody: custodyId(previous),
    issued: at("09:00:00"),
    ...changes,
  };
}

export function signedPolicy(
  body: Policy,
  signers: readonly Cast[],
  when: Instant = at("09:10:00"),
): PolicyDocument {
  return signedDocument(policyDocument(body), signers, when);
}

/** The release of a recovery. */
export function releaseOf(
  previous: PolicyDocument,
  next: Digest,
  signers: readonly Cast[],
  when: Instant,
  changes: Partial<Approval> = {},
): ApprovalDocument {
  const body = {
    kind: "approval",
    version: 1,
    network: "regtest",
    custody: custodyId(previous),
    decision: "release",
    intent: next,
    policy: previous.body.number,
    expires: "2027-06-01T00:00:00Z" as Instant,
    heads: [],
    ...changes,
  } as Approval;
  return signedDocument(makeDocument(APPROVAL, body), signers, when);
}
