/** Signed copies of a policy that is not active yet, collected in one file of the home. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { documentBytes, parseDocument } from "../../core/document.ts";
import { declareError } from "../../core/errors.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import type { Call } from "../../terminal/command.ts";
import { readInput, writeFileDurably } from "../../terminal/files.ts";

export const POLICY_NOT_COLLECTED = declareError(
  "POLICY_NOT_COLLECTED",
  "notFound",
  "No signed policy was imported into this home.",
);

const fileOf = (home: string) => join(home, "policy-collected.json");

/** The collected policy, if there is one. */
export async function readCollected({ io, home }: Call): Promise<PolicyDocument | undefined> {
  if (!existsSync(fileOf(home))) return undefined;
  return parseDocument(POLICY, await readInput(io, fileOf(home), POLICY.bytesMax));
}

/** @throws POLICY_NOT_COLLECTED */
export async function requireCollected(call: Call): Promise<PolicyDocument> {
  const policy = await readCollected(call);
  if (policy !== undefined) return policy;
  throw POLICY_NOT_COLLECTED("no policy has been imported here", {
    hint: "custody policy import policy.*.json",
  });
}

export function saveCollected({ io, home }: Call, policy: PolicyDocument): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileDurably(fileOf(home), documentBytes(policy), true, io.random(8));
}
