/**
 * Who vouches that a plan can never settle (law 4), and what is known of such a plan. Whether the proof holds, its chain's
 * codec says too: `src/chains/death.ts`.
 */
import type { Digest } from "../digest.ts";
import type { DeadDocument } from "../documents/dead.ts";
import type { SignedAttempt } from "../documents/family.ts";
import type { Name } from "../identifier.ts";
import { countSignatures, type Counted } from "./counting.ts";
import type { Policy } from "./policy.ts";
import { identityNamed } from "./roles.ts";

/** A plan's attempts and what they spend. */
export type PlanAttempts = {
  readonly plan: Digest;
  /** Every attempt that is known, the cancel rung included. */
  readonly transactions: readonly Digest[];
  /** Which of them is the cancel rung, that pays nobody. */
  readonly cancel: Digest | undefined;
  readonly conflictKeys: readonly string[];
};

/** A plan that is said to be dead, as far as whoever judges knows it. */
export type Deceased = PlanAttempts & {
  /** Policy rows under which its payments were approved: the strictest band's quorum vouches. */
  readonly rows: readonly Name[];
  /** Persons who led it out; undefined where one is not known, and then nobody counts. */
  readonly operators: ReadonlySet<string> | undefined;
};

/**
 * Approvers who have signed it under a policy whose signatures still count, without whoever led the plan out: that person
 * may not also say that it is dead.
 */
export function vouchersOf(
  policy: Policy,
  dead: DeadDocument,
  { operators }: Pick<Deceased, "operators">,
): readonly Counted[] {
  const { policy: number } = dead.body;
  if (operators === undefined || number < policy.approvalsSince || number > policy.number) return [];
  return countSignatures(policy, "approver", dead).filter(({ identity }) => !operators.has(identity.person));
}

/** How many must vouch: undefined where a row is not the policy's any more, for then nobody can say. */
export function vouchersNeeded(policy: Policy, { rows }: Pick<Deceased, "rows">): number | undefined {
  const quorums = rows.map((row) => policy.rows.find(({ name }) => name === row)?.quorum);
  const known = quorums.filter((quorum) => quorum !== undefined);
  return known.length === 0 || known.length < quorums.length ? undefined : Math.max(...known);
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

/**
 * What is known of a plan that signers' voids alone list, for no other record of it is left (failure F9). A signer that
 * lies could as well have listed nothing: only what all agree on counts as the plan's coins and as its cancel rung.
 * @param listed the entries of one plan, in voids of one family or more
 */
export function deceasedAsListed(listed: readonly SignedAttempt[]): Deceased | undefined {
  const [first] = listed;
  if (first === undefined) return undefined;
  const all = <Item>(of: (attempt: SignedAttempt) => readonly Item[]) => [...new Set(listed.flatMap(of))];
  const agreed = (cancel: Digest) =>
    listed.every((attempt) => attempt.cancel === cancel || !attempt.transactions.includes(cancel));
  return {
    plan: first.plan,
    transactions: all(({ transactions }) => transactions),
    cancel: all(({ cancel }) => (cancel === undefined ? [] : [cancel])).find(agreed),
    conflictKeys: first.conflictKeys.filter((key) => listed.every((one) => one.conflictKeys.includes(key))),
    rows: all(({ row }) => [row]),
    operators: new Set(all(({ operators }) => operators)),
  };
}
