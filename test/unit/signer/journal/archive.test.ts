import { describe, expect, test } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import type { HaltDocument } from "../../../../src/core/documents/halt.ts";
import { RECEIPT } from "../../../../src/core/documents/receipt.ts";
import { headOf, JOURNAL_START } from "../../../../src/core/journal-entry.ts";
import type { Signature } from "../../../../src/core/signature.ts";
import {
  assemble,
  keyOf,
  readExport,
  splitEpochs,
  takenOver,
  verifyEpoch,
  type ArchivePieces,
} from "../../../../signer/journal/archive.ts";
import { endAfter, makeLine, withLine, type JournalLine } from "../../../../signer/journal/journal.ts";
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
import { at, BEN, fixtureDigest, MALLORY, SIGNER, signedBy, type Cast } from "../../../factory/identities.ts";
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
const put = (pieces: Partial<ArchivePieces>) => assemble({ ...nothing, ...pieces }, SIGNER.key).lines;

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
    expect(assemble({ ...nothing, lines: shuffled }, SIGNER.key)).toEqual({ lines, leftOut: new Set() });
    const alone = put({ receipts: [receipt] });
    expect(alone.map(({ entry }) => entry)).toEqual(journal.lines.map(({ entry }) => entry));
    expect(alone.at(-1)?.receipt?.digest).toBe(receipt.digest);
  });

  test("the last receipt vouches for its own entry; a signed entry takes its place when it comes", () => {
    const alone = put({ receipts: [receipt] });
    expect(codeOf(() => verifyEpoch(alone, SIGNER.key))).toBe("none");
    const vouched = alone.at(-1) as JournalLine;
    for (const wrong of [{ number: 7 }, { previous: fixtureDigest("elsewhere") }, { at: at("08:59:59") }]) {
      const changed = { ...vouched, entry: { ...vouched.entry, ...wrong } };
      expect(codeOf(() => verifyEpoch([...alone.slice(0, -1), changed], SIGNER.key))).toBe("JOURNAL_BROKEN");
    }
    for (const given of [
      [...alone, ...lines],
      [...lines, ...alone],
    ])
      expect(assemble({ ...nothing, lines: given }, SIGNER.key)).toEqual({ lines, leftOut: new Set() });
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
    const whole = put({ receipts });
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
    expect(codeOf(() => assemble({ ...nothing, lines }, MALLORY.key))).toBe("ARCHIVE_INCOMPLETE");
    const strange = nextEpoch(MALLORY, fixtureDigest("strange"));
    const { lines: own, leftOut } = assemble({ ...nothing, lines: [...strange, ...lines] }, SIGNER.key);
    expect(own).toEqual(lines);
    expect([...leftOut]).toEqual(strange);
  });
});

