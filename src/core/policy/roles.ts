import type { PublicKey } from "../ed25519.ts";
import type { Policy, PolicyIdentity, Role } from "./policy.ts";

/** Identities that hold `role`. */
export function holders(policy: Policy, role: Role): readonly PolicyIdentity[] {
  return policy.identities.filter(({ roles }) => roles.includes(role));
}

/** The identity with `key`, if it holds `role` now. */
export function holderOf(policy: Policy, key: PublicKey, role: Role): PolicyIdentity | undefined {
  return holders(policy, role).find((identity) => identity.key === key);
}

/** The identity called `name`. */
export function identityNamed(policy: Policy, name: string): PolicyIdentity | undefined {
  return policy.identities.find((identity) => identity.name === name);
}

/**
 * Pairs a person into two roles of one conflict set, if the policy forbids that.
 * @param cast who acted in which role for one payment
 * @returns the person and the two roles, or undefined when nobody conflicts
 */
export function conflictIn(
  policy: Policy,
  cast: readonly { readonly role: Role; readonly person: string }[],
): { readonly person: string; readonly roles: readonly [Role, Role] } | undefined {
  for (const set of policy.conflicts) {
    const acting = cast.filter(({ role }) => set.includes(role));
    for (const first of acting) {
      const second = acting.find(({ person, role }) => person === first.person && role !== first.role);
      if (second !== undefined) return { person: first.person, roles: [first.role, second.role] };
    }
  }
  return undefined;
}
