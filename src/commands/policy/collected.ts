/** A policy that is not active yet: signed copies, and the releases of a recovery, collected in the home. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canonicalBytes, parseCanonical } from "../../core/canonical.ts";
import { documentBytes, embed, fromEmbedded, parseDocument } from "../../core/document.ts";
import { APPROVAL, type ApprovalDocument } from "../../core/documents/approval.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import type { Call } from "../../terminal/command.ts";
import { readInput, writeFileDurably } from "../../terminal/files.ts";

export const POLICY_NOT_COLLECTED = declareError(
  "POLICY_NOT_COLLECTED",
  "notFound",
  "No signed policy was imported into this home.",
);

export type Collected = { readonly policy: PolicyDocument; readonly releases: readonly ApprovalDocument[] };

const policyFile = (home: string) => join(home, "policy-collected.json");
const releasesFile = (home: string) => join(home, "policy-releases.json");

/** The collected policy with its releases, if there is one. */
export async function readCollected({ io, home }: Call): Promise<Collected | undefined> {
  if (!existsSync(policyFile(home))) return undefined;
  const policy = parseDocument(POLICY, await readInput(io, policyFile(home), POLICY.bytesMax));
  if (!existsSync(releasesFile(home))) return { policy, releases: [] };
  const bytes = await readInput(io, releasesFile(home), LIMITS.smallDocumentBytesMax);
  const stored = parseCanonical(bytes, LIMITS.smallDocumentBytesMax) as readonly unknown[];
  return { policy, releases: stored.map((release) => fromEmbedded(APPROVAL, release)) };
}

/** @throws POLICY_NOT_COLLECTED */
export async function requireCollected(call: Call): Promise<Collected> {
  const collected = await readCollected(call);
  if (collected !== undefined) return collected;
  throw POLICY_NOT_COLLECTED("no policy has been imported here", {
    hint: "custody policy import policy.*.json",
  });
}

export function saveCollected({ io, home }: Call, { policy, releases }: Collected): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileDurably(releasesFile(home), canonicalBytes(releases.map(embed)), true, io.random(8));
  writeFileDurably(policyFile(home), documentBytes(policy), true, io.random(8));
}

/** Once it is in force: the database has it. */
export function forgetCollected({ home }: Call): void {
  for (const file of [policyFile(home), releasesFile(home)]) rmSync(file, { force: true });
}
