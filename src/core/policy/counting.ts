/** Whose signatures count: distinct persons who hold a role, each with the time that their signature covers. */
import type { Digest } from "../digest.ts";
import type { Document, DocumentHeader } from "../document.ts";
import type { ApprovalDocument } from "../documents/approval.ts";
import type { IntentDocument } from "../documents/intent.ts";
import { seconds, type Instant } from "../instant.ts";
import { verifySignature, type Signature } from "../signature.ts";
import type { Policy, PolicyIdentity, PolicyRow, Role } from "./policy.ts";
import { holderOf } from "./roles.ts";

/** A person whose signature counts, with the time that the signature covers. */
export type Counted = { readonly identity: PolicyIdentity; readonly at: Instant };

/** Distinct persons among the valid signatures by holders of `role`, each with its earliest signature. */
export function countSignatures(
  policy: Policy,
  role: Role,
  document: { readonly digest: Digest; readonly signatures: readonly Signature[] },
): readonly Counted[] {
  const counted = new Map<string, Counted>();
  for (const signature of document.signatures) {
    const identity = signerOf(policy, role, document.digest, signature);
    if (identity !== undefined) keepEarlier(counted, { identity, at: signature.at });
  }
  return [...counted.values()];
}

/**
 * The document with only those signatures that holders of one of `roles` have validly made. A file that is handed in
 * may carry others beside them: false ones in a colleague's name, which would take the place of true ones where copies
 * of a document are put together, or so many that no reader takes the whole.
 */
export function withCountedSignatures<Body extends DocumentHeader>(
  policy: Policy,
  roles: readonly Role[],
  document: Document<Body>,
): Document<Body> {
  const signatures = document.signatures.filter((signature) =>
    roles.some((role) => signerOf(policy, role, document.digest, signature) !== undefined),
  );
  return { ...document, signatures };
}

/**
 * Approvers who have signed `decision` on an intent, under a policy number that still counts, within both lives, and
 * not before `from` where that is given.
 */
export function countVotes(
  policy: Policy,
  approvals: readonly ApprovalDocument[],
  about: {
    readonly intent: IntentDocument;
    readonly decision: "approve" | "release";
    readonly row: PolicyRow;
    readonly from?: Instant;
  },
  now: Instant,
): readonly Counted[] {
  const counted = new Map<string, Counted>();
  for (const approval of approvals) {
    const { decision, intent, policy: number, expires } = approval.body;
    if (decision !== about.decision || intent !== about.intent.digest) continue;
    if (number < policy.approvalsSince || number > policy.number || now > expires) continue;
    for (const vote of countSignatures(policy, "approver", approval)) {
      // In seconds, for a signature may claim the last instant that can be written.
      if (seconds(now) - seconds(vote.at) > about.row.approvalSecondsMax) continue;
      if (about.from === undefined || vote.at >= about.from) keepEarlier(counted, vote);
    }
  }
  return [...counted.values()];
}

function signerOf(
  policy: Policy,
  role: Role,
  digest: Digest,
  signature: Signature,
): PolicyIdentity | undefined {
  const identity = holderOf(policy, signature.by, role);
  // A key that lives in a security key signs with it alone: the same key in software would prove no presence.
  if (identity === undefined || identity.alg !== signature.alg) return undefined;
  return verifySignature(digest, signature) ? identity : undefined;
}

function keepEarlier(counted: Map<string, Counted>, vote: Counted): void {
  const { person } = vote.identity;
  const earlier = counted.get(person);
  if (earlier === undefined || vote.at < earlier.at) counted.set(person, vote);
}
