/**
 * One pure evaluation of an intent against a policy, used online before anyone is asked to sign, at desks, and in the
 * signer (gate G4), so that they can never disagree. Default deny: no row, no payment.
 */
import { counted } from "../count.ts";
import { assetFacts, type AssetId } from "../asset.ts";
import type { ApprovalDocument } from "../documents/approval.ts";
import type { BeneficiaryDocument } from "../documents/beneficiary.ts";
import type { ClearanceDocument } from "../documents/clearance.ts";
import { familyOf, sameFamily } from "../documents/family.ts";
import type { HaltDocument } from "../documents/halt.ts";
import type { IntentDocument } from "../documents/intent.ts";
import { MOVES_NOTHING, type IntentType } from "../documents/intent-types.ts";
import { addSeconds, seconds, type Instant } from "../instant.ts";
import type { Name } from "../identifier.ts";
import { judgeBeneficiary } from "./beneficiaries.ts";
import { countSignatures, countVotes, type Counted } from "./counting.ts";
import { findWallet } from "./entries.ts";
import { generationDenial, type GenerationRule } from "./generations.ts";
import { haltOver } from "./halts.ts";
import type { Policy, PolicyIdentity, PolicyRow } from "./policy.ts";

/** Why a payment may not go on, in the order in which the reasons are looked for. */
export type DenialRule =
  | "NO_ROW"
  | "WALLET_NOT_ALLOWED"
  | "REQUESTER_UNKNOWN"
  | "GENERATION_NOT_ALLOWED"
  | GenerationRule
  | "INTENT_EXPIRED"
  | "BORN_TOO_EARLY"
  | "HALTED"
  | "BENEFICIARY_MISMATCH"
  | "BENEFICIARY_UNSIGNED"
  | "BENEFICIARY_UNCONFIRMED"
  | "BENEFICIARY_TOO_LONG"
  | "BENEFICIARY_NOT_IN_FORCE"
  | "REJECTED"
  | "CLEARANCE_REFUSED"
  | "QUORUM_NOT_MET"
  | "NOT_RELEASED"
  | "CLEARANCE_MISSING";

/** Denials that more signatures can still lift. */
export const LIFTABLE: ReadonlySet<DenialRule> = new Set([
  "QUORUM_NOT_MET",
  "NOT_RELEASED",
  "CLEARANCE_MISSING",
]);

export type Allowed = {
  readonly allowed: true;
  readonly row: PolicyRow;
  readonly requester: PolicyIdentity;
  readonly approvers: readonly Counted[];
  /** Who released after the row's delay; empty where the row has none. */
  readonly releasers: readonly Counted[];
  readonly clearedBy: readonly Counted[];
};

export type Denied = {
  readonly allowed: false;
  readonly rule: DenialRule;
  readonly why: string;
  readonly row?: PolicyRow | undefined;
};

export type Evaluation = Allowed | Denied;

export type Evidence = {
  readonly intent: IntentDocument;
  /** Every earlier generation of it, and nothing else. */
  readonly superseded?: readonly IntentDocument[] | undefined;
  /** Of a withdrawal. */
  readonly beneficiary?: BeneficiaryDocument | undefined;
  /** Approvals, releases and rejections. */
  readonly approvals: readonly ApprovalDocument[];
  readonly clearances: readonly ClearanceDocument[];
  /** Halts in force (`haltsInForce`). */
  readonly halts: readonly HaltDocument[];
  /** The wallet that would pay, once it is known. */
  readonly wallet?: Name | undefined;
};

/** The row whose band holds `units` of `asset`; none means deny. Types that move nothing are in the band from 0. */
export function rowFor(
  policy: Policy,
  type: IntentType,
  asset: AssetId,
  units: bigint,
): PolicyRow | undefined {
  return policy.rows.find(
    (row) =>
      row.type === type &&
      row.asset === asset &&
      (units > BigInt(row.aboveUnits) || (MOVES_NOTHING.has(type) && row.aboveUnits === "0")) &&
      units <= BigInt(row.upToUnits),
  );
}

