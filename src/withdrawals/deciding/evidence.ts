/** The signed documents behind a withdrawal, and what the policy and the customer's KYC say of them together. */
import type { Document } from "../../core/document.ts";
import { APPROVAL, type ApprovalDocument } from "../../core/documents/approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import { CLEARANCE, type ClearanceDocument } from "../../core/documents/clearance.ts";
import { HALT, RESUME, type HaltDocument } from "../../core/documents/halt.ts";
import { INTENT, type IntentDocument, type IntentOf } from "../../core/documents/intent.ts";
import { assert } from "../../core/errors.ts";
import type { Name } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import { evaluate, rowFor, type Allowed, type DenialRule } from "../../core/policy/evaluate.ts";
import { haltsInForce, isResume } from "../../core/policy/halts.ts";
import type { OnlineRule } from "../../core/policy/online/judge.ts";
import { POLICY, type Policy, type PolicyDocument } from "../../core/policy/policy.ts";
import { WAITING } from "../../core/states/withdrawal.ts";
import { kycDenial, type KycRule } from "../../kyc/denial.ts";
import { judgeByOnlineRules } from "./online.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { WithdrawalRow } from "../rows.ts";

/** What a desk, a signer and an auditor judge a withdrawal by. */
export type WithdrawalEvidence = {
  readonly intent: Document<IntentOf<"withdrawal">>;
  /** Its earlier generations, the one before first. */
  readonly superseded: readonly IntentDocument[];
  readonly beneficiary: BeneficiaryDocument;
  readonly approvals: readonly ApprovalDocument[];
  readonly clearances: readonly ClearanceDocument[];
};

type Reading<Tx> = Pick<WithdrawalPorts<Tx>, "findDocument" | "findDocuments" | "decisionsOf">;

/**
 * Reads a withdrawal's documents. They were stored with it, so a missing one is a bug. What people have said of an earlier
 * generation is left out: it counts for no later one, and a signer refuses a request that carries it.
 */
export function evidenceOf<Tx>(ports: Reading<Tx>, tx: Tx, withdrawal: WithdrawalRow): WithdrawalEvidence {
  const intent = intentOf(ports, tx, withdrawal);
  const beneficiary = ports.findDocument(tx, BENEFICIARY, withdrawal.beneficiary);
  assert(beneficiary !== undefined, "a withdrawal's documents are stored with it");
  const { approvals, clearances } = decisionsOn(ports, tx, withdrawal);
  const { supersedes } = intent.body;
  return {
    intent,
    superseded: supersedes.length === 0 ? [] : ports.findDocuments(tx, INTENT, supersedes),
    beneficiary,
    approvals: approvals.filter(({ body }) => body.intent === intent.digest),
    clearances: clearances.filter(({ body }) => body.intents.includes(intent.digest)),
  };
}

/** The newest generation of a withdrawal's intent. */
export function intentOf<Tx>(
  ports: Pick<Reading<Tx>, "findDocument">,
  tx: Tx,
  withdrawal: Pick<WithdrawalRow, "intent">,
): WithdrawalEvidence["intent"] {
  assert(withdrawal.intent !== undefined, "an admitted withdrawal has an intent");
  const intent = ports.findDocument(tx, INTENT, withdrawal.intent);
  assert(intent !== undefined, "a withdrawal's intent is stored with it");
  assert(intent.body.type === "withdrawal", "a withdrawal's intent is a withdrawal");
  return { ...intent, body: intent.body };
}

/** What people have said of a withdrawal in all of its generations. */
export function decisionsOn<Tx>(
  ports: Pick<Reading<Tx>, "findDocuments" | "decisionsOf">,
  tx: Tx,
  { id }: Pick<WithdrawalRow, "id">,
): Pick<WithdrawalEvidence, "approvals" | "clearances"> {
  const of = (kind: string) => ports.decisionsOf(tx, id, kind);
  return {
    approvals: ports.findDocuments(tx, APPROVAL, of(APPROVAL.kind)),
    clearances: ports.findDocuments(tx, CLEARANCE, of(CLEARANCE.kind)),
  };
}

