import type { Digest } from "../../src/core/digest.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { scopeText } from "../../src/core/policy/halts.ts";
import type { Call, Outcome, Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { drawFacts, grouped } from "../../src/terminal/table.ts";
import { importLines, judgeWords, knownWords, parseWord, type Word } from "../journal/import.ts";
import { appendJournal, tornWarnings } from "../journal/journal-file.ts";
import { takeLock, type Lock } from "../journal/lock.ts";
import { homeOfCall } from "../keystore/home.ts";
import { load, stateOf, type Loaded } from "../keystore/load.ts";
import { assertLogbook } from "./logbook.ts";
import { openSigner } from "./open-identity.ts";

/** Takes in what people have said to this machine: rejections, halts and their ends. All of them, or none. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const lock = takeLock(call.io, home.lockFile);
  try {
    const loaded = load(home);
    const state = stateOf(loaded, call.io.now());
    const words: Word[] = [];
    for (const path of call.args)
      words.push(parseWord(await readCarried(call.io, path, LIMITS.smallDocumentBytesMax)));
    const news = judgeWords(words, knownWords(loaded.read.journal), state);
    if (news.length > 0) await assertLogbook(call, loaded.read.journal);
    const head =
      news.length === 0 || call.dryRun ? loaded.read.journal.head : await write(call, loaded, news, lock);
    return outcome(call, loaded, words, news, head);
  } finally {
    lock.release();
  }
};

async function write(
  call: Call,
  { home, signer, read }: Loaded,
  news: readonly Word[],
  lock: Lock,
): Promise<Digest> {
  const open = await openSigner(call, signer);
  try {
    const lines = importLines(read.journal, news, open.seed);
    lock.assertHeld();
    return appendJournal(home.journalFile, read, ...lines).journal.head;
  } finally {
    open.wipe();
  }
}

function outcome(
  { dryRun }: Call,
  { read }: Loaded,
  words: readonly Word[],
  news: readonly Word[],
  head: Digest,
): Outcome {
  const fresh = new Set(news.map(({ digest }) => digest));
  const results = words.map((word) => ({
    kind: wordKind(word),
    digest: word.digest,
    imported: fresh.has(word.digest) && !dryRun,
  }));
  return {
    data: { results, head },
    text: drawFacts([
      ...words.map(
        (word) =>
          [wordKind(word), fresh.has(word.digest) ? says(word) : "known already; nothing changed"] as const,
      ),
      ["journal head", grouped(head)],
    ]),
    warnings: [
      ...tornWarnings(read),
      ...(news.length === 0 || dryRun
        ? []
        : ["write the journal head into the logbook that is kept apart from this machine"]),
    ],
  };
}

function wordKind({ body }: Word): string {
  return body.kind === "approval" ? "rejection" : body.kind;
}

function says({ body }: Word): string {
  switch (body.kind) {
    case "approval":
      return `intent ${grouped(body.intent)} is rejected, for ever`;
    case "halt":
      return body.scope.of === "everything"
        ? `nothing is signed until a quorum resumes (${body.code})`
        : `nothing of ${scopeText(body.scope)} is signed until a quorum resumes (${body.code})`;
    case "resume":
      return `halt ${grouped(body.halt)} is over`;
  }
}