/**
 * Evaluates an intent with its documents at `now`. Signatures are verified here; whether the documents belong to
 * this custody and which clock `now` comes from is the caller's business (law 12).
 */
export function evaluate(policy: Policy, evidence: Evidence, now: Instant): Evaluation {
  const { intent, approvals, clearances } = evidence;
  const { type, asset, units } = intent.body;
  const row = rowFor(policy, type, asset, BigInt(units));
  if (row === undefined)
    return { allowed: false, rule: "NO_ROW", why: "no policy row covers this type, asset and amount" };
  const deny = (rule: DenialRule, why: string): Denied => ({ allowed: false, rule, why, row });

  const requester = policy.identities.find(
    ({ name, roles }) => name === intent.body.requester && roles.includes("requester"),
  );
  if (requester === undefined)
    return deny("REQUESTER_UNKNOWN", `${intent.body.requester} does not hold role requester`);
  const denial = judgeIntent(policy, row, evidence, now);
  if (denial !== undefined) return deny(...denial);

  // A no binds for ever, whatever its policy number or expiry (law 13).
  if (approvals.some((approval) => rejects(approval, intent) && saysNo(policy, approval)))
    return deny("REJECTED", "somebody entitled to has rejected this intent, which nothing undoes");
  if (clearances.some((clearance) => refuses(clearance, intent) && isRefused(policy, clearance)))
    return deny("CLEARANCE_REFUSED", "compliance has refused this intent");

  const approvers = countVotes(policy, approvals, { intent, decision: "approve", row }, now);
  if (approvers.length < row.quorum) {
    return deny(
      "QUORUM_NOT_MET",
      `row ${row.name} asks for ${counted(row.quorum, "approver")}, has ${approvers.length}`,
    );
  }
  const releasers = releasersOf(policy, row, evidence, approvers, now);
  if (releasers === undefined) {
    const from = addSeconds(completedAt(approvers, row.quorum), row.delaySeconds);
    return deny("NOT_RELEASED", `row ${row.name} asks for a release signed at ${from} or later`);
  }
  const clearedBy = countClearances(policy, row, evidence, now);
  const needed = row.clearance === "none" ? 0 : row.clearance.quorum;
  if (clearedBy.length < needed) {
    return deny(
      "CLEARANCE_MISSING",
      `row ${row.name} asks for ${counted(needed, "person")} of compliance, has ${clearedBy.length}`,
    );
  }
  return { allowed: true, row, approvers, releasers, clearedBy, requester };
}

/** When the `quorum`-th person signed: a backdated signature cannot move it before the last one needed. */
export function completedAt(counted: readonly Counted[], quorum: number): Instant {
  return counted.map(({ at }) => at).sort()[quorum - 1] as Instant;
}

