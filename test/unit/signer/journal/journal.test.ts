import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../../src/core/hex.ts";
import {
  appendJournal,
  createJournal,
  readJournal,
  tornWarnings,
} from "../../../../signer/journal/journal-file.ts";
import { lineBytes, makeLine, TIME_ZERO, withLine } from "../../../../signer/journal/journal.ts";
import { parseJournal } from "../../../../signer/journal/parse.ts";
import { takeLock } from "../../../../signer/journal/lock.ts";
import { pinnedPolicyOf } from "../../../../signer/journal/memory.ts";
import { goodRequest, makeCustody, stateFor } from "../../../factory/custody.ts";
import { signed } from "../../../factory/gates.ts";
import { fakeIo } from "../../../factory/io.ts";
import { at, fixtureDigest, MALLORY, SIGNER } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { temporaryFolder } from "../../../factory/folder.ts";

const custody = makeCustody();
const written = signed(goodRequest(custody), stateFor(custody));
const journal = withLine(custody.journal, written.line);
const lines = journal.lines.map(lineBytes);
const file = concatBytes(...lines);
const parse = (bytes: Uint8Array) => parseJournal(bytes, SIGNER.key);
const folder = () => temporaryFolder("journal");

describe("journal", () => {
  test("is read back as it was written", () => {
    const { journal: read, length, torn, unended } = parse(file);
    expect(read).toEqual(journal);
    expect({ length, torn, unended }).toEqual({ length: file.length, torn: 0, unended: false });
  });

  test("knows the policy that was pinned last", () => {
    expect(pinnedPolicyOf(journal)).toBe(custody.policy.digest);
  });

  test("time never goes back", () => {
    const line = makeLine(journal, "pin", fixtureDigest("policy"), TIME_ZERO, SIGNER.seed);
    expect(line.entry.at).toBe(journal.time);
    expect(parse(concatBytes(file, lineBytes(line))).journal.time).toBe(journal.time);
  });

  test("belongs to its signer alone", () => {
    expect(codeOf(() => parseJournal(file, MALLORY.key))).toBe("JOURNAL_BROKEN");
    const forged = makeLine(journal, "pin", fixtureDigest("forged policy"), at("09:00:00"), MALLORY.seed);
    expect(codeOf(() => parse(concatBytes(file, lineBytes(forged))))).toBe("JOURNAL_BROKEN");
  });

  test("a line left out, put twice, put elsewhere or cut before its end breaks it", () => {
    const [init, pin, receipt] = lines as [Uint8Array, Uint8Array, Uint8Array];
    const broken = [
      new Uint8Array(),
      concatBytes(pin, receipt),
      concatBytes(init, receipt),
      concatBytes(init, pin, pin, receipt),
      concatBytes(init, receipt, pin),
      concatBytes(init, pin.subarray(0, 80), utf8("\n"), receipt),
      concatBytes(init, utf8("\n"), pin, receipt),
    ];
    expect(broken.map((bytes) => codeOf(() => parse(bytes)))).toEqual(broken.map(() => "JOURNAL_BROKEN"));
  });

  test("every byte counts: whatever is changed, it breaks", () => {
    const property = fc.property(
      fc.integer({ min: 0, max: file.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (place, flip) => {
        const changed = Uint8Array.from(file, (byte, index) => (index === place ? byte ^ flip : byte));
        expect(codeOf(() => parse(changed))).toBe("JOURNAL_BROKEN");
      },
    );
    fc.assert(property, {
      numRuns: 300,
      examples: lines.flatMap((line) => [[line.length - 1, 7] as [number, number]]),
    });
  });
});

describe("a crash while a line was written", () => {
  const [whole, last] = [concatBytes(...lines.slice(0, 2)), lines[2] as Uint8Array];

  test("any beginning of the last line is dropped, with a warning, and what stood before is whole", () => {
    for (const length of [1, 2, 40, last.length >> 1, last.length - 2]) {
      const read = parse(concatBytes(whole, last.subarray(0, length)));
      expect(read.journal).toEqual(custody.journal);
      expect([read.length, read.torn]).toEqual([whole.length, length]);
      expect(tornWarnings(read)[0]).toContain(`${length} bytes`);
    }
  });

  test("reserved blocks of zeros are a torn line too", () => {
    const read = parse(concatBytes(whole, last.subarray(0, 30), new Uint8Array(100)));
    expect(read.journal).toEqual(custody.journal);
    expect(parse(concatBytes(whole, new Uint8Array(5))).torn).toBe(5);
  });

  test("a whole last line without its newline counts: an attempt is never forgotten", () => {
    const read = parse(concatBytes(whole, last.subarray(0, last.length - 1)));
    expect(read.journal).toEqual(journal);
    expect(read.unended).toBe(true);
  });

  test("a whole line with something in the place of its newline was not torn but changed", () => {
    const changed = concatBytes(whole, last.subarray(0, last.length - 1), utf8("x"));
    expect(codeOf(() => parse(changed))).toBe("JOURNAL_BROKEN");
    expect(codeOf(() => parse(concatBytes(whole, utf8("garbage"))))).toBe("JOURNAL_BROKEN");
  });

  test.each([
    ["torn", last.subarray(0, 50)],
    ["whole, without newline", last.subarray(0, last.length - 1)],
  ])("appending behind a last line that is %s leaves a journal that verifies", (_, tail) => {
    const path = join(folder(), "journal-regtest.jsonl");
    writeFileSync(path, concatBytes(whole, tail));
    const read = readJournal(path, SIGNER.key);
    const line = makeLine(read.journal, "pin", fixtureDigest("next"), at("09:10:00"), SIGNER.seed);
    appendJournal(path, read, line);
    expect(readJournal(path, SIGNER.key).journal).toEqual(withLine(read.journal, line));
  });
});

describe("journal file", () => {
  test("is made once, for its owner alone, and grows", () => {
    const path = join(folder(), "journal-regtest.jsonl");
    createJournal(path, journal.lines[0] as (typeof journal.lines)[number]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(codeOf(() => createJournal(path, journal.lines[0] as (typeof journal.lines)[number]))).toBe(
      "FILE_EXISTS",
    );
    appendJournal(path, readJournal(path, SIGNER.key), journal.lines[1] as (typeof journal.lines)[number]);
    appendJournal(path, readJournal(path, SIGNER.key), written.line);
    expect(new Uint8Array(readFileSync(path))).toEqual(file);
  });

  test("a missing journal is a broken one: a signer without memory signs nothing", () => {
    expect(codeOf(() => readJournal(join(folder(), "journal-regtest.jsonl"), SIGNER.key))).toBe(
      "JOURNAL_BROKEN",
    );
  });

  test("nothing is appended behind what was not read", () => {
    const path = join(folder(), "journal-regtest.jsonl");
    writeFileSync(path, concatBytes(lines[0] as Uint8Array));
    const read = readJournal(path, SIGNER.key);
    writeFileSync(path, concatBytes(...lines.slice(0, 2)));
    const line = makeLine(read.journal, "pin", fixtureDigest("late"), at("09:10:00"), SIGNER.seed);
    expect(codeOf(() => appendJournal(path, read, line))).toBe("JOURNAL_MOVED");
    expect(new Uint8Array(readFileSync(path))).toEqual(concatBytes(...lines.slice(0, 2)));
  });
});

describe("lock", () => {
  test("one holder at a time, and again after release", () => {
    const path = join(folder(), "lock-regtest");
    const { io } = fakeIo();
    const lock = takeLock(io, path);
    expect(codeOf(() => lock.assertHeld())).toBe("none");
    expect(codeOf(() => takeLock(io, path))).toBe("SIGNER_BUSY");
    lock.release();
    expect(codeOf(() => takeLock(io, path).release())).toBe("none");
  });

  test("a dead holder's lock is taken over; who lost it finds out before writing", () => {
    const path = join(folder(), "lock-regtest");
    const { io } = fakeIo();
    // Above every pid_max of Linux (2^22), so no such process exists.
    writeFileSync(path, "99999999 00\n");
    const lock = takeLock(io, path);
    writeFileSync(path, "99999999 11\n");
    expect(codeOf(() => lock.assertHeld())).toBe("SIGNER_BUSY");
    lock.release();
    expect(readFileSync(path, "utf8")).toBe("99999999 11\n");
  });
});
