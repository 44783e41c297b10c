/** Who vouches for a signer's program: the admins, and with them the build keys where the policy has any. */
import type { BuildDocument } from "../documents/build.ts";
import type { Instant } from "../instant.ts";
import { countSignatures, type Counted } from "./counting.ts";
import type { Policy, Role } from "./policy.ts";

export const BUILD_ROLES: readonly Role[] = ["admin", "build"];

/** One of the two quorums: `have` persons of `need` have signed. */
export type BuildQuorum = { readonly role: Role; readonly signed: readonly Counted[]; readonly need: number };

/**
 * The quorums of a build under `policy`, of which each must be met. A policy without build keys asks for the admins
 * alone; build keys alone are never enough, for a program can do whatever a policy forbids.
 */
export function buildQuorums(policy: Policy, build: BuildDocument): readonly BuildQuorum[] {
  const { admin, build: builders } = policy.quorums;
  const quorums = [
    { role: "admin", signed: countSignatures(policy, "admin", build), need: admin },
    { role: "build", signed: countSignatures(policy, "build", build), need: builders },
  ] as const;
  return quorums.filter(({ need }) => need > 0);
}

/** What a build still lacks, for people: `admins: 1 of 2`; empty when it is vouched for. */
export function missingForBuild(policy: Policy, build: BuildDocument): readonly string[] {
  return buildQuorums(policy, build)
    .filter(({ signed, need }) => signed.length < need)
    .map(
      ({ role, signed, need }) =>
        `${role === "admin" ? "admins" : "build keys"}: ${signed.length} of ${need}`,
    );
}

/** When the last of those whose signatures count signed the build; undefined where nobody has. */
export function vouchedSince(policy: Policy, build: BuildDocument): Instant | undefined {
  const times = buildQuorums(policy, build).flatMap(({ signed }) => signed.map(({ at }) => at));
  return times.sort().at(-1);
}