/**
 * Why somebody does not want it paid, said of any generation; undefined where nobody has said no. What is stored was counted
 * when it came: whoever has said it may have left since, and the no stays (law 13).
 */
export function standingNo<Tx>(
  ports: Pick<Reading<Tx>, "findDocuments" | "decisionsOf">,
  tx: Tx,
  withdrawal: Pick<WithdrawalRow, "id">,
): string | undefined {
  const { approvals, clearances } = decisionsOn(ports, tx, withdrawal);
  if (approvals.some(({ body }) => body.decision === "reject")) return "rejected";
  const refusal = clearances.find(({ body }) => body.decision === "refuse");
  return refusal === undefined ? undefined : `compliance: ${refusal.body.code}`;
}

/** The halts that were imported here and that no quorum has ended. */
export function haltsNow<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "findDocuments" | "documentDigests" | "policiesSince">,
  tx: Tx,
): readonly HaltDocument[] {
  const halts = ports.findDocuments(tx, HALT, ports.documentDigests(tx, HALT.kind));
  const resumes = ports.findDocuments(tx, RESUME, ports.documentDigests(tx, RESUME.kind));
  if (resumes.length === 0) return halts;
  const policies = policiesSince(ports, tx, 1);
  // Each by the policy that was in force when it came: who has ended a halt may leave, and a later policy that asks for
  // fewer ends none.
  const ended = resumes.filter((resume) =>
    policies.some((policy) => policy.number === resume.body.policy && isResume(policy, resume)),
  );
  return haltsInForce(halts, ended);
}

export type Verdict =
  | Allowed
  | {
      readonly allowed: false;
      readonly rule: DenialRule | KycRule | OnlineRule | "SIGHTED" | "LOST_ROWS" | "DEPOSIT_GONE";
      readonly why: string;
    };

export type JudgeAbout = {
  readonly policy: PolicyDocument;
  readonly now: Instant;
  /** Halts in force, read once for a whole batch. */
  readonly halts: readonly HaltDocument[];
  /** The wallet that would pay, once it is known. */
  readonly wallet?: Name | undefined;
};

/** What judging a withdrawal reads. */
export type Judging<Tx> = Reading<Tx> &
  Pick<
    WithdrawalPorts<Tx>,
    | "findKyc"
    | "findLimitUse"
    | "limitUses"
    | "findNewestRates"
    | "findSighting"
    | "findGoneDeposit"
    | "mayLackRows"
  >;

/** What KYC, the online rules and the policy say of a withdrawal now: all are asked at each step, not once (F25). */
export function judgeWithdrawal<Tx>(
  ports: Judging<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: JudgeAbout,
  evidence?: WithdrawalEvidence,
): Verdict {
  let last: Verdict | undefined;
  for (const verdict of verdictsOn(ports, tx, withdrawal, about, evidence)) {
    last = verdict;
    if (!verdict.allowed) break;
  }
  assert(last !== undefined, "the policy always says something");
  return last;
}

/**
 * Every verdict on a withdrawal, one after the other as they are asked for; the policy's own comes last, and it alone can
 * allow. Whoever looks for one kind of denial reads on: an earlier one may hide it.
 */
