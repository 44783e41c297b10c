import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../src/core/canonical.ts";
import { taggedDigest, type Digest } from "../../../src/core/digest.ts";
import { utf8 } from "../../../src/core/hex.ts";
import {
  headOf,
  JOURNAL_START,
  verifyEntries,
  type SignedJournalEntry,
} from "../../../src/core/journal-entry.ts";
import { journal } from "../../factory/documents.ts";
import { MALLORY, SIGNER, at, fixtureDigest, signedBy } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";
import { journalEntry } from "../../factory/journal-entries.ts";

const ENTRIES = journal();
const [first, second, third] = ENTRIES as [SignedJournalEntry, SignedJournalEntry, SignedJournalEntry];
const verdict = (entries: readonly SignedJournalEntry[], previous?: Digest) =>
  codeOf(() => verifyEntries(entries, SIGNER.key, previous));

test("a head commits to its entry, and through it to all before", () => {
  expect(headOf(first.entry)).toBe(
    taggedDigest("custody/journal-entry/v1", utf8(canonicalText(first.entry))),
  );
  expect(second.entry.previous).toBe(headOf(first.entry));
  expect(first.entry.previous).toBe(JOURNAL_START);
  expect(verifyEntries(ENTRIES, SIGNER.key)).toBe(headOf(third.entry));
});

test("a part of the journal verifies from the head before it; no entry changes no head", () => {
  expect(verdict([second, third], headOf(first.entry))).toBe("none");
  expect(verifyEntries([], SIGNER.key, headOf(first.entry))).toBe(headOf(first.entry));
});

describe("JOURNAL_BROKEN", () => {
  const resigned = (entry: SignedJournalEntry["entry"], who = SIGNER) => ({
    entry,
    signature: signedBy(headOf(entry), who, entry.at),
  });

  test.each<[string, readonly SignedJournalEntry[]]>([
    ["the first entry is missing", [second, third]],
    ["one in the middle is missing", [first, third]],
    ["two are exchanged", [first, third, second]],
    ["one stands twice", [first, second, second]],
    [
      "what happened was changed",
      [first, { ...second, entry: { ...second.entry, subject: fixtureDigest("x") } }, third],
    ],
    ["the signature is another entry's", [first, { ...second, signature: third.signature }, third]],
    ["somebody else signed", [first, resigned(second.entry, MALLORY), third]],
  ])("%s", (_name, entries) => {
    expect(verdict(entries)).toBe("JOURNAL_BROKEN");
    expect(verdict(ENTRIES)).toBe("none");
  });

  test("numbers skip, or time goes back, though the signer signed it", () => {
    const last = (changes: object) => [first, second, resigned({ ...third.entry, ...changes })];
    expect(verdict(last({ number: third.entry.number + 1 }))).toBe("JOURNAL_BROKEN");
    expect(verdict(last({ at: at("07:59:59") }))).toBe("JOURNAL_BROKEN");
    expect(verdict(last({ at: second.entry.at }))).toBe("none");
  });

  test("a fork: another entry after the same head", () => {
    const fork = journalEntry(
      second.entry.number,
      headOf(first.entry),
      "pin",
      fixtureDigest("fork"),
      at("08:40:00"),
    );
    expect(verdict([first, fork])).toBe("none");
    expect(verdict([first, fork, third])).toBe("JOURNAL_BROKEN");
  });
});
