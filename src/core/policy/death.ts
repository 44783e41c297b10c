/** Whose signatures count for a proof of death (law 4): one judge online, at the signer and in an auditor's evidence. */
import type { DeadDocument } from "../documents/dead.ts";
import { countSignatures, type Counted } from "./counting.ts";
import type { Policy } from "./policy.ts";
import { identityNamed } from "./roles.ts";

/**
 * Approvers who have signed it, without whoever led the plan out: that person may not also say that it is dead.
 * @param operators their persons; undefined where one is not known, and then nobody counts
 */
export function countVouchers(
  policy: Policy,
  dead: DeadDocument,
  operators: ReadonlySet<string> | undefined,
): readonly Counted[] {
  if (operators === undefined) return [];
  return countSignatures(policy, "approver", dead).filter(({ identity }) => !operators.has(identity.person));
}

/**
 * The persons behind operators' names, under any policy that is known: people leave, and are named anew. Undefined when none
 * of them names one: that person could vouch for the death of the plan that they led out.
 */
export function operatorPersons(
  policies: readonly Policy[],
  names: readonly string[],
): ReadonlySet<string> | undefined {
  const persons = names.map((name) =>
    policies.flatMap((policy) => identityNamed(policy, name)?.person ?? []),
  );
  return persons.every((known) => known.length > 0) ? new Set(persons.flat()) : undefined;
}
