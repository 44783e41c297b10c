/** How the end of the policy in force is told, before it comes and after it. */
import { seconds, type Instant } from "../core/instant.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { drawSpan } from "../terminal/span.ts";

/** What the admins do then, as a runnable command. */
export const NEXT_POLICY =
  "custody policy show --out policy.edit.json --indent   (docs/runbooks/policy-ends.md)";

/** How long before its end a policy's next one is asked for: cards, signatures and pins take a house some days. */
const RENEWAL_SECONDS = 14 * 86_400;

/** It holds to its last second, as a signer's gate G3 has it. */
export const hasEnded = (end: Instant, now: Instant): boolean => seconds(end) < seconds(now);

/** So near that the next one is drafted, or past. */
export const endsSoon = (end: Instant, now: Instant): boolean =>
  seconds(end) - seconds(now) < RENEWAL_SECONDS;

/** A policy's number and its end, as `custody status` shows them. */
export function drawPolicyEnd(number: number, end: Instant, now: Instant): string {
  if (hasEnded(end, now)) return `number ${number}, ENDED at ${end}: no signer signs by it`;
  const left = seconds(end) - seconds(now);
  return `number ${number}, until ${end}${endsSoon(end, now) ? ` (in ${drawSpan(left)}: draft the next one)` : ""}`;
}

/** A warning for whoever is about to carry something to the signers, which would be carried in vain. */
export function warnOfEnd({ body: { number, expires } }: PolicyDocument, now: Instant): readonly string[] {
  return hasEnded(expires, now)
    ? [`policy number ${number} ended at ${expires}: every signer refuses this until the next one is pinned`]
    : [];
}
