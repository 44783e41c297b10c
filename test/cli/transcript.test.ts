import { describe, expect, test } from "vitest";
import { filled, matches, parseTranscript } from "./transcript.ts";

describe("the transcript runner", () => {
  test("reads commands, both streams, exit codes and remarks", () => {
    const text = "# remark\n$ first\none\n\ntwo\n! said\n= 3\n\n# remark\n$ second\n";
    expect(parseTranscript(text)).toEqual([
      { line: 2, command: "first", stdout: "one\n\ntwo\n", stderr: "said\n", exit: 3 },
      { line: 10, command: "second", stdout: "", stderr: "", exit: 0 },
    ]);
  });

  test.each([
    ["a {*} c\n", "a bb c\n", true],
    ["a {*} c\n", "a bb d\n", false],
    ["a {*} c\n", "a\nb c\n", false],
    ["a.c\n", "abc\n", false],
    ["", "anything\n", false],
    ["a\n", "", false],
    ["a\n...\nd\n", "a\nb\nc\nd\n", true],
    ["a\n...\nd\n", "a\nd\n", true],
    ["a\n...\nd\n", "a\nb\n", false],
    ["{id} {id}\n", "7 7\n", true],
    ["{id} {id}\n", "7 8\n", false],
    ['{"details":{}}\n', '{"details":{}}\n', true],
  ])("%j fits %j: %s", (expected, actual, fits) => {
    expect(matches(expected, actual, new Map())).toBe(fits);
  });

  test("a name stands for one text through the whole transcript", () => {
    const known = new Map<string, string>();
    expect(matches("id {id}\n", "id 42\n", known)).toBe(true);
    expect(filled("show {id} {other}", known)).toBe("show 42 {other}");
    expect(matches("again {id}\n", "again 43\n", known)).toBe(false);
  });
});
