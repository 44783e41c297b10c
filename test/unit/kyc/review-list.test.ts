import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { KYC_LINE_MALFORMED, KYC_LIST_TOO_LONG, parseReviewList } from "../../../src/kyc/review-list.ts";
import { codeOf } from "../../factory/thrown.ts";

const accept = (ref: string) =>
  `{"ref": "${ref}", "decision": "accept", "tier": "basic", "expires": "2027-11-22T00:00:00Z", "reason": "checked"}`;
const read = (...lines: string[]) => parseReviewList(utf8(lines.join("\n")));

/** The field at fault in the only line. */
function fieldOf(line: string): string | undefined {
  const [entry] = read(line);
  if (entry === undefined || !("error" in entry)) return "none";
  expect(entry.error.code).toBe(KYC_LINE_MALFORMED.code);
  return entry.error.field;
}

describe("a list of reviews", () => {
  test("has one review a line; blank lines and line ends of other systems do not count", () => {
    const reject = '{"decision":"reject","reason":"no-answer","ref":"c-2"}';
    expect(read(`\uFEFF${accept("c-1")}\r`, "", reject, "  ")).toEqual([
      {
        line: 1,
        ref: "c-1",
        review: { decision: "accept", tier: "basic", expires: "2027-11-22T00:00:00Z", reason: "checked" },
      },
      { line: 3, ref: "c-2", review: { decision: "reject", reason: "no-answer" } },
    ]);
    expect(read("")).toEqual([]);
  });

  test.each([
    ["not JSON", "{", "line"],
    ["no object", "[]", "line"],
    ["a decision that nobody knows", accept("c").replace("accept", "maybe"), "decision"],
    ["no tier", accept("c").replace('"tier": "basic", ', ""), "tier"],
    ["no end", accept("c").replace(/"expires": "[^"]*", /, ""), "expires"],
    ["an end that is no time", accept("c").replace("2027-11-22T00:00:00Z", "2027-11-22"), "expires"],
    ["a reason in words", accept("c").replace("checked", "John Smith, born 1970"), "reason"],
    ["a tier in capitals", accept("c").replace("basic", "Basic"), "tier"],
    ["a reference that hides text", accept("c\u202E1"), "ref"],
    ["no reference", accept(""), "ref"],
    ["a number for a reference", accept("c").replace('"c"', "7"), "ref"],
    ["a person's name", accept("c").replace("}", ', "name": "John Smith"}'), "line"],
    ["a rejection with a tier", accept("c").replace("accept", "reject"), "line"],
    ["a second spelling of a key", accept("c").replace("}", ', "__proto__": "x"}'), "line"],
    ["more than a line may have", accept("c".repeat(LIMITS.kycLineCharactersMax)), "line"],
  ])("%s is an error of its line", (_, line, field) => {
    expect(fieldOf(line)).toBe(field);
    expect(fieldOf(accept("c"))).toBe("none");
  });

  test("a field that is written twice has two readings, and so none", () => {
    expect(fieldOf('{"ref":"c","decision":"reject","decision":"reject","reason":"no"}')).toBe("line");
    expect(fieldOf('{"ref":"c: \\"x\\":","decision":"reject","reason":"no"}')).toBe("none");
  });

  test("F24: of two lines about one customer neither is taken, and the others are", () => {
    const list = read(accept("c-1"), accept("c-2"), '{"ref":"c-1","decision":"reject","reason":"fraud"}');
    expect(list.map((entry) => [entry.line, entry.ref, "error" in entry])).toEqual([
      [1, "c-1", true],
      [2, "c-2", false],
      [3, "c-1", true],
    ]);
  });

  test("a list has a longest length", () => {
    const lines = (count: number) => utf8("\n".repeat(count - 1));
    expect(codeOf(() => parseReviewList(lines(LIMITS.kycListLinesMax)))).toBe("none");
    expect(codeOf(() => parseReviewList(lines(LIMITS.kycListLinesMax + 1)))).toBe(KYC_LIST_TOO_LONG.code);
  });
});
