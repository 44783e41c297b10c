/** Documents and destinations that a policy lets nobody use. */
import type { Policy } from "../policy.ts";
import { warning, type Problem } from "./problem.ts";

/** Every kind that a payment, a change of policy or a way out of trouble needs, in format version 1. */
export const NEEDED_KINDS = [
  "approval",
  "beneficiary",
  "clearance",
  "dead",
  "delegation",
  "halt",
  "intent",
  "plan",
  "policy",
  "receipt",
  "request",
  "resume",
  "review",
  "void",
] as const;

const YEAR_SECONDS = 366 * 86_400;

export function* readingWarnings({ accepts, beneficiaries }: Policy): Iterable<Problem> {
  const unread = NEEDED_KINDS.filter(
    (kind) => !accepts.some((entry) => entry.kind === kind && entry.versions.includes(1)),
  );
  if (unread.length > 0) yield warning("accepts", `nothing of kind ${unread.join(", ")} is read`);
  const { lifeSecondsMax, delaySeconds } = beneficiaries;
  const atOnce = "a new destination can be paid the moment it is signed";
  if (delaySeconds === 0) yield warning("beneficiaries.delaySeconds", atOnce, "no-delay");
  if (delaySeconds >= lifeSecondsMax)
    yield warning("beneficiaries", "a destination ends before its delay does, unless it begins later");
  if (lifeSecondsMax > YEAR_SECONDS)
    yield warning("beneficiaries.lifeSecondsMax", "a destination is not looked at again within a year");
}
