import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/hex.ts";
import { answersText, parseAnswers } from "../../../src/setup/answers-file.ts";
import { answersFor } from "../../factory/setup.ts";
import { codeOf } from "../../factory/thrown.ts";

const read = (value: unknown) => codeOf(() => parseAnswers(utf8(JSON.stringify(value))));

describe("a file of answers", () => {
  test("what is written is what is read", () => {
    for (const template of ["three", "five", "nine"] as const)
      expect(parseAnswers(utf8(answersText(answersFor(template))))).toEqual(answersFor(template));
  });

  test("only JSON in UTF-8 is read", () => {
    expect(codeOf(() => parseAnswers(utf8("{")))).toBe("ANSWERS_MALFORMED");
    const spoilt = utf8(answersText(answersFor("three")));
    expect(codeOf(() => parseAnswers(spoilt))).toBe("none");
    spoilt[spoilt.indexOf(0x50)] = 0xff;
    expect(codeOf(() => parseAnswers(spoilt))).toBe("ANSWERS_MALFORMED");
  });

  test("an answer that is given twice is refused, and named", () => {
    const text = answersText(answersFor("three"));
    const first = (text.split("\n")[1] ?? "").trim();
    expect(codeOf(() => parseAnswers(utf8(text)))).toBe("none");
    const twice = utf8(text.replace("{", `{ ${first}`));
    expect(codeOf(() => parseAnswers(twice))).toBe("ANSWERS_MALFORMED");
    expect(() => parseAnswers(twice)).toThrow(`answers.${first.split('"')[1] ?? ""}: stands there twice`);
    const inside = utf8(text.replace('"people": [\n    {', '"people": [{ "person": "Bo",'));
    expect(() => parseAnswers(inside)).toThrow("answers.people[].person: stands there twice");
  });

  test.each([
    ["an unknown field", { quorum: 1 }],
    ["another version", { version: 2 }],
    ["another template", { template: "seven" }],
    ["another network", { network: "main" }],
    ["an amount as a number", { fees: { max: 0.001, rate: 200, sharePermille: 100 } }],
    ["a threshold as text", { threshold: "2" }],
    ["a name that is no name", { wallet: "../vault" }],
    ["a person with a hidden character", { people: [{ seat: "officer-a", name: "bo", person: "Bo\u202e" }] }],
    ["no tier", { tiers: [] }],
    ["a wait without end", { newDestinationHours: 721 }],
  ])("%s is refused", (_, changes) => {
    expect(read({ ...answersFor("three"), ...changes })).toBe("ANSWERS_MALFORMED");
  });

  test("a missing answer is named", () => {
    const { days: _, ...rest } = answersFor("three");
    expect(() => parseAnswers(utf8(JSON.stringify(rest)))).toThrow(/answers\.days/);
    expect(read(answersFor("three"))).toBe("none");
  });

  test("what contradicts itself is refused", () => {
    expect(read({ ...answersFor("three"), threshold: 1 })).toBe("ANSWERS_UNFIT");
  });
});
