/** How an intent stands under the pinned policy: who has said what, and what is still missing. Pure. */
import { counted } from "../../core/count.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import { countSignatures, countVotes, type Counted } from "../../core/policy/counting.ts";
import {
  completedAt,
  countClearances,
  evaluate,
  LIFTABLE,
  refuses,
  rejects,
  rowFor,
  type Evaluation,
} from "../../core/policy/evaluate.ts";
import type { Policy, PolicyRow, Role } from "../../core/policy/policy.ts";
import type { Document, DocumentHeader } from "../../core/document.ts";
import type { IntentSubject } from "./subject.ts";

export type Standing = {
  readonly verdict: Evaluation;
  /** Under no row nothing counts. */
  readonly row: PolicyRow | undefined;
  readonly approvers: readonly Counted[];
  /** Where the row has a delay: from when a release counts; undefined before the quorum is met. */
  readonly releaseFrom: Instant | undefined;
  readonly releasers: readonly Counted[];
  readonly clearedBy: readonly Counted[];
  /** Whose no is signed: one is enough, for ever. */
  readonly rejectedBy: readonly Counted[];
  readonly refusedBy: readonly Counted[];
};

export function standingOf(policy: Policy, { document, evidence }: IntentSubject, now: Instant): Standing {
  const { intent, approvals, clearances } = evidence;
  const { type, asset, units } = document.body;
  const verdict = evaluate(policy, evidence, now);
  const no = {
    rejectedBy: signersOf(
      policy,
      ["approver", "compliance"],
      approvals.filter((approval) => rejects(approval, document)),
    ),
    refusedBy: signersOf(
      policy,
      ["compliance"],
      clearances.filter((clearance) => refuses(clearance, document)),
    ),
  };
  const row = rowFor(policy, type, asset, BigInt(units));
  if (row === undefined)
    return { verdict, row, approvers: [], releaseFrom: undefined, releasers: [], clearedBy: [], ...no };
  const approvers = countVotes(policy, approvals, { intent, decision: "approve", row }, now);
  const releaseFrom =
    row.delaySeconds === 0 || approvers.length < row.quorum
      ? undefined
      : addSeconds(completedAt(approvers, row.quorum), row.delaySeconds);
  const releasers =
    releaseFrom === undefined
      ? []
      : countVotes(policy, approvals, { intent, decision: "release", row, from: releaseFrom }, now);
  const clearedBy = countClearances(policy, row, evidence, now);
  return { verdict, row, approvers, releaseFrom, releasers, clearedBy, ...no };
}

/** What an intent waits for: the decision by which a desk signs it, and how people read it. */
export type MissingWord = { readonly word: "approve" | "release" | "clear"; readonly says: string };

/** What must still be signed before a signer takes the intent; empty also when nothing could mend it. */
export function missingFor(standing: Standing): readonly MissingWord[] {
  const { verdict, row, approvers, releaseFrom, releasers, clearedBy } = standing;
  if (row === undefined || (!verdict.allowed && !LIFTABLE.has(verdict.rule))) return [];
  const missing: MissingWord[] = [];
  if (approvers.length < row.quorum)
    missing.push({ word: "approve", says: `approvals: ${approvers.length} of ${row.quorum}` });
  if (row.delaySeconds > 0 && releasers.length === 0) {
    const when =
      releaseFrom === undefined
        ? `${counted(row.delaySeconds, "second")} after the last approval needed`
        : `signed at ${releaseFrom} or later`;
    missing.push({ word: "release", says: `a release, ${when}` });
  }
  if (row.clearance !== "none" && clearedBy.length < row.clearance.quorum) {
    const tiers = row.clearance.tiers.join(", ");
    const needed = counted(row.clearance.quorum, "person");
    const says = `clearances: ${clearedBy.length} of ${needed} of compliance, for tier ${tiers}`;
    missing.push({ word: "clear", says });
  }
  return missing;
}

/** Distinct persons who hold one of `roles` and have validly signed one of `documents`. */
export function signersOf(
  policy: Policy,
  roles: readonly Role[],
  documents: readonly Document<DocumentHeader>[],
): readonly Counted[] {
  const counted = documents.flatMap((document) =>
    roles.flatMap((role) => countSignatures(policy, role, document)),
  );
  return [...new Map(counted.map((one) => [one.identity.person, one])).values()];
}
