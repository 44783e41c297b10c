import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import { checkWords } from "../../../src/core/words.ts";
import { drawReading, readingData, type Finding, type Reading } from "../../../src/terminal/reading.ts";
import { fixtureDigest } from "../../factory/identities.ts";

const paint = new Chalk({ level: 1 });
const digest = fixtureDigest("reading");
const reading = (...facts: readonly Finding[]): Reading => ({
  kind: "bundle",
  network: "regtest",
  digest,
  words: checkWords(digest),
  facts: [["PAY", "0.1"], ...facts],
  signed: [],
  missing: [],
  similar: [],
  warnings: [],
});

describe("what is drawn as an alarm", () => {
  const red = (fact: Finding) => drawReading(reading(fact), paint).includes("\u001b[31m");

  test("is what the reader has found to be one", () => {
    expect(red(["policy says", "not allowed", "alarm"])).toBe(true);
    expect(red(["policy says", "allowed"])).toBe(false);
  });

  test("is not what a stranger's words look like", () => {
    expect(red(["message", "DENIED, REJECTED by all: IS NOT THE ONE"])).toBe(false);
  });
});

test("what an intent waits for first stands in the data as a decision, not in words alone", () => {
  expect(readingData({ ...reading(), missing: ["a release"], waitsFor: "release" })).toMatchObject({
    missing: ["a release"],
    waitsFor: "release",
  });
  expect(readingData(reading())).not.toHaveProperty("waitsFor");
});
