import { describe, expect, test } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { RECEIPT } from "../../../../src/core/documents/receipt.ts";
import { headOf, JOURNAL_START } from "../../../../src/core/journal-entry.ts";
import {
  assemble,
  keyOf,
  readExport,
  splitEpochs,
  takenOver,
  verifyEpoch,
  type ArchivePieces,
} from "../../../../signer/journal/archive.ts";
import { makeLine, withLine, type JournalLine } from "../../../../signer/journal/journal.ts";
import {
  goodRequest,
  makeCustody,
  payout,
  planFor,
  requestFor,
  stateFor,
  type Payout,
} from "../../../factory/custody.ts";
import { after, signed } from "../../../factory/gates.ts";
import { at, fixtureDigest, MALLORY, SIGNER, signedBy, type Cast } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { importLines } from "../../../../signer/journal/import.ts";
import { halt } from "../../../factory/words.ts";

const custody = makeCustody();
const state = stateFor(custody);
const first = signed(goodRequest(custody), state);
const { journal } = after(state, first);
const stopped = importLines(journal, [halt(custody.id)], SIGNER.seed).reduce(withLine, journal);
const lines = stopped.lines;
const receipt = first.receipt;
const nothing: ArchivePieces = { lines: [], receipts: [], documents: [] };

/** A journal of another epoch that has taken over `head`. */
function nextEpoch(who: Cast, head: Digest): readonly JournalLine[] {
  const empty = { lines: [], head: JOURNAL_START, time: at("09:00:00"), archive: [] };
  const init = makeLine(empty, "init", fixtureDigest("card"), at("09:00:00"), who.seed);
  const born = withLine(empty, init);
  return withLine(born, makeLine(born, "import", head, at("09:00:00"), who.seed)).lines;
}

describe("putting a former epoch's journal together", () => {
  test("from lines in any order and number, and from receipts alone", () => {
    const shuffled = [...lines, ...lines].reverse();
    expect(assemble({ ...nothing, lines: shuffled }, SIGNER.key)).toEqual(lines);
    const alone = assemble({ ...nothing, receipts: [receipt] }, SIGNER.key);
    expect(alone.map(({ entry }) => entry)).toEqual(journal.lines.map(({ entry }) => entry));
    expect(alone.at(-1)?.receipt?.digest).toBe(receipt.digest);
  });

  test("the last receipt vouches for its own entry; a signed entry takes its place when it comes", () => {
    const alone = assemble({ ...nothing, receipts: [receipt] }, SIGNER.key);
    expect(codeOf(() => verifyEpoch(alone, SIGNER.key))).toBe("none");
    const vouched = alone.at(-1) as JournalLine;
    for (const wrong of [{ number: 7 }, { previous: fixtureDigest("elsewhere") }, { at: at("08:59:59") }]) {
      const changed = { ...vouched, entry: { ...vouched.entry, ...wrong } };
      expect(codeOf(() => verifyEpoch([...alone.slice(0, -1), changed], SIGNER.key))).toBe("JOURNAL_BROKEN");
    }
    const merged = assemble({ ...nothing, lines: [...alone, ...lines] }, SIGNER.key);
    expect(merged).toEqual(lines);
  });

  test("a gap, a missing document, a receipt without its place are named", () => {
    const code = (pieces: Partial<ArchivePieces>) =>
      codeOf(() => assemble({ ...nothing, ...pieces }, SIGNER.key));
    expect(code({ lines: [lines[0] as JournalLine, lines[3] as JournalLine] })).toBe("ARCHIVE_INCOMPLETE");
    expect(code({})).toBe("ARCHIVE_INCOMPLETE");
    const bare = lines.map(({ entry, signature }) => ({ entry, signature }));
    expect(code({ lines: bare })).toBe("ARCHIVE_INCOMPLETE");
    expect(code({ lines: bare, receipts: [receipt] })).toBe("none");
    const alone = { ...receipt, body: { ...receipt.body, journal: [] } };
    const own = makeDocument(RECEIPT, alone.body);
    const signature = signedBy(own.digest, SIGNER, at("09:00:00"));
    const placed = { ...own, signatures: [signature] };
    expect(code({ receipts: [placed] })).toBe("ARCHIVE_INCOMPLETE");
    expect(code({ lines: lines.slice(0, 2), receipts: [placed] })).toBe("none");
  });

  test("receipts that carry no entries stand where they say", () => {
    const heads = [{ signer: SIGNER.name, epoch: 1, head: journal.head }];
    const [paid, later] = [payout(custody, { label: "next" }), payout(custody, { label: "later" })];
    const asked = (label: string, one: Payout, head: Digest) =>
      requestFor(custody, [one], [planFor(custody, [one])], {
        label,
        body: { heads: heads.map((entry) => ({ ...entry, head })) },
      });
    const second = asked("second", paid, journal.head);
    const answer = signed(second, { ...state, journal });
    const grown = withLine(journal, answer.line);
    const third = asked("third", later, grown.head);
    const last = signed(third, { ...state, journal: grown });
    expect(answer.receipt.body.journal).toEqual([]);
    const receipts = [last.receipt, receipt, answer.receipt];
    const whole = assemble({ ...nothing, receipts }, SIGNER.key);
    expect(whole.map(({ entry }) => entry)).toEqual(
      withLine(grown, last.line).lines.map(({ entry }) => entry),
    );
    expect(codeOf(() => verifyEpoch(whole, SIGNER.key))).toBe("none");
    const gap = [receipt, last.receipt];
    expect(codeOf(() => assemble({ ...nothing, receipts: gap }, SIGNER.key))).toBe("ARCHIVE_INCOMPLETE");
  });

  test("two histories of one signer are found out", () => {
    const other = makeLine(
      custody.journal,
      "pin",
      fixtureDigest("other policy"),
      at("09:00:00"),
      SIGNER.seed,
    );
    expect(codeOf(() => assemble({ ...nothing, lines: [...lines, other] }, SIGNER.key))).toBe(
      "ARCHIVE_FORKED",
    );
  });

  test("another's lines are no part of it", () => {
    expect(codeOf(() => assemble({ ...nothing, lines }, MALLORY.key))).toBe("JOURNAL_BROKEN");
  });
});

describe("an export of several epochs", () => {
  const head = headOf((lines.at(-1) as JournalLine).entry);
  const both = [...lines, ...nextEpoch(MALLORY, head)];

  test("is cut where journals begin, each verified by its own key", () => {
    expect(splitEpochs(both).map(keyOf)).toEqual([SIGNER.key, MALLORY.key]);
    expect(readExport(both).map((epoch) => epoch.lines.length)).toEqual([lines.length, 2]);
    expect(codeOf(() => splitEpochs(both.slice(1)))).toBe("JOURNAL_BROKEN");
  });

  test("a former epoch that is named must be there", () => {
    expect(codeOf(() => readExport(nextEpoch(MALLORY, head)))).toBe("ARCHIVE_INCOMPLETE");
    expect(codeOf(() => readExport([...lines.slice(0, -1), ...nextEpoch(MALLORY, head)]))).toBe(
      "ARCHIVE_INCOMPLETE",
    );
  });

  test("is taken over up to the head that is named", () => {
    const earlier = headOf((lines[1] as JournalLine).entry);
    expect(takenOver(nextEpoch(MALLORY, earlier), [lines])).toEqual(lines.slice(0, 2));
    expect(takenOver(nextEpoch(MALLORY, head), [lines])).toEqual(lines);
    expect(takenOver(lines, [lines])).toEqual([]);
  });
});
