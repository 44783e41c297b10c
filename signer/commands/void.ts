import { counted } from "../../src/core/count.ts";
import { formatAmount } from "../../src/core/amount.ts";
import { parseCanonical } from "../../src/core/canonical.ts";
import { documentBytes, fromEmbedded, kindOf, parseDocument } from "../../src/core/document.ts";
import { BUNDLE } from "../../src/core/documents/bundle.ts";
import { INTENT, type IntentDocument } from "../../src/core/documents/intent.ts";
import { REQUEST, requestParts } from "../../src/core/documents/request.ts";
import { declareError } from "../../src/core/errors.ts";
import { headOf } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { checkWords } from "../../src/core/words.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import { optionalFlag, requiredFlag, type Call, type Outcome, type Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { assertCarriable, carryDocument } from "../../src/terminal/carry.ts";
import { retype } from "../../src/terminal/prompt.ts";
import { drawFacts, grouped } from "../../src/terminal/table.ts";
import type { SignerState } from "../gates/state.ts";
import { voidFamily, type VoidWritten } from "../gates/void.ts";
import { appendJournal, tornWarnings } from "../journal/journal-file.ts";
import { takeLock, type Lock } from "../journal/lock.ts";
import { homeOfCall } from "../keystore/home.ts";
import { load, stateOf, type Loaded } from "../keystore/load.ts";
import { assertOutFree, writeAnswer } from "./answer-out.ts";
import { assertConfirmFlag } from "./confirm-flag.ts";
import { assertLogbook } from "./logbook.ts";
import { openSigner } from "./open-identity.ts";

export const INTENT_NOT_IN_HAND = declareError(
  "INTENT_NOT_IN_HAND",
  "invalid",
  "A file holds no intent, or several of which none was named.",
);

/** Closes an intent's family on this signer for ever: it names what was signed of it and signs no more (law 3). */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  assertOutFree(call);
  assertCarriable(call);
  const lock = takeLock(call.io, home.lockFile);
  try {
    const loaded = load(home);
    const intent = await readIntent(call);
    const state = stateOf(loaded, call.io.now());
    await assertLogbook(call, loaded.read.journal);
    await confirmVoid(call, intent);
    const written = await voidSigned(call, loaded, intent, state);
    if (!call.dryRun) await release(call, loaded, written, lock);
    return outcome(call, loaded, written);
  } finally {
    lock.release();
  }
};

// Showing codes takes minutes: the key is out of memory by then.
async function voidSigned(
  call: Call,
  { signer }: Loaded,
  intent: IntentDocument,
  state: SignerState,
): Promise<VoidWritten> {
  const open = await openSigner(call, signer);
  try {
    return voidFamily(intent, open.seed, state);
  } finally {
    open.wipe();
  }
}

// Law 6: the entry is on disk before the void leaves, so that a signer that said never does not sign again after a crash.
async function release(
  call: Call,
  { home, read }: Loaded,
  { document, line }: VoidWritten,
  lock: Lock,
): Promise<void> {
  lock.assertHeld();
  if (line !== undefined) appendJournal(home.journalFile, read, line);
  writeAnswer(call, documentBytes(document));
  await carryDocument(call, document, `Void of intent ${document.body.family.intent}`);
}

async function readIntent({ io, flags }: Call): Promise<IntentDocument> {
  const bytes = await readCarried(io, requiredFlag(flags, "in"), LIMITS.documentBytesMax, "--in");
  const intents = intentsIn(bytes);
  const named = optionalFlag(flags, "intent");
  const [intent, ...others] = intents.filter(({ body }) => named === undefined || body.id === named);
  if (intent !== undefined && others.length === 0) return intent;
  throw INTENT_NOT_IN_HAND(
    intent === undefined
      ? `the file holds no intent${named === undefined ? "" : ` ${named}`}`
      : `the file holds ${others.length + 1} intents`,
    {
      field: "--intent",
      hint:
        intents.length === 0
          ? "give the intent's bundle or request: custody withdraw bundle ID --out bundle.json"
          : `add --intent ${(intent ?? intents[0])?.body.id}`,
    },
  );
}

function intentsIn(bytes: Uint8Array): readonly IntentDocument[] {
  switch (kindOf(parseCanonical(bytes, LIMITS.documentBytesMax))) {
    case INTENT.kind:
      return [parseDocument(INTENT, bytes)];
    case BUNDLE.kind:
      return [fromEmbedded(INTENT, parseDocument(BUNDLE, bytes).body.intent)];
    case REQUEST.kind:
      return requestParts(parseDocument(REQUEST, bytes)).intents;
    default:
      return [];
  }
}

// What cannot be taken back is confirmed by the words of exactly this intent.
async function confirmVoid({ io, flags }: Call, intent: IntentDocument): Promise<void> {
  const { body, digest } = intent;
  const given = optionalFlag(flags, "confirm");
  if (given !== undefined) return assertConfirmFlag(given, digest, body.network, "the intent's digest");
  io.stderr.write(
    drawFacts([
      ["void", `this signer will never sign ${body.type} ${body.id} again, in any generation`],
      ["amount", formatAmount(body)],
      ["requester", body.requester],
      ["digest", grouped(digest)],
      ["check words", checkWords(digest)],
    ]),
  );
  await retype(io, "The six check words, if this shall never be paid:", checkWords(digest), "--confirm");
}

function outcome(call: Call, { read }: Loaded, { document, line }: VoidWritten): Outcome {
  const out = requiredFlag(call.flags, "out");
  const { family, attempts } = document.body;
  const head = line === undefined ? read.journal.head : headOf(line.entry);
  const transactions = attempts.flatMap((attempt) => attempt.transactions);
  return {
    data: {
      digest: document.digest,
      intent: family.intent,
      attempts: attempts.length,
      transactions,
      head,
      file: out,
    },
    text:
      out === "-"
        ? ""
        : drawFacts([
            ["void", `intent ${family.intent}, written to ${out}`],
            [
              "signed before",
              transactions.length === 0 ? "nothing" : counted(transactions.length, "transaction"),
            ],
            ...transactions.map((transaction) => ["transaction", grouped(transaction)] as const),
            ["for the logbook", grouped(head)],
          ]),
    warnings: [
      ...tornWarnings(read),
      ...(line === undefined ? ["this family was voided before: the same void was written again"] : []),
    ],
    next: `custody withdraw import ${shellWord(out === "-" ? "void.json" : out)}`,
  };
}