describe("files that anybody can write, beside those that are true", () => {
  const untrue = <One extends { readonly signatures: readonly Signature[] }>(one: One): One => ({
    ...one,
    signatures: one.signatures.map((signature) => ({ ...signature, sig: "00".repeat(64) })),
  });
  const untrueLine = (line: JournalLine): JournalLine => ({
    ...line,
    signature: { ...line.signature, sig: "00".repeat(64) },
  });

  test("accuse nobody of a fork: neither a receipt, nor a line, nor an entry within a receipt", () => {
    const forged = untrue({
      ...makeDocument(RECEIPT, { ...receipt.body, request: fixtureDigest("x"), journal: [] }),
      signatures: receipt.signatures,
    });
    const pin = makeLine(custody.journal, "pin", fixtureDigest("x"), at("09:00:00"), MALLORY.seed);
    const line = { ...pin, signature: { ...pin.signature, by: SIGNER.key } };
    const within = { ...receipt, body: { ...receipt.body, journal: [line] } };
    for (const receipts of [[forged], [forged, receipt], [receipt, forged], [untrue(within)]])
      expect(put({ lines, receipts })).toEqual(lines);
    expect(put({ lines: [line, ...lines, line] })).toEqual(lines);
    expect(put({ lines: [...lines, { ...line, receipt: forged }] })).toEqual(lines);
  });

  test("stand in no true copy's place", () => {
    const word = lines.at(-1)?.document as HaltDocument;
    const bare = lines.map(({ entry, signature }) => ({ entry, signature }));
    for (const receipts of [
      [receipt, untrue(receipt)],
      [untrue(receipt), receipt],
    ])
      for (const documents of [
        [word, untrue(word)],
        [untrue(word), word],
        [word, { ...word, signatures: [] }],
      ])
        expect(put({ lines: bare, receipts, documents })).toEqual(lines);
    const spoilt = lines.map((one) =>
      one.receipt === undefined ? one : { ...one, receipt: untrue(receipt) },
    );
    expect(put({ lines: [...lines, ...spoilt] })).toEqual(lines);
    expect(codeOf(() => put({ lines: spoilt }))).toBe("ARCHIVE_INCOMPLETE");
  });

  test("are told, each once; true ones in several copies are none", () => {
    const told = (pieces: Partial<ArchivePieces>) =>
      assemble({ ...nothing, lines, ...pieces }, SIGNER.key).leftOut.size;
    const word = lines.at(-1)?.document as HaltDocument;
    expect(told({ receipts: [receipt, receipt], documents: [word], lines: [...lines, ...lines] })).toBe(0);
    expect(told({ receipts: [untrue(receipt)] })).toBe(1);
    expect(told({ receipts: [receipt], documents: [untrue(word), { ...word, signatures: [] }] })).toBe(2);
    expect(told({ lines: [...lines, untrueLine(lines[1] as JournalLine)] })).toBe(1);
  });

  test("twin: what the signer itself has signed twice is a fork", () => {
    const twice = makeDocument(RECEIPT, { ...receipt.body, request: fixtureDigest("x"), journal: [] });
    const signature = signedBy(twice.digest, SIGNER, at("09:00:00"));
    expect(codeOf(() => put({ lines, receipts: [{ ...twice, signatures: [signature] }] }))).toBe(
      "ARCHIVE_FORKED",
    );
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

  test("a stranger's journal in front is none that the signer vouches for, whatever it names", () => {
    const strange = nextEpoch(MALLORY, JOURNAL_START).slice(0, 1);
    expect(codeOf(() => readExport(lines))).toBe("none");
    expect(codeOf(() => readExport([...strange, ...lines]))).toBe("JOURNAL_BROKEN");
    expect(codeOf(() => readExport([...strange, ...both]))).toBe("JOURNAL_BROKEN");
    expect(codeOf(() => readExport([...lines, ...strange, ...both.slice(lines.length)]))).toBe(
      "JOURNAL_BROKEN",
    );
    // Nor is one journal counted twice.
    expect(codeOf(() => readExport([...lines, ...both]))).toBe("JOURNAL_BROKEN");
    const own = both.slice(lines.length);
    const last = own.at(-1) as JournalLine;
    const earlier = headOf((lines[1] as JournalLine).entry);
    const twice = makeLine(endAfter(last), "import", earlier, last.entry.at, MALLORY.seed);
    expect(codeOf(() => readExport([...both, twice]))).toBe("none");
    expect(codeOf(() => readExport([...lines, ...lines.slice(0, 2), ...own, twice]))).toBe(
      "ARCHIVE_INCOMPLETE",
    );
  });

  test("what stands behind the last head that was taken over is left out; epochs are followed back", () => {
    const earlier = headOf((lines[1] as JournalLine).entry);
    const second = nextEpoch(MALLORY, earlier);
    expect(readExport([...lines, ...second]).map((epoch) => epoch.lines.length)).toEqual([2, 2]);
    const third = nextEpoch(BEN, headOf((second.at(-1) as JournalLine).entry));
    expect(readExport([...lines, ...second, ...third]).map(({ key }) => key)).toEqual([
      SIGNER.key,
      MALLORY.key,
      BEN.key,
    ]);
    const spoilt = { ...(lines[1] as JournalLine), signature: (lines[0] as JournalLine).signature };
    expect(codeOf(() => readExport([lines[0] as JournalLine, spoilt, ...second]))).toBe("JOURNAL_BROKEN");
  });

  test("is taken over up to the head that is named", () => {
    const earlier = headOf((lines[1] as JournalLine).entry);
    expect(takenOver(nextEpoch(MALLORY, earlier), [lines])).toEqual(lines.slice(0, 2));
    expect(takenOver(nextEpoch(MALLORY, head), [lines])).toEqual(lines);
    expect(takenOver(lines, [lines])).toEqual([]);
  });
});
