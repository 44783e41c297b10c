import type { Digest } from "../../../src/core/digest.ts";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { APPROVAL, type ApprovalDocument } from "../../../src/core/documents/approval.ts";
import { headOf } from "../../../src/core/journal-entry.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { custodyId, type PolicyDocument } from "../../../src/core/policy/policy.ts";
import { fullWords } from "../../../src/core/words.ts";
import { repeatedFlag, type Call, type Outcome, type Run } from "../../../src/terminal/command.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import { writeFileDurably } from "../../../src/terminal/files.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { appendJournal, tornWarnings } from "../../journal/journal-file.ts";
import { makeLine, withLine } from "../../journal/journal.ts";
import { takeLock, type Lock } from "../../journal/lock.ts";
import { homeOfCall, policyFile } from "../../keystore/home.ts";
import { load, type Loaded } from "../../keystore/load.ts";
import { assertLogbook } from "../logbook.ts";
import { openSigner } from "../open-identity.ts";
import { assertBinding, namingWarnings } from "./binding.ts";
import { assertHoldsKeys } from "./held-keys.ts";
import { confirmPolicies } from "./confirm.ts";
import { readPolicy } from "./draft.ts";

/**
 * Believes one or more policies from now on, in order: number 1 once everyone named has signed it and the officer has
 * compared it, each later one because the one before it vouches for it.
 */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const lock = takeLock(call.io, home.lockFile);
  try {
    const loaded = load(home);
    const policies: PolicyDocument[] = [];
    for (const path of repeatedFlag(call.flags, "in"))
      policies.push(await readPolicy(call, path, loaded.signer));
    assertBinding(policies, loaded.policy, await readReleases(call), call.io.now());
    const warnings = namingWarnings(policies, loaded);
    // The first policy comes right after `init`, before there is anything to forget.
    if (loaded.policy !== undefined) await assertLogbook(call, loaded.read.journal);
    await confirmPolicies(call, policies, loaded);
    const head = await pin(call, policies, loaded, lock);
    return outcome(call, policies, loaded, head, warnings);
  } finally {
    lock.release();
  }
};

async function readReleases({ io, flags }: Call): Promise<readonly ApprovalDocument[]> {
  const releases: ApprovalDocument[] = [];
  for (const path of repeatedFlag(flags, "release"))
    releases.push(
      parseDocument(APPROVAL, await readCarried(io, path, LIMITS.smallDocumentBytesMax, "--release")),
    );
  return releases;
}

async function pin(
  call: Call,
  policies: readonly PolicyDocument[],
  loaded: Loaded,
  lock: Lock,
): Promise<Digest> {
  const { home, read } = loaded;
  const open = await openSigner(call, loaded.signer);
  try {
    await assertHoldsKeys(call, policies[policies.length - 1] as PolicyDocument, loaded, open);
    let { journal } = read;
    const lines = policies.map((policy) => {
      const line = makeLine(journal, "pin", policy.digest, policy.body.issued, open.seed);
      journal = withLine(journal, line);
      return line;
    });
    lock.assertHeld();
    if (!call.dryRun) {
      // Files first: an entry without its policy would leave a signer that knows what it pinned and cannot read it.
      for (const policy of policies)
        writeFileDurably(
          policyFile(home, policy.body.number),
          documentBytes(policy),
          true,
          call.io.random(8),
        );
      appendJournal(home.journalFile, read, ...lines);
    }
    return headOf((lines[lines.length - 1] as (typeof lines)[number]).entry);
  } finally {
    open.wipe();
  }
}

function outcome(
  { dryRun }: Call,
  policies: readonly PolicyDocument[],
  { read, signer }: Loaded,
  head: Digest,
  warnings: readonly string[],
): Outcome {
  const last = policies[policies.length - 1] as PolicyDocument;
  const { number, network } = last.body;
  const custody = custodyId(last);
  return {
    data: { number, custody, words: fullWords(custody), policy: last.digest, head, pinned: !dryRun },
    text: drawFacts([
      ["policy", `number ${number}, ${network}, ${dryRun ? "would be pinned" : "pinned"}`],
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ["journal head", grouped(head)],
    ]),
    warnings: [
      ...tornWarnings(read),
      ...warnings,
      "write the journal head into the logbook that is kept apart from this machine",
    ],
    next:
      signer.epoch > 1 && read.journal.archive.length === 0
        ? "custody-signer journal rebuild --from journal.jsonl receipt.json   (all that is left of the former epoch)"
        : "custody-signer review --in request.json   (once the online host has exported a request)",
  };
}
