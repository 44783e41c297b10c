import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAmountJson } from "../../../src/nodes/bitcoind/amount-json.ts";

describe("F17: amounts of the node never become floats", () => {
  test.each([
    ['{"amount":0.29000000}', { amount: "0.29000000" }],
    ['{"amount":20999999.97690000,"vout":1}', { amount: "20999999.97690000", vout: 1 }],
    ["[1e-8,1E+2,-0.5,-0]", ["1e-8", "1E+2", "-0.5", "-0"]],
    ["[9007199254740993,999999999999999,-12]", ["9007199254740993", 999999999999999, -12]],
    ["1.5", "1.5"],
    [' { "a" : [ 0.1 , { "b" : 2 } ] } ', { a: ["0.1", { b: 2 }] }],
    ['{"0.5":"1.25","a\\"1.5":"\\\\","b":"x\\\\\\" 0.1"}', { "0.5": "1.25", 'a"1.5': "\\", b: 'x\\" 0.1' }],
  ])("%s", (text, value) => {
    expect(parseAmountJson(text)).toEqual(value);
  });

  test.each([
    "",
    "0.5.5",
    "01.5",
    "1.",
    ".5",
    "-",
    "1.5e",
    "+1.5",
    "{1.5:2}",
    "{1.5 : 2}",
    '1.5"a"',
    '"open 1.5',
    "[1.5,]",
    "0x1.5",
    "1.5 1.5",
    "NaN",
  ])("refuses %j as JSON.parse does", (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseAmountJson(text)).toThrow(SyntaxError);
  });

  test("any JSON text means the same as to JSON.parse, but for the type of inexact numbers", () => {
    fc.assert(
      fc.property(fc.json({ depthSize: "medium" }), (text) => {
        expect(asFloats(parseAmountJson(text), JSON.parse(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test("any text at all, even spliced, is refused exactly when JSON.parse refuses it", () => {
    const piece = fc.constantFrom(
      "1.5",
      "0.10000000",
      "-",
      "1e5",
      "e",
      ".",
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      " ",
      "0",
      "7",
      "true",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(outcome(() => parseAmountJson(text))).toBe(outcome(() => JSON.parse(text)));
      }),
      { numRuns: 20_000 },
    );
  });

  test("eight decimals come through digit for digit, in any nesting", () => {
    const sats = fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n });
    fc.assert(
      fc.property(fc.array(sats, { minLength: 1 }), (amounts) => {
        const spelled = amounts.map(
          (units) => `${units / 100_000_000n}.${(units % 100_000_000n).toString().padStart(8, "0")}`,
        );
        const text = `{"tx":[${spelled.map((value, n) => `{"value":${value},"n":${n}}`).join(",")}]}`;
        expect(parseAmountJson(text)).toEqual({ tx: spelled.map((value, n) => ({ value, n })) });
      }),
    );
  });

  test("eight megabytes of hex between quotes take no noticeable time", () => {
    const hex = "00".repeat(4_000_000);
    expect(parseAmountJson(`{"hex":"${hex}","fee":0.00000141}`)).toEqual({ hex, fee: "0.00000141" });
  });
});

describe("F28: no answer holds up the program that reads it", () => {
  // A megabyte takes a tenth of a second; searched anew from each digit, the better part of a day.
  const within = <T>(work: () => T): T => runInNewContext("work()", { work }, { timeout: 20_000 }) as T;
  const digits = "1".repeat(1_000_000);

  test.each([
    ["digits with nothing behind their point", `{"result":${digits}.}`],
    ["digits with nothing behind their exponent", `{"result":0.${digits}e}`],
    ["digits as a key", `{${digits}:1}`],
    ["signs", `[${"-".repeat(1_000_000)}]`],
    ["numbers that run into each other", `[${"0.1".repeat(300_000)}]`],
    ["blanks behind a number", `{1${" ".repeat(1_000_000)}:2}`],
  ])("%s, a megabyte of them, are refused soon", (_, text) => {
    expect(() => within(() => parseAmountJson(text))).toThrow(/JSON/);
  });

  test("a megabyte of digits, or of numbers, is read soon", () => {
    expect(within(() => parseAmountJson(`{"a":${digits}.${digits}}`))).toEqual({ a: `${digits}.${digits}` });
    const many = Array.from({ length: 250_000 }, () => "0.1");
    expect(within(() => parseAmountJson(`[${many.join()}]`))).toEqual(many);
  });
});

/** `value` with each string that stands where `model` has a number turned into that number. */
function asFloats(value: unknown, model: unknown): unknown {
  if (typeof model === "number") return typeof value === "string" ? Number(value) : value;
  if (Array.isArray(model)) return model.map((item, i) => asFloats((value as unknown[])[i], item));
  if (typeof model !== "object" || model === null) return value;
  const record = value as Record<string, unknown>;
  const entries = Object.entries(model).map(([key, item]) => [key, asFloats(record[key], item)]);
  return Object.fromEntries(entries) as unknown;
}

function outcome(run: () => unknown): string {
  try {
    run();
    return "read";
  } catch (error) {
    return (error as Error).name;
  }
}
