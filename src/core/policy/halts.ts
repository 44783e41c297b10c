/** Which halts are in force: one person stops, a quorum resumes (law 13). */
import type { HaltDocument, ResumeDocument } from "../documents/halt.ts";
import type { Name } from "../identifier.ts";
import { countSignatures, type Counted } from "./counting.ts";
import type { Policy, Role } from "./policy.ts";

/** Whoever acts for the custody may stop it; looking on, or running a machine, is not enough. */
export const HALT_ROLES: readonly Role[] = ["admin", "operator", "approver", "compliance", "officer"];

/** Who of those entitled to signed `halt` first; undefined where nobody has. */
export function haltedBy(policy: Policy, halt: HaltDocument): Counted | undefined {
  return HALT_ROLES.flatMap((role) => countSignatures(policy, role, halt)).reduce<Counted | undefined>(
    (first, counted) => (first === undefined || counted.at < first.at ? counted : first),
    undefined,
  );
}

/** Whether somebody entitled to has signed `halt`. */
export function isHalt(policy: Policy, halt: HaltDocument): boolean {
  return haltedBy(policy, halt) !== undefined;
}

/** Whether the resume quorum has signed `resume`. */
export function isResume(policy: Policy, resume: ResumeDocument): boolean {
  return countSignatures(policy, "approver", resume).length >= policy.quorums.resume;
}

/**
 * The halts that no valid `resume` names. Both lists hold documents that were judged when they came in: a halt stays
 * when its maker has left.
 */
export function haltsInForce(
  halts: readonly HaltDocument[],
  resumes: readonly ResumeDocument[],
): readonly HaltDocument[] {
  const ended = new Set(resumes.map(({ body }) => body.halt));
  return halts.filter(({ digest }) => !ended.has(digest));
}

/** The first halt over `wallet`; without a wallet only one over everything. */
export function haltOver(halts: readonly HaltDocument[], wallet: Name | undefined): HaltDocument | undefined {
  return halts.find(({ body: { scope } }) => scope.of === "everything" || scope.wallet === wallet);
}
