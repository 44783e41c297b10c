/**
 * One pure evaluation of an intent against a policy, used online before anyone is asked to sign and in the signer
 * (gate G4), so that the two can never disagree. Default deny: no row, no payment.
 */
import { splitAccount } from "../account.ts";
import { assetFacts, type AssetId } from "../asset.ts";
import type { Document, DocumentHeader } from "../document.ts";
import type { ApprovalDocument } from "../documents/approval.ts";
import type { BeneficiaryDocument } from "../documents/beneficiary.ts";
import type { IntentDocument } from "../documents/intent.ts";
import { seconds, type Instant } from "../instant.ts";
import type { Name } from "../identifier.ts";
import { verifySignature, type Signature } from "../signature.ts";
import { holderOf } from "./roles.ts";
import type { Policy, PolicyIdentity, PolicyRow, Role } from "./policy.ts";

/** A person whose signature counts, with the time that the signature covers. */
export type Counted = { readonly identity: PolicyIdentity; readonly at: Instant };

/** Why a payment may not go on, in the order in which the reasons are looked for. */
export type DenialRule =
  | "NO_ROW"
  | "WALLET_NOT_ALLOWED"
  | "REQUESTER_UNKNOWN"
  | "INTENT_EXPIRED"
  | "BENEFICIARY_MISMATCH"
  | "BENEFICIARY_UNSIGNED"
  | "BENEFICIARY_NOT_IN_FORCE"
  | "REJECTED"
  | "QUORUM_NOT_MET";

export type Evaluation =
  | {
      readonly allowed: true;
      readonly row: PolicyRow;
      readonly approvers: readonly Counted[];
      readonly requester: PolicyIdentity;
    }
  | {
      readonly allowed: false;
      readonly rule: DenialRule;
      readonly why: string;
      readonly row?: PolicyRow | undefined;
    };

export type Evidence = {
  readonly intent: IntentDocument;
  readonly beneficiary: BeneficiaryDocument;
  readonly approvals: readonly ApprovalDocument[];
  /** The wallet that would pay, once it is known. */
  readonly wallet?: Name | undefined;
};

/** The row whose band holds `units` of `asset`; none means deny. */
export function rowFor(
  policy: Policy,
  type: PolicyRow["type"],
  asset: AssetId,
  units: bigint,
): PolicyRow | undefined {
  return policy.rows.find(
    (row) =>
      row.type === type &&
      row.asset === asset &&
      units > BigInt(row.aboveUnits) &&
      units <= BigInt(row.upToUnits),
  );
}

/**
 * Evaluates an intent with its documents at `now`. Signatures are verified here; whether the documents belong to
 * this custody and which clock `now` comes from is the caller's business (law 12).
 */
export function evaluate(policy: Policy, evidence: Evidence, now: Instant): Evaluation {
  const { intent, beneficiary, approvals, wallet } = evidence;
  const row = rowFor(policy, intent.body.type, intent.body.asset, BigInt(intent.body.units));
  if (row === undefined)
    return { allowed: false, rule: "NO_ROW", why: "no policy row covers this type, asset and amount" };
  const deny = (rule: DenialRule, why: string): Evaluation => ({ allowed: false, rule, why, row });

  if (wallet !== undefined && !row.wallets.includes(wallet)) {
    return deny("WALLET_NOT_ALLOWED", `row ${row.name} does not allow wallet ${wallet}`);
  }
  const requester = policy.identities.find(
    ({ name, roles }) => name === intent.body.requester && roles.includes("requester"),
  );
  if (requester === undefined)
    return deny("REQUESTER_UNKNOWN", `${intent.body.requester} does not hold role requester`);
  if (now > intent.body.expires)
    return deny("INTENT_EXPIRED", `the intent expired at ${intent.body.expires}`);

  const beneficiaryDenial = judgeBeneficiary(policy, intent, beneficiary, now);
  if (beneficiaryDenial !== undefined) return deny(...beneficiaryDenial);

  const rejection = approvals.find((approval) => decides(policy, approval, intent, "reject"));
  if (rejection !== undefined)
    return deny("REJECTED", "an approver has rejected this intent, which nothing undoes");

  const approvers = countApprovals(policy, row, intent, approvals, now);
  if (approvers.length < row.quorum) {
    return deny(
      "QUORUM_NOT_MET",
      `row ${row.name} asks for ${row.quorum} approvers, ${approvers.length} count`,
    );
  }
  return { allowed: true, row, approvers, requester };
}

