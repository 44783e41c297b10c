import { rungName } from "../../src/chains/attempts.ts";
import { counted } from "../../src/core/count.ts";
import type { Digest } from "../../src/core/digest.ts";
import { documentBytes } from "../../src/core/document.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import { Refusal } from "../../src/core/gate.ts";
import type { Identity } from "../../src/core/identity-file.ts";
import { headOf } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import { requiredFlag, type Call, type Outcome, type Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { assertCarriable, carry } from "../../src/terminal/carry.ts";
import { drawRemark } from "../../src/terminal/advice.ts";
import { drawReview } from "../../src/terminal/review/text.ts";
import { drawFacts, grouped } from "../../src/terminal/table.ts";
import { readContainer, type Container } from "../gates/g1-container.ts";
import { assertOfficer, confirm } from "../gates/g11-confirm.ts";
import { refuse, signConfirmed, type Written } from "../gates/g12-sign.ts";
import { admit, judge, type Admitted } from "../gates/pass.ts";
import type { SignerState } from "../gates/state.ts";
import { importLines, knownWords, rejectionsIn } from "../journal/import.ts";
import { appendJournal, assertRoom, tornWarnings } from "../journal/journal-file.ts";
import { withLines, type JournalLine } from "../journal/journal.ts";
import { takeLock, type Lock } from "../journal/lock.ts";
import { signedReceiptOf } from "../journal/memory.ts";
import { homeOfCall } from "../keystore/home.ts";
import { load, stateOf, type Loaded } from "../keystore/load.ts";
import { askConfirmation } from "./confirmation.ts";
import { openOfficer, openSigner, type OpenSigner } from "./open-identity.ts";
import { openWallets } from "./open-seeds.ts";
import { assertOutFree, writeAnswer } from "./answer-out.ts";
import { rungsFlag } from "./rungs.ts";

/** The whole path: all gates, the officer, the signature, the journal, and only then the receipt. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  assertOutFree(call);
  assertCarriable(call);
  rungsFlag(call.flags);
  const path = requiredFlag(call.flags, "in");
  const lock = takeLock(call.io, home.lockFile);
  try {
    const loaded = load(home);
    const bytes = await readCarried(call.io, path, LIMITS.documentBytesMax, "--in");
    const container = readContainer(bytes, home.network);
    const earlier = signedReceiptOf(loaded.read.journal, container.request.digest);
    return earlier === undefined
      ? await signAnew(call, loaded, container, lock)
      : await giveAgain(call, loaded, earlier);
  } finally {
    lock.release();
  }
};

// Law 6: the same request, once signed, gets the same receipt, whatever the clock or the policy say by now.
async function giveAgain(call: Call, { read }: Loaded, receipt: ReceiptDocument): Promise<Outcome> {
  if (!call.dryRun) await send(call, receipt);
  return {
    // No head: nothing was compared with the book, and one of a machine that was put back would take its last line's place.
    ...signedOutcome(call, receipt),
    warnings: [...tornWarnings(read), "this request was signed before: the same receipt was written again"],
  };
}

async function signAnew(call: Call, loaded: Loaded, container: Container, lock: Lock): Promise<Outcome> {
  const clock = call.io.now();
  const admitted = admit(container, stateOf(loaded, clock));
  if (call.dryRun) return dryRun(call, admitted, stateOf(loaded, clock));
  // Before the officer reads anything: a full journal holds no answer, neither a yes nor a no.
  assertRoom(loaded.read);
  const officer = await openOfficer(call, loaded.home);
  try {
    return await answer(call, loaded, admitted, {
      officer,
      state: stateOf(loaded, clock, officer.key),
      lock,
    });
  } finally {
    officer.seed.fill(0);
  }
}

type Signing = { readonly officer: Identity; readonly state: SignerState; readonly lock: Lock };

// From here on a gate's no is an answer: it is journalled, and exported as a signed receipt with gate and rule.
async function answer(call: Call, loaded: Loaded, admitted: Admitted, signing: Signing): Promise<Outcome> {
  const open: { signer?: OpenSigner } = {};
  try {
    const { receipt, line } = await signReviewed(call, loaded, admitted, signing, open);
    await release(call, loaded, { receipt, lines: [line] }, signing.lock);
    return { ...signedOutcome(call, receipt, headOf(line.entry)), warnings: tornWarnings(loaded.read) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    call.io.stderr.write(
      `refused at ${error.gate}, rule ${error.rule}; journalling it and writing a receipt\n`,
    );
    open.signer ??= await openSigner(call, loaded.signer);
    const written = refused(admitted, error, open.signer.seed, signing.state);
    await release(call, loaded, written, signing.lock);
    // No head for the book: what comes before G11 was not compared with it, and a machine that was put back would give one
    // that its book then agrees with (law 7).
    const out = requiredFlag(call.flags, "out");
    const { stderr } = call.io;
    if (out !== "-")
      stderr.write(drawRemark("receipt:", `${shellWord(out)}, for custody withdraw import`, stderr));
    throw error;
  } finally {
    open.signer?.wipe();
  }
}

async function signReviewed(
  call: Call,
  loaded: Loaded,
  admitted: Admitted,
  { officer, state }: Signing,
  open: { signer?: OpenSigner },
): Promise<Written> {
  const approved = judge(admitted, state);
  assertOfficer(state);
  confirm(approved, await askConfirmation(call, approved.review), state);
  const signer = await openSigner(call, loaded.signer);
  open.signer = signer;
  const wallets = await openWallets(call, loaded.home, signer);
  try {
    const keys = { wallets, signer: signer.seed, officer: officer.seed };
    return signConfirmed(approved, keys, state, rungsFlag(call.flags));
  } finally {
    wallets.wipe();
  }
}

type Release = { readonly receipt: ReceiptDocument; readonly lines: readonly JournalLine[] };

// A person's no that stands in the request is journalled with the refusal: next time the host may leave it out (law 13).
function refused({ container }: Admitted, error: Refusal, seed: Uint8Array, state: SignerState): Release {
  const rejections = rejectionsIn(container.parts, knownWords(state.journal), state);
  const noes = importLines(state.journal, rejections, seed);
  const journal = withLines(state.journal, noes);
  const { receipt, line } = refuse(container.request, error, seed, { ...state, journal });
  return { receipt, lines: [...noes, line] };
}

// Law 6: the entry with the receipt's bytes is on disk before the receipt leaves.
async function release(
  call: Call,
  { home, read }: Loaded,
  { receipt, lines }: Release,
  lock: Lock,
): Promise<void> {
  lock.assertHeld();
  appendJournal(home.journalFile, read, ...lines);
  await send(call, receipt);
}

async function send(call: Call, receipt: ReceiptDocument): Promise<void> {
  const bytes = documentBytes(receipt);
  writeAnswer(call, bytes);
  const title = `Receipt of signer ${receipt.body.signer}`;
  await carry(call, bytes, { type: "custody-receipt", title, digest: receipt.digest });
}

function dryRun(call: Call, admitted: Admitted, state: SignerState): Outcome {
  const { review } = judge(admitted, state);
  return {
    data: { signed: false, digest: review.digest, review: review.body },
    text: drawReview(review, call.io.paint.out),
    leftUndone: "nothing was signed, and conflicts of roles with the officer were not judged",
  };
}

/** @param head for the logbook, where the book has been asked before this entry */
function signedOutcome(call: Call, receipt: ReceiptDocument, head?: Digest): Outcome {
  const out = requiredFlag(call.flags, "out");
  const { outcome } = receipt.body;
  const transactions = outcome.type === "signed" ? outcome.plans.flatMap(({ rungs }) => rungs) : [];
  return {
    data: {
      signed: true,
      request: receipt.body.request,
      receipt: receipt.digest,
      transactions: transactions.map(({ transaction }) => transaction),
      ...(head === undefined ? {} : { head }),
      file: out,
    },
    text:
      out === "-"
        ? ""
        : drawFacts([
            ["signed", `${counted(transactions.length, "transaction")}, receipt written to ${out}`],
            ...transactions.map(({ rung, transaction }) => [rungName(rung), grouped(transaction)] as const),
            ...(head === undefined ? [] : [["for the logbook", grouped(head)] as const]),
          ]),
    next: `custody withdraw import ${shellWord(out === "-" ? "receipt.json" : out)}`,
  };
}