// What no signature can mend: the wallet, the time, a halt, the destination.
function judgeIntent(
  policy: Policy,
  row: PolicyRow,
  { intent, superseded = [], beneficiary, wallet, halts }: Evidence,
  now: Instant,
): [DenialRule, string] | undefined {
  const { body } = intent;
  const payer = wallet ?? (body.type === "withdrawal" ? undefined : body.wallet);
  if (payer !== undefined && !row.wallets.includes(payer))
    return ["WALLET_NOT_ALLOWED", `row ${row.name} does not allow wallet ${payer}`];
  if (body.type !== "withdrawal" && payer !== body.wallet)
    return ["WALLET_NOT_ALLOWED", `the intent is about wallet ${body.wallet}, not ${payer}`];
  // Nothing is owed by what moves our own coins: it is asked for anew. A later generation could name another wallet, whose
  // signers have never met those that signed the first.
  if (body.type !== "withdrawal" && body.generation > 1)
    return [
      "GENERATION_NOT_ALLOWED",
      `an intent of type ${body.type} has one generation, this is ${body.generation}`,
    ];
  const generation = generationDenial(intent, superseded);
  if (generation !== undefined) return generation;
  if (now > body.expires) return ["INTENT_EXPIRED", `the intent expired at ${body.expires}`];
  // Whoever could pay it under the older policies need not meet those who can now (ADR 9): an approval made anew would
  // let both. Such a family is closed by voids and asked for again.
  if (body.born < policy.approvalsSince)
    return [
      "BORN_TOO_EARLY",
      `the intent's family was born under policy number ${body.born}, and what was before number ${policy.approvalsSince} counts no more`,
    ];
  const halt = haltOver(halts, { wallet: payer, chain: assetFacts(body.asset).chain });
  if (halt !== undefined) return ["HALTED", `halt ${halt.body.id} (${halt.body.code}) is in force`];
  if (body.type === "withdrawal") return judgeBeneficiary(policy, body, beneficiary, now);
  if (body.type !== "transfer") return undefined;
  const destination = findWallet(policy, body.destination);
  if (destination?.chain === assetFacts(body.asset).chain && body.destination !== body.wallet)
    return undefined;
  return ["BENEFICIARY_MISMATCH", `${body.destination} is no other wallet of ours on the asset's chain`];
}

/** Whether `approval` is a no to the promise of `intent`, in whichever generation it was said; nobody's signature is looked at. */
export function rejects({ body }: ApprovalDocument, intent: IntentDocument): boolean {
  return (
    body.decision === "reject" &&
    (generationsOf(intent).includes(body.intent) || sameFamily(body.family, familyOf(intent.body)))
  );
}

/** Whether `clearance` refuses `intent` or an earlier generation of it; nobody's signature is looked at. */
export function refuses({ body }: ClearanceDocument, intent: IntentDocument): boolean {
  return body.decision === "refuse" && generationsOf(intent).some((digest) => body.intents.includes(digest));
}

const generationsOf = ({ digest, body }: IntentDocument) => [digest, ...body.supersedes];

function isRefused(policy: Policy, clearance: ClearanceDocument): boolean {
  return countSignatures(policy, "compliance", clearance).length > 0;
}

/** Whether one person who may say no to a payment has signed `approval`: an approver, or compliance. */
export function saysNo(policy: Policy, approval: ApprovalDocument): boolean {
  return (["approver", "compliance"] as const).some(
    (role) => countSignatures(policy, role, approval).length > 0,
  );
}

// Undefined: the row has a delay, and nobody has released after it.
function releasersOf(
  policy: Policy,
  row: PolicyRow,
  { intent, approvals }: Evidence,
  approvers: readonly Counted[],
  now: Instant,
): readonly Counted[] | undefined {
  if (row.delaySeconds === 0) return [];
  const from = addSeconds(completedAt(approvers, row.quorum), row.delaySeconds);
  const late = countVotes(policy, approvals, { intent, decision: "release", row, from }, now);
  return late.length === 0 ? undefined : late;
}

/** Persons of compliance whose clearance of `intent` counts: for a tier of the rule, within its life. */
export function countClearances(
  policy: Policy,
  { clearance: rule }: PolicyRow,
  { intent, clearances }: Evidence,
  now: Instant,
): readonly Counted[] {
  if (rule === "none") return [];
  const counted = new Map<string, Counted>();
  for (const clearance of clearances) {
    const { decision, code, intents, policy: number, expires } = clearance.body;
    if (decision !== "clear" || !rule.tiers.includes(code) || !intents.includes(intent.digest)) continue;
    if (number < policy.approvalsSince || number > policy.number || now > expires) continue;
    for (const vote of countSignatures(policy, "compliance", clearance)) {
      if (seconds(now) - seconds(vote.at) <= rule.secondsMax) counted.set(vote.identity.person, vote);
    }
  }
  return [...counted.values()];
}