/** Distinct persons among the valid signatures by holders of `role`, each with its earliest signature. */
export function countSignatures(
  policy: Policy,
  role: Role,
  document: { readonly digest: IntentDocument["digest"]; readonly signatures: readonly Signature[] },
): readonly Counted[] {
  const counted = new Map<string, Counted>();
  for (const signature of document.signatures) {
    const identity = holderOf(policy, signature.by, role);
    if (identity === undefined || !verifySignature(document.digest, signature)) continue;
    const earlier = counted.get(identity.person);
    if (earlier === undefined || signature.at < earlier.at)
      counted.set(identity.person, { identity, at: signature.at });
  }
  return [...counted.values()];
}

/**
 * The document with only those signatures that holders of `role` have validly made. A file that is handed in may carry
 * others beside them: false ones in a colleague's name, which would take the place of true ones where copies of a
 * document are put together, or so many that no reader takes the whole.
 */
export function withCountedSignatures<Body extends DocumentHeader>(
  policy: Policy,
  role: Role,
  document: Document<Body>,
): Document<Body> {
  const signatures = document.signatures.filter(
    (signature) =>
      holderOf(policy, signature.by, role) !== undefined && verifySignature(document.digest, signature),
  );
  return { ...document, signatures };
}

function judgeBeneficiary(
  policy: Policy,
  intent: IntentDocument,
  beneficiary: BeneficiaryDocument,
  now: Instant,
): [DenialRule, string] | undefined {
  if (beneficiary.digest !== intent.body.beneficiary || beneficiary.body.customer !== intent.body.customer) {
    return ["BENEFICIARY_MISMATCH", "the beneficiary is not the one the intent names"];
  }
  if (splitAccount(beneficiary.body.account).chain !== assetFacts(intent.body.asset).chain) {
    return ["BENEFICIARY_MISMATCH", "the beneficiary's account is on another chain than the asset"];
  }
  if (countSignatures(policy, "approver", beneficiary).length < policy.quorums.beneficiary) {
    return [
      "BENEFICIARY_UNSIGNED",
      `the beneficiary lacks signatures: ${policy.quorums.beneficiary} are needed`,
    ];
  }
  if (now < beneficiary.body.notBefore || now > beneficiary.body.expires) {
    return [
      "BENEFICIARY_NOT_IN_FORCE",
      `the beneficiary is in force from ${beneficiary.body.notBefore} to ${beneficiary.body.expires}`,
    ];
  }
  return undefined;
}

function countApprovals(
  policy: Policy,
  row: PolicyRow,
  intent: IntentDocument,
  approvals: readonly ApprovalDocument[],
  now: Instant,
): readonly Counted[] {
  const counted = new Map<string, Counted>();
  for (const approval of approvals) {
    if (!decides(policy, approval, intent, "approve")) continue;
    const { policy: number, expires } = approval.body;
    if (number < policy.approvalsSince || number > policy.number || now > expires) continue;
    for (const vote of countSignatures(policy, "approver", approval)) {
      // In seconds, for a signature may claim the last instant that can be written.
      if (seconds(now) - seconds(vote.at) > row.approvalSecondsMax) continue;
      const earlier = counted.get(vote.identity.person);
      if (earlier === undefined || vote.at < earlier.at) counted.set(vote.identity.person, vote);
    }
  }
  return [...counted.values()];
}

// A rejection binds for ever, whatever its policy number or expiry (law 13).
function decides(
  policy: Policy,
  approval: ApprovalDocument,
  intent: IntentDocument,
  decision: "approve" | "reject",
): boolean {
  return (
    approval.body.decision === decision &&
    approval.body.intent === intent.digest &&
    countSignatures(policy, "approver", approval).length > 0
  );
}
