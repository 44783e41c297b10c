/** What a desk is told that lacks the policy between its own and the one in hand. Pure. */
import { POLICY_NOT_NEXT } from "../../core/policy/following.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";

/** Only the policy before it vouches for each, so they are pinned one after the other. */
export function pinNext({ body: { number } }: PolicyDocument): string {
  const next = number + 1;
  return `custody desk init --policy policy-${next}.json   (the online host writes it: custody policy show --number ${next} --out policy-${next}.json)`;
}

/**
 * The drafter is told to draft anew what does not follow. Here the draft may be good, and the desk is behind.
 * @throws POLICY_NOT_NEXT
 */
export function assertNoneMissed(pinned: PolicyDocument, { body: { number } }: PolicyDocument): void {
  if (number <= pinned.body.number + 1) return;
  throw POLICY_NOT_NEXT(
    `policy number ${number} does not follow number ${pinned.body.number}, which is pinned at this desk`,
    { field: "number", hint: pinNext(pinned) },
  );
}
