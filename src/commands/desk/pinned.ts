import { existsSync, readdirSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { documentBytes, parseDocument } from "../../core/document.ts";
import { declareError } from "../../core/errors.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { readInput, writeFileDurably } from "../../terminal/files.ts";
import type { Call } from "../../terminal/command.ts";

export const DESK_WITHOUT_POLICY = declareError(
  "DESK_WITHOUT_POLICY",
  "notFound",
  "This desk has no pinned policy.",
);
export const IDENTITY_ON_ONLINE_HOST = declareError(
  "IDENTITY_ON_ONLINE_HOST",
  "denied",
  "An identity key would be opened in a home that holds a database.",
);

const policyFile = (home: string) => join(home, "desk-policy.json");

/** The policy that this desk has pinned. @throws DESK_WITHOUT_POLICY */
export async function pinnedPolicy(call: Call): Promise<PolicyDocument> {
  if (!existsSync(policyFile(call.home))) {
    throw DESK_WITHOUT_POLICY(`${call.home} has no pinned policy`, {
      hint: "custody desk init --policy policy.json",
    });
  }
  return parseDocument(POLICY, await readInput(call.io, policyFile(call.home), POLICY.bytesMax));
}

export function pinPolicy(call: Call, policy: PolicyDocument): void {
  mkdirSync(call.home, { recursive: true, mode: 0o700 });
  writeFileDurably(policyFile(call.home), documentBytes(policy), true, call.io.random(8));
}

/**
 * An identity key is never opened beside a database (design: machines): a host that is owned would collect keys
 * instead of coins. Regtest allows it, for trying things out.
 * @throws IDENTITY_ON_ONLINE_HOST
 */
export function assertOwnDesk(home: string, network: string): void {
  if (network === "regtest" || !existsSync(home)) return;
  if (!readdirSync(home).some((name) => name.endsWith(".db"))) return;
  throw IDENTITY_ON_ONLINE_HOST(
    "this home holds a database: identity keys are opened at a person's own desk only",
    {
      field: "--home",
      hint: "run this on the machine of the key's owner, with a --home of its own",
    },
  );
}
