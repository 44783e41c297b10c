import { describe, expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import { RECEIPT, type Receipt } from "../../../../src/core/documents/receipt.ts";
import { concatBytes } from "../../../../src/core/hex.ts";
import { headOf } from "../../../../src/core/journal-entry.ts";
import { importLines, judgeWords, knownWords, rejectionsIn } from "../../../../signer/journal/import.ts";
import {
  lineBytes,
  makeLine,
  withLine,
  type Journal,
  type JournalLine,
} from "../../../../signer/journal/journal.ts";
import { parseJournal } from "../../../../signer/journal/parse.ts";
import { voidFamily } from "../../../../signer/gates/void.ts";
import { goodRequest, makeCustody, payout, stateFor } from "../../../factory/custody.ts";
import { signedDocument } from "../../../factory/documents.ts";
import { signed } from "../../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, MALLORY, SIGNER } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { halt, rejection, resume } from "../../../factory/words.ts";

const custody = makeCustody();
const state = stateFor(custody);
const { intent } = payout(custody);
const closed = voidFamily(intent, SIGNER.seed, state);
const stop = halt(custody.id);

function read(journal: Journal): Journal {
  return parseJournal(concatBytes(...journal.lines.map(lineBytes)), SIGNER.key).journal;
}

/** Code of the error with which a journal that ends in `line` is read. */
function codeWith(line: JournalLine): string {
  return codeOf(() => read(withLine(custody.journal, line)));
}

describe("documents in a journal", () => {
  test("voids, rejections, halts and resumes are read back as they were written", () => {
    const words = [rejection(intent), stop, resume(stop)];
    const grown = [closed.line as JournalLine].reduce(withLine, custody.journal);
    const whole = importLines(grown, words, SIGNER.seed).reduce(withLine, grown);
    expect(read(whole)).toEqual(whole);
    expect([...knownWords(whole).keys()]).toEqual(words.map(({ digest }) => digest));
    expect(whole.time).toBe(custody.journal.time);
  });

  test("a line carries what its event says, and nothing else", () => {
    const line = (event: JournalLine["entry"]["event"], carried: Parameters<typeof makeLine>[5]) =>
      makeLine(
        custody.journal,
        event,
        carried?.digest ?? fixtureDigest("other"),
        at("09:00:00"),
        SIGNER.seed,
        carried,
      );
    const { document } = closed;
    expect(codeWith(line("void", { ...document, signatures: document.signatures }))).toBe("JOURNAL_BROKEN");
    const refused = [
      line("void", undefined),
      line("void", stop),
      line("import", document),
      line("import", payout(custody).approvals[0]),
      line("pin", stop),
      line("receipt", stop),
      line("receipt", undefined),
    ];
    expect(refused.map(codeWith)).toEqual(refused.map(() => "JOURNAL_BROKEN"));
    expect(codeWith(line("import", stop))).toBe("none");
    // An import without a document names a former epoch's head, which the home must have.
    expect(codeWith(line("import", undefined))).toBe("none");
  });

  test("a void is this signer's own, at the entry's time; a word keeps true signatures alone", () => {
    const own = closed.line as JournalLine;
    expect(codeWith(own)).toBe("none");
    const { document } = closed;
    const forged = [
      signedDocument(document, [MALLORY], custody.journal.time),
      signedDocument(document, [SIGNER], at("09:00:00")),
      signedDocument(document, [SIGNER, MALLORY], custody.journal.time),
      { ...document, signatures: [] },
    ];
    expect(forged.map((one) => codeWith({ ...own, document: one }))).toEqual(
      forged.map(() => "JOURNAL_BROKEN"),
    );
    const [imported] = importLines(custody.journal, [stop], SIGNER.seed) as [JournalLine];
    const [signature] = stop.signatures as [(typeof stop.signatures)[0]];
    const untrue = { ...stop, signatures: [{ ...signature, by: BEN.key }] };
    expect(codeWith({ ...imported, document: untrue })).toBe("JOURNAL_BROKEN");
    expect(codeWith({ ...imported, document: { ...stop, signatures: [] } })).toBe("JOURNAL_BROKEN");
    expect(codeWith({ ...imported, document: halt(custody.id, { policy: 2 }) })).toBe("JOURNAL_BROKEN");
    expect(headOf(imported.entry)).toHaveLength(64);
  });
});

describe("receipts in a journal", () => {
  const { receipt } = signed(goodRequest(custody), state);
  const lineOf = (place: Receipt["place"]) => {
    const moved = makeDocument(RECEIPT, { ...receipt.body, place });
    const own = signedDocument(moved, [SIGNER], at("09:00:00"));
    return makeLine(custody.journal, "receipt", own.digest, at("09:00:00"), SIGNER.seed, own);
  };

  test("stand at the place that they tell people", () => {
    const { place } = receipt.body;
    expect(codeWith(lineOf(place))).toBe("none");
    expect(codeWith(lineOf({ ...place, number: 7 }))).toBe("JOURNAL_BROKEN");
    expect(codeWith(lineOf({ ...place, previous: fixtureDigest("elsewhere") }))).toBe("JOURNAL_BROKEN");
  });
});

describe("people's words", () => {
  const judging = {
    network: "regtest",
    custody: custody.id,
    policy: custody.policy,
    clock: at("09:30:00"),
  } as const;

  test("each is news once, with the signatures that count", () => {
    const doubled = signedDocument(stop, [MALLORY, ANNA], at("09:10:00"));
    const news = judgeWords([doubled, stop, resume(stop)], new Map(), judging);
    expect(news.map(({ digest }) => digest)).toEqual([stop.digest, resume(stop).digest]);
    expect(news[0]?.signatures.map(({ by }) => by)).toEqual([ANNA.key]);
    expect(judgeWords([stop], new Map(news.map((word) => [word.digest, word])), judging)).toEqual([]);
  });

  test("a request's rejections are taken whatever their time; nothing else of it is", () => {
    const late = signedDocument(rejection(intent), [BEN], at("23:00:00"));
    const stranger = rejection(payout(custody, { label: "other" }).intent, [MALLORY]);
    const parts = { intents: [intent], approvals: [...payout(custody).approvals, late, late, stranger] };
    expect(rejectionsIn(parts, new Map(), judging).map(({ digest }) => digest)).toEqual([late.digest]);
    expect(rejectionsIn(parts, new Map([[late.digest, late]]), judging)).toEqual([]);
  });
});
