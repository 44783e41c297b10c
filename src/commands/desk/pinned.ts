import { existsSync, readdirSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { documentBytes, parseDocument } from "../../core/document.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";
import { shellWord } from "../../core/shell-word.ts";
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

export const DESK_FILE_BROKEN = declareError(
  "DESK_FILE_BROKEN",
  "verification",
  "A file of a desk's home is not as the desk wrote it.",
);

const policyFile = (home: string) => join(home, "desk-policy.json");

/** The policy that this desk has pinned. @throws DESK_WITHOUT_POLICY, DESK_FILE_BROKEN */
export async function pinnedPolicy(call: Call): Promise<PolicyDocument> {
  const policy = await pinnedIfAny(call);
  if (policy !== undefined) return policy;
  throw DESK_WITHOUT_POLICY(`${call.home} has no pinned policy`, {
    hint: "custody desk init --policy policy.json",
  });
}

/** The same, undefined before there is one. One that cannot be read is not "none". @throws DESK_FILE_BROKEN */
export async function pinnedIfAny(call: Call): Promise<PolicyDocument | undefined> {
  const file = policyFile(call.home);
  if (!existsSync(file)) return undefined;
  const bytes = await readInput(call.io, file, POLICY.bytesMax);
  const policy = parsed(file, bytes);
  // A file that was edited is another policy, which nobody has signed.
  if (policy.signatures.some((signature) => verifySignature(policy.digest, signature))) return policy;
  throw brokenFile(file, "no signature on it is valid");
}

function parsed(file: string, bytes: Uint8Array): PolicyDocument {
  try {
    return parseDocument(POLICY, bytes);
  } catch (error) {
    if (error instanceof CustodyError) throw brokenFile(file, error.message);
    throw error;
  }
}

export function brokenFile(file: string, why: string) {
  return DESK_FILE_BROKEN(`${file}: ${why}`, {
    field: "--home",
    hint: `find out what changed it; to begin anew: mv ${shellWord(file)} ${shellWord(file)}.broken`,
  });
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
