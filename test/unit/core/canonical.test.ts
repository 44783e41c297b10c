import { describe, expect, test } from "vitest";
import { canonicalText, parseCanonical, type Json, type JsonObject } from "../../../src/core/canonical.ts";
import { AssertionError } from "../../../src/core/errors.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { codeOf } from "../../factory/thrown.ts";

const read = (text: string) => parseCanonical(utf8(text));
const codeOfText = (text: string) => codeOf(() => read(text));

describe("RFC 8785, our subset: what is read", () => {
  test.each([
    "{}",
    "[]",
    "true",
    '"text"',
    "0",
    "-1",
    "9007199254740991",
    "-9007199254740991",
    '{"a":1,"b":[true,false,{"c":"d"}]}',
    '{"A":1,"a":1,"a-b":1,"a.b":1,"a1":1,"aB":1,"a_b":1}',
    '"é"',
    '"\u20ac\u{1d11e}"',
    '"\\"\\\\/"',
  ])("%s is canonical and comes back the same", (text) => {
    expect(canonicalText(read(text))).toBe(text);
  });

  test.each([
    ["duplicate key", '{"a":1,"a":1}'],
    ["duplicate key by escape", '{"a":1,"\\u0061":2}'],
    ["keys out of order", '{"b":1,"a":1}'],
    ["keys out of order by locale", '{"a":1,"B":1}'],
    ["space after colon", '{"a": 1}'],
    ["leading space", " {}"],
    ["trailing newline", "{}\n"],
    ["byte order mark", "\ufeff{}"],
    ["needless escape", '"\\u0061"'],
    ["escaped solidus", '"\\/"'],
    ["escaped non-ASCII", '"\\u00e9"'],
    ["1.0", "1.0"],
    ["1e2", "1e2"],
    ["1E2", "1E2"],
    ["-0", "-0"],
    ["0.5", "0.5"],
    ["2^53", "9007199254740992"],
    ["2^53 + 1", "9007199254740993"],
    ["-2^53", "-9007199254740992"],
    ["a hundred digits", "9".repeat(100)],
    ["1e400", "1e400"],
    ["leading zero", "01"],
    ["plus sign", "+1"],
    ["null", "null"],
    ["null inside", '{"a":null}'],
    ["NaN", "NaN"],
    ["nothing", ""],
    ["two values", "{}{}"],
    ["trailing comma", "[1,]"],
    ["comment", "{}//"],
    ["single quotes", "{'a':1}"],
    ["unclosed", '{"a":1'],
    ["closed too often", "[]]"],
    ["brackets that close first", "]".repeat(50) + "[".repeat(60)],
    ["__proto__", '{"__proto__":{"admin":true}}'],
    ["empty key", '{"":1}'],
    ["non-ASCII key", '{"é":1}'],
    ["key with space", '{"a b":1}'],
    ["key of 65 characters", `{"${"a".repeat(65)}":1}`],
    ["key that begins with a digit", '{"1":1}'],
    ["escaped lone surrogate", '"\\ud800"'],
    ["control character escaped", '"\\u0007"'],
    ["newline escaped", '"a\\nb"'],
    ["raw newline in string", '"a\nb"'],
    ["NUL", '"\\u0000"'],
    ["right-to-left override", '"\u202e"'],
    ["decomposed é (not NFC)", '"e\u0301"'],
  ])("%s is refused", (_name, text) => {
    expect(codeOfText(text)).toBe("CANONICAL_MALFORMED");
  });

  test.each([
    ["overlong encoding of /", [0x22, 0xc0, 0xaf, 0x22]],
    ["surrogate in UTF-8 (CESU-8)", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["truncated sequence", [0x22, 0xe2, 0x82, 0x22]],
    ["beyond U+10FFFF", [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ["UTF-16", [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])("bytes that are not UTF-8 are refused: %s", (_name, bytes) => {
    expect(codeOf(() => parseCanonical(Uint8Array.from(bytes)))).toBe("CANONICAL_MALFORMED");
  });

  test("what is no JSON is told from JSON that is not ours", () => {
    expect(thrownMessage(() => read("{"))).toMatch(/not JSON in UTF-8/);
    expect(thrownMessage(() => read("null"))).toMatch(/null, which our documents do not use/);
  });

  test("names of Object.prototype are ordinary keys and change nothing", () => {
    const value = read('{"constructor":1,"hasOwnProperty":2,"toString":3}') as JsonObject;
    expect(Object.keys(value)).toEqual(["constructor", "hasOwnProperty", "toString"]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "admin")).toBe(false);
  });
});

describe("limits", () => {
  test("12 levels are read, 13 are not", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(codeOfText(nested(12))).toBe("none");
    expect(codeOfText(nested(13))).toBe("CANONICAL_TOO_LARGE");
  });

  test.each(["[", '{"a":', '["",'])("a million times %s is refused at once", (part) => {
    const started = performance.now();
    expect(codeOf(() => parseCanonical(utf8(part.repeat(1_000_000)), 64_000_000))).toBe(
      "CANONICAL_TOO_LARGE",
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("four million values are read, one more is not: brackets and commas count alike", () => {
    const { documentValuesMax } = LIMITS;
    const shape = (text: string) => thrownMessage(() => parseCanonical(utf8(text), text.length));
    // Empty lists that are never closed: the count alone is asked, no such document is parsed to its end.
    const lists = (count: number) => `[${"[],".repeat(count)}`;
    const two = Math.floor(documentValuesMax / 2) - 1;
    expect(shape(lists(two))).toMatch(/not JSON/);
    expect(shape(`${lists(two)},`)).toMatch(/more than 4000000 values/);
    expect(shape(lists(two + 1))).toMatch(/more than 4000000 values/);
  });

  test("brackets inside strings, behind escapes too, are no nesting", () => {
    const text = `["${"[{".repeat(50)}","\\"${"[".repeat(50)}","\\\\"]`;
    expect(canonicalText(read(text))).toBe(text);
  });

  test("one byte above the limit is refused before it is parsed", () => {
    const bytes = utf8('"12345678"');
    expect(codeOf(() => parseCanonical(bytes, bytes.length - 1))).toBe("CANONICAL_TOO_LARGE");
    expect(parseCanonical(bytes, bytes.length)).toBe("12345678");
  });
});

describe("what is written", () => {
  test("undefined fields are left out, keys are sorted by code unit", () => {
    expect(canonicalText({ b: 1, a: undefined, B: 2, a1: 3 })).toBe('{"B":2,"a1":3,"b":1}');
  });

  test.each<[string, unknown]>([
    ["a fraction", 0.5],
    ["-0", -0],
    ["2^53", 2 ** 53],
    ["NaN", Number.NaN],
    ["unsafe text", "\u202e"],
    ["a lone surrogate", "\ud800"],
    ["an unsafe key", { "a b": 1 }],
  ])("%s is a bug of the caller", (_name, value) => {
    expect(() => canonicalText(value as Json)).toThrow(AssertionError);
  });
});

function thrownMessage(read: () => unknown): string {
  try {
    read();
    return "nothing";
  } catch (error) {
    return (error as Error).message;
  }
}
