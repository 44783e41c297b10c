/** Everything that the home says of this signer, read and verified together. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../../src/core/digest.ts";
import { parseDocument } from "../../src/core/document.ts";
import type { PublicKey } from "../../src/core/ed25519.ts";
import { declareError } from "../../src/core/errors.ts";
import type { Instant } from "../../src/core/instant.ts";
import { headOf, JOURNAL_BROKEN } from "../../src/core/journal-entry.ts";
import { custodyId, POLICY, type PolicyDocument } from "../../src/core/policy/policy.ts";
import type { SignerState } from "../gates/state.ts";
import { withArchives } from "../journal/archive-file.ts";
import { readJournal } from "../journal/journal-file.ts";
import type { JournalLine } from "../journal/journal.ts";
import type { ReadJournal } from "../journal/parse.ts";
import { pinnedPolicyOf } from "../journal/memory.ts";
import { loadSigner, readPrivate, seedFiles, type Home } from "./home.ts";
import { parseSeedFile, type SeedFile } from "./seed-file.ts";
import type { SignerFile } from "./signer-file.ts";

export const POLICY_NOT_PINNED = declareError(
  "POLICY_NOT_PINNED",
  "conflict",
  "This signer has pinned no policy, so it believes nobody.",
);
export const PINNED_POLICY_LOST = declareError(
  "PINNED_POLICY_LOST",
  "verification",
  "The policy that the journal says was pinned is not in the home.",
);

export type Loaded = {
  readonly home: Home;
  readonly signer: SignerFile;
  readonly read: ReadJournal;
  readonly policy: PolicyDocument | undefined;
};

/** @throws SIGNER_MISSING, JOURNAL_BROKEN, PINNED_POLICY_LOST */
export function load(home: Home): Loaded {
  const signer = loadSigner(home);
  const read = readJournal(home.journalFile, signer.key);
  // The start head is what a policy knows of this epoch: a journal that begins otherwise is another signer's.
  const first = read.journal.lines[0] as JournalLine;
  if (headOf(first.entry) !== signer.startHead) {
    throw JOURNAL_BROKEN("the journal does not begin with this signer's start head", {
      field: "journal[0]",
      hint: "restore the home folder from its backup",
    });
  }
  const pinned = pinnedPolicyOf(read.journal);
  const policy = pinned === undefined ? undefined : findPolicy(home, pinned);
  return { home, signer, read: { ...read, journal: withArchives(read.journal, home) }, policy };
}

/** What the gates are given. @throws POLICY_NOT_PINNED */
export function stateOf(
  { home, signer, read, policy }: Loaded,
  clock: Instant,
  officer?: PublicKey,
): SignerState {
  if (policy === undefined) {
    throw POLICY_NOT_PINNED("no policy is pinned on this signer", {
      field: "policy",
      hint: "custody-signer policy pin --in policy.json",
    });
  }
  const { name, key, epoch, startHead } = signer;
  return {
    network: home.network,
    custody: custodyId(policy),
    policy,
    self: { name, key, epoch, startHead },
    journal: read.journal,
    clock,
    ...(officer === undefined ? {} : { officer }),
  };
}

/** All seeds of this network. */
export function loadSeeds(home: Home): readonly SeedFile[] {
  return seedFiles(home).map((path) => parseSeedFile(readPrivate(path), home.network));
}

/** Every policy that this signer has pinned, oldest first. @throws PINNED_POLICY_LOST */
export function pinnedPolicies({ home, read }: Loaded): readonly PolicyDocument[] {
  return read.journal.lines
    .filter(({ entry }) => entry.event === "pin")
    .map(({ entry }) => findPolicy(home, entry.subject));
}

/**
 * A policy of the home by its digest. The journal's signed entry decides which file is the pinned policy; a file that
 * was changed is no longer found.
 * @throws PINNED_POLICY_LOST
 */
export function findPolicy(home: Home, digest: Digest): PolicyDocument {
  const names = existsSync(home.folder) ? readdirSync(home.folder) : [];
  for (const name of names.filter((entry) => entry.startsWith(`policy-${home.network}-`))) {
    const policy = parseDocument(POLICY, readPrivate(join(home.folder, name)));
    if (policy.digest === digest) return policy;
  }
  throw PINNED_POLICY_LOST(`no policy file in ${home.folder} has the digest that was pinned`, {
    field: "policy",
    hint: "put policy files back from the home's backup",
    details: { digest },
  });
}
