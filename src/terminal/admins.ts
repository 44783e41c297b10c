/** The comparison on which all trust rests: each admin's key, in full, from a card that the admin brings. */
import { declareError } from "../core/errors.ts";
import type { Policy, PolicyIdentity } from "../core/policy/policy.ts";
import { holders } from "../core/policy/roles.ts";
import { repeatedFlag, type Call } from "./command.ts";
import { ask } from "./prompt.ts";

export const ADMIN_UNKNOWN = declareError(
  "ADMIN_UNKNOWN",
  "usage",
  "--admin is not NAME=FINGERPRINT, or names nobody with role admin.",
);
export const ADMIN_KEY_MISMATCH = declareError(
  "ADMIN_KEY_MISMATCH",
  "denied",
  "An admin's key in the policy is not the one on the admin's own card.",
);

/**
 * Compares every admin's fingerprint, all 64 hex digits: a policy with a stranger's key in an admin's name is the one
 * attack that no later gate can see.
 * @throws ADMIN_KEY_MISMATCH, ADMIN_UNKNOWN, ANSWER_MISSING
 */
export async function compareAdmins(call: Call, policy: Policy): Promise<void> {
  const admins = holders(policy, "admin");
  const given = parseGiven(repeatedFlag(call.flags, "admin"), admins);
  for (const admin of admins) {
    const question = `Fingerprint of ${admin.name} (${admin.person}), all 64 digits, from ${admin.name}'s own card:`;
    const typed = given.get(admin.name) ?? (await ask(call.io, question, "--admin"));
    if (typed.replace(/\s+/g, "").toLowerCase() === admin.key) continue;
    throw ADMIN_KEY_MISMATCH(`the fingerprint of ${admin.name} is not the one in the policy`, {
      field: `identities.${admin.name}.key`,
      hint: "compare with the card that the admin brought; if the card is right, the policy is forged",
    });
  }
}

function parseGiven(
  flags: readonly string[],
  admins: readonly PolicyIdentity[],
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const flag of flags) {
    const cut = flag.indexOf("=");
    const name = flag.slice(0, Math.max(cut, 0));
    if (!admins.some((admin) => admin.name === name)) {
      throw ADMIN_UNKNOWN(`--admin ${JSON.stringify(flag)} is not NAME=FINGERPRINT of an admin`, {
        field: "--admin",
        hint: `admins: ${admins.map((admin) => admin.name).join(", ")}`,
      });
    }
    given.set(name, flag.slice(cut + 1));
  }
  return given;
}