export function* verdictsOn<Tx>(
  ports: Judging<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { policy, now, halts, wallet }: JudgeAbout,
  evidence?: WithdrawalEvidence,
): Iterable<Verdict> {
  const sighted = ports.findSighting(tx, withdrawal.id);
  if (sighted !== undefined) {
    const why = `transaction ${sighted.transaction}, no attempt of it, has paid the same to the same account from our coins`;
    yield { allowed: false, rule: "SIGHTED", why };
  }
  // What it would be paid from may be that deposit: nothing of the rest leaves either before people have looked.
  const gone = ports.findGoneDeposit(tx, withdrawal.customer);
  if (gone !== undefined) {
    const why = `deposit ${gone.coin} of its customer has left the chain, and people have not decided about it`;
    yield { allowed: false, rule: "DEPOSIT_GONE", why };
  }
  const apart = walletsApart(policy.body, withdrawal, wallet);
  if (apart.length > 0 && hasNotLeft(withdrawal) && ports.mayLackRows(tx, "withdrawal", withdrawal.id)) {
    const why = `lost rows may hold a signed payment of it, and two groups of ${apart.join(", ")} need share no signer; cancelled and voided, it is asked for under a new key`;
    yield { allowed: false, rule: "LOST_ROWS", why };
  }
  const kyc = kycDenial(ports.findKyc(tx, withdrawal.customer), now);
  if (kyc !== undefined) yield { allowed: false, ...kyc };
  const { denial: online } = judgeByOnlineRules(ports, tx, withdrawal, { policy, now });
  if (online !== undefined) yield { allowed: false, rule: online.rule, why: online.why };
  const papers = evidence ?? evidenceOf(ports, tx, withdrawal);
  yield evaluate(policy.body, { ...papers, halts, wallet }, now);
}

/**
 * Wallets by which it may be paid a second time, each group of signers right by its own journals (ADR 9, ADR 24): the one
 * that would pay; where none is chosen yet, all of its row, if any other would do as badly.
 */
function walletsApart(
  policy: Policy,
  { amount }: Pick<WithdrawalRow, "amount">,
  wallet: Name | undefined,
): readonly Name[] {
  const row = rowFor(policy, "withdrawal", amount.asset, amount.units);
  const names = wallet === undefined ? (row?.wallets ?? []) : [wallet];
  const online = policy.wallets.filter(({ exactlyOnce }) => exactlyOnce === "online").map(({ name }) => name);
  return names.every((name) => online.includes(name)) ? names : [];
}

// What has left spends the same coins with whatever is built in its place.
function hasNotLeft({ state }: Pick<WithdrawalRow, "state">): boolean {
  return WAITING.has(state) || state === "ON_HOLD" || state === "BLOCKED";
}

/**
 * Whether a quorum has ever approved it, in any generation: from then on the intent is live whatever has expired since, for its papers may lie
 * at a signer already (law 3). Asked of every policy since the intent's birth: a signer may have an earlier one pinned.
 * Where the approval itself may be lost, it counts as given for ever (F9).
 */
export function everApproved<Tx>(
  ports: Reading<Tx> & Pick<WithdrawalPorts<Tx>, "policiesSince" | "mayLackRows">,
  tx: Tx,
  withdrawal: WithdrawalRow,
): boolean {
  if (ports.mayLackRows(tx, "withdrawal", withdrawal.id)) return true;
  const intent = intentOf(ports, tx, withdrawal);
  const { approvals } = decisionsOn(ports, tx, withdrawal);
  return policiesSince(ports, tx, intent.body.born).some((policy) => {
    const row = rowFor(policy, "withdrawal", intent.body.asset, BigInt(intent.body.units));
    return approversEver(policy, approvals).size >= (row?.quorum ?? Number.MAX_SAFE_INTEGER);
  });
}

/** Policies in force at some time since number `from`, the newest first. */
export function policiesSince<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "findDocuments" | "policiesSince">,
  tx: Tx,
  from: number,
): readonly Policy[] {
  const digests = ports.policiesSince(tx, from).map(({ digest }) => digest);
  // Without this, a hold would be released where nobody has to agree.
  assert(digests.length > 0, "an intent was born under a policy that was in force here");
  const policies = ports.findDocuments(tx, POLICY, digests);
  assert(policies.length === digests.length, "a policy's document is stored with it");
  return policies.map(({ body }) => body);
}

function approversEver(policy: Policy, approvals: readonly ApprovalDocument[]): ReadonlySet<string> {
  const votes = approvals
    .filter(({ body }) => body.decision === "approve")
    .flatMap((approval) => countSignatures(policy, "approver", approval));
  return new Set(votes.map(({ identity }) => identity.person));
}
