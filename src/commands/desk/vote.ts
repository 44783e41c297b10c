/** One person's word on one intent. Pure. */
import { counted } from "../../core/count.ts";
import { formatDecimal, parseUnits } from "../../core/amount.ts";
import { makeDocument } from "../../core/document.ts";
import { APPROVAL, type Approval, type ApprovalDocument } from "../../core/documents/approval.ts";
import { familyOf } from "../../core/documents/family.ts";
import { declareError } from "../../core/errors.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import { LIFTABLE } from "../../core/policy/evaluate.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { releasableFrom } from "../../core/policy/recovery.ts";
import { checkWords } from "../../core/words.ts";
import { seenOf } from "./seen.ts";
import { standingOf, type Standing } from "./standing.ts";
import type { Occasion, Statement } from "./occasion.ts";
import type { IntentSubject } from "./subject.ts";

export const POLICY_DENIES = declareError(
  "POLICY_DENIES",
  "denied",
  "The policy pinned at a desk denies it, whoever signs.",
);
export const RELEASE_TOO_EARLY = declareError(
  "RELEASE_TOO_EARLY",
  "pending",
  "A release would be signed before the quorum is met or its delay is over, and would not count.",
);

/** @throws POLICY_DENIES, RELEASE_TOO_EARLY; a rejection is always possible */
export function voteOn(
  decision: "approve" | "release" | "reject",
  subject: IntentSubject,
  policy: PolicyDocument,
  { heads, now }: Pick<Occasion, "heads" | "now">,
): Statement {
  const standing = standingOf(policy.body, subject, now);
  if (decision !== "reject") assertLiftable(standing);
  if (decision === "release") assertReleasable(standing, now);
  const { digest, body } = subject.document;
  const common = {
    ...headerOf(policy),
    intent: digest,
    policy: policy.body.number,
    expires: addSeconds(now, standing.row?.approvalSecondsMax ?? 0),
  };
  const approval = makeDocument<Approval>(
    APPROVAL,
    decision === "reject"
      ? // Whoever says no asks nothing of a signer, so nothing about its journal either.
        { ...common, decision, family: familyOf(body), heads: [] }
      : { ...common, decision, heads },
  );
  const amount = parseUnits(body.units, body.asset);
  return {
    document: approval,
    retype: amount.units === 0n ? checkWords(digest) : formatDecimal(amount),
    confirm: [digest],
    seen: [seenOf(subject, decision, now)],
  };
}

/**
 * The second word of a recovery, after its delay: an approval of decision `release` that names the policy.
 * @throws POLICY_DENIES, RELEASE_TOO_EARLY
 */
export function releasePolicy(next: PolicyDocument, pinned: PolicyDocument, now: Instant): ApprovalDocument {
  if (pinned.body.recovery === undefined || next.body.previous !== pinned.digest) {
    throw POLICY_DENIES("the pinned policy knows no recovery by this policy", {
      field: "policy",
      hint: "custody desk sign FILE --as policy",
    });
  }
  const from = releasableFrom(pinned, next);
  if (from === undefined || now < from)
    throw tooEarly(from, "the recovery quorum has not signed the policy yet");
  return makeDocument<Approval>(APPROVAL, {
    ...headerOf(pinned),
    decision: "release",
    intent: next.digest,
    policy: pinned.body.number,
    expires: next.body.expires,
    heads: [],
  });
}

/** Signing what the pinned policy denies whoever signs would only make trouble at the signer. @throws POLICY_DENIES */
export function assertLiftable({ verdict }: Standing): void {
  if (verdict.allowed || LIFTABLE.has(verdict.rule)) return;
  throw POLICY_DENIES(`the pinned policy denies it (${verdict.rule}): ${verdict.why}`, {
    field: "bundle",
    hint: "custody desk sign FILE --as reject, or ask for a request that the policy allows",
    details: { rule: verdict.rule },
  });
}

function assertReleasable({ row, releaseFrom }: Standing, now: Instant): void {
  if (row?.delaySeconds === 0) {
    throw POLICY_DENIES(`row ${row.name} has no delay, so nothing is released`, {
      field: "--as",
      hint: "custody desk sign FILE --as approve",
    });
  }
  if (releaseFrom === undefined || now < releaseFrom)
    throw tooEarly(releaseFrom, `the quorum of ${counted(row?.quorum ?? 0, "approver")} is not met yet`);
}

function tooEarly(from: Instant | undefined, why: string) {
  return RELEASE_TOO_EARLY(
    from === undefined ? why : `a release counts only when signed at ${from} or later`,
    {
      field: "--as",
      hint: from === undefined ? "custody desk review FILE" : `wait until ${from}, then the same command`,
      ...(from === undefined ? {} : { details: { from } }),
    },
  );
}

function headerOf(policy: PolicyDocument) {
  return {
    kind: "approval",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
  } as const;
}
