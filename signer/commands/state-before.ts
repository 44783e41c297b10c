import { parseDocument } from "../../src/core/document.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import { declareError } from "../../src/core/errors.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import { headOf } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { custodyId, POLICY, type PolicyDocument } from "../../src/core/policy/policy.ts";
import { optionalFlag, type Call } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import type { Container } from "../gates/g1-container.ts";
import type { SignerState } from "../gates/state.ts";
import { readExport, takenOver, type Epoch } from "../journal/archive.ts";
import { allLines, type Journal, type JournalLine } from "../journal/journal.ts";
import { pinnedPolicyOf } from "../journal/memory.ts";
import { parseLines } from "../journal/parse.ts";
import { findPolicy, PINNED_POLICY_LOST, type Loaded } from "../keystore/load.ts";

export const RECEIPT_NOT_JOURNALLED = declareError(
  "RECEIPT_NOT_JOURNALLED",
  "notFound",
  "The journal does not hold a receipt, or the receipt does not answer the request.",
);

/**
 * The state in which a signer judged a request, from its journal up to the entry of the receipt.
 * @param at the signer's clock then; by default the latest time that anyone signed in the request
 * @throws RECEIPT_NOT_JOURNALLED, PINNED_POLICY_LOST, JOURNAL_BROKEN
 */
export async function stateBefore(
  call: Call,
  loaded: Loaded,
  container: Container,
  receipt: ReceiptDocument,
  at: Instant | undefined,
): Promise<SignerState> {
  const { journal, first } = cutBefore(await readEpochs(call, loaded), receipt);
  const { request } = container;
  if (receipt.body.request !== request.digest) {
    throw RECEIPT_NOT_JOURNALLED("the receipt answers another request", {
      field: "--in",
      hint: `give the request with digest ${receipt.body.request}`,
    });
  }
  const policy = await policyThen(call, loaded, journal);
  const { signer: name, epoch, outcome } = receipt.body;
  const officer = outcome.type === "signed" ? outcome.review.signatures?.[0]?.by : undefined;
  return {
    network: loaded.home.network,
    custody: custodyId(policy),
    policy,
    self: { name, key: first.signature.by, epoch, startHead: headOf(first.entry) },
    journal,
    clock: at ?? latestSigned(container),
    ...(officer === undefined ? {} : { officer }),
  };
}

async function readEpochs(call: Call, { read }: Loaded): Promise<readonly Epoch[]> {
  const path = optionalFlag(call.flags, "journal");
  if (path === undefined) return readExport(allLines(read.journal));
  return readExport(parseLines(await readCarried(call.io, path, LIMITS.journalBytesMax, "--journal")));
}

function cutBefore(
  epochs: readonly Epoch[],
  { digest }: ReceiptDocument,
): { readonly journal: Journal; readonly first: JournalLine } {
  for (const [place, { lines }] of epochs.entries()) {
    const cut = lines.findIndex(({ entry }) => entry.event === "receipt" && entry.subject === digest);
    const before = lines.slice(0, Math.max(cut, 0));
    const [first, last] = [before[0], before[before.length - 1]];
    if (first === undefined || last === undefined) continue;
    const archive = takenOver(
      before,
      epochs.slice(0, place).map((former) => former.lines),
    );
    const journal = { lines: before, head: headOf(last.entry), time: last.entry.at, archive };
    return { journal, first };
  }
  throw RECEIPT_NOT_JOURNALLED(`the journal holds no receipt with digest ${digest}`, {
    field: "--receipt",
    hint: "give the journal of the signer that wrote it: custody-signer journal export --out journal.jsonl",
  });
}

async function policyThen({ io, flags }: Call, { home }: Loaded, journal: Journal): Promise<PolicyDocument> {
  const digest = pinnedPolicyOf(journal);
  const path = optionalFlag(flags, "policy");
  const given =
    path === undefined
      ? undefined
      : parseDocument(POLICY, await readCarried(io, path, LIMITS.smallDocumentBytesMax, "--policy"));
  if (given !== undefined && given.digest === digest) return given;
  if (given === undefined && digest !== undefined) return findPolicy(home, digest);
  throw PINNED_POLICY_LOST("the policy given is not the one that was pinned then", {
    field: "--policy",
    hint: "give the policy whose digest the journal names: custody-signer journal show",
    details: { digest: digest ?? "none" },
  });
}

// The clock of then is written down nowhere (law 12). It was not before any signature that counted, and what a gate
// refuses by time it refuses without a trace in the receipt, so any clock that lets the request pass gives the same bytes.
function latestSigned({ request, parts }: Container): Instant {
  const { delegation, approvals, beneficiaries, clearances, dead } = parts;
  const documents = [request, delegation, ...approvals, ...beneficiaries, ...clearances, ...dead];
  return documents
    .flatMap(({ signatures }) => signatures.map(({ at }) => at))
    .reduce(later, delegation.body.notBefore);
}
