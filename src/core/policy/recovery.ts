/**
 * Recovery: when the admins' quorum is lost, the persons whom policy number 1 keeps for that replace admins, and do
 * nothing else, after a delay in which the admins would notice and make a policy of their own.
 */
import { canonicalText } from "../canonical.ts";
import type { ApprovalDocument } from "../documents/approval.ts";
import { declareError } from "../errors.ts";
import { addSeconds, type Instant } from "../instant.ts";
import { countSignatures } from "./counting.ts";
import { completedAt } from "./evaluate.ts";
import { custodyId, type Policy, type PolicyDocument, type PolicyIdentity } from "./policy.ts";

export const RECOVERY_OVERREACHES = declareError(
  "RECOVERY_OVERREACHES",
  "denied",
  "A recovery changes more than who the admins are.",
);

/** @throws RECOVERY_OVERREACHES naming the field */
export function assertReplacesAdmins(previous: Policy, next: Policy): void {
  const field = changedField(previous, next);
  if (field === undefined) return;
  throw RECOVERY_OVERREACHES(`policy ${field}: a recovery replaces admins and changes nothing else`, {
    field,
    hint: "custody policy show --out policy.json, exchange the admins alone, then custody policy draft --from policy.json",
  });
}

function changedField(previous: Policy, next: Policy): string | undefined {
  const [old, changed] = [contentOf(previous), contentOf(next)];
  for (const name of Object.keys({ ...old, ...changed }) as (keyof typeof old)[])
    if (canonicalText(old[name] ?? "none") !== canonicalText(changed[name] ?? "none")) return name;
  for (const before of previous.identities) {
    const after = next.identities.find(({ key }) => key === before.key);
    if (!mayBecome(before, after)) return `identities.${before.name}`;
  }
  const known = new Set(previous.identities.map(({ key }) => key));
  return next.identities
    .filter(({ key, roles }) => !known.has(key) && canonicalText(roles) !== canonicalText(["admin"]))
    .map(({ name }) => `identities.${name}`)[0];
}

// Everything but what the numbering itself changes, and the identities.
function contentOf({
  number: _n,
  previous: _p,
  issued: _i,
  custody: _c,
  identities: _d,
  ...content
}: Policy) {
  return content;
}

// An admin may stay, or cease to be one; whoever recovers takes nothing from and gives nothing to anybody named.
function mayBecome(before: PolicyIdentity, after: PolicyIdentity | undefined): boolean {
  const kept = canonicalText(before);
  if (after !== undefined && canonicalText(after) === kept) return true;
  if (!before.roles.includes("admin") || before.roles.includes("recovery")) return false;
  const others = before.roles.filter((role) => role !== "admin");
  if (after === undefined) return others.length === 0;
  return canonicalText(after) === canonicalText({ ...before, roles: others });
}

/** The earliest time at which a release of the recovery counts; its quorum must have signed. */
export function releasableFrom(previous: PolicyDocument, next: PolicyDocument): Instant | undefined {
  const { recovery } = previous.body;
  const counted = countSignatures(previous.body, "recovery", next);
  if (recovery === undefined || counted.length < recovery.quorum) return undefined;
  return addSeconds(completedAt(counted, recovery.quorum), recovery.delaySeconds);
}

/** When somebody of the recovery released it, at the earliest; undefined when nobody has, or too soon. */
export function releasedAt(
  previous: PolicyDocument,
  next: PolicyDocument,
  releases: readonly ApprovalDocument[],
): Instant | undefined {
  const from = releasableFrom(previous, next);
  if (from === undefined) return undefined;
  return releases
    .filter((release) => isRelease(previous, next, release))
    .flatMap((release) =>
      countSignatures(previous.body, "recovery", release).filter(({ at }) => at <= release.body.expires),
    )
    .map(({ at }) => at)
    .filter((at) => at >= from)
    .sort()[0];
}

/** Whether `release` speaks of `next`, under the policy before it. Who has signed it is another question. */
export function isRelease(
  previous: PolicyDocument,
  next: PolicyDocument,
  release: ApprovalDocument,
): boolean {
  const { decision, intent, policy, network, custody } = release.body;
  return (
    decision === "release" &&
    intent === next.digest &&
    policy === previous.body.number &&
    network === previous.body.network &&
    custody === custodyId(previous)
  );
}
