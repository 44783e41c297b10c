import { describe, expect, test } from "vitest";
import { AssertionError } from "../../../src/core/errors.ts";
import { addSeconds, earlier, instantOf, later, parseInstant, seconds } from "../../../src/core/instant.ts";
import { codeOf } from "../../factory/thrown.ts";

describe("RFC 3339, UTC, whole seconds", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2000-02-29T12:00:00Z", 951_825_600],
    ["2024-02-29T23:59:59Z", 1_709_251_199],
    ["9999-12-31T23:59:59Z", 253_402_300_799],
  ])("%s is second %d", (text, second) => {
    expect(seconds(parseInstant(text))).toBe(second);
    expect(instantOf(second)).toBe(text);
  });

  test.each([
    ["leap day of a common year", "2026-02-29T00:00:00Z"],
    ["leap day of 2100", "2100-02-29T00:00:00Z"],
    ["30 February", "2026-02-30T00:00:00Z"],
    ["31 April", "2026-04-31T00:00:00Z"],
    ["leap second", "2016-12-31T23:59:60Z"],
    ["hour 24", "2026-01-01T24:00:00Z"],
    ["month 13", "2026-13-01T00:00:00Z"],
    ["month 0", "2026-00-01T00:00:00Z"],
    ["before the epoch", "1969-12-31T23:59:59Z"],
    ["year 0", "0000-01-01T00:00:00Z"],
    ["offset", "2026-11-22T08:00:00+00:00"],
    ["fraction", "2026-11-22T08:00:00.0Z"],
    ["lower case", "2026-11-22t08:00:00z"],
    ["space for T", "2026-11-22 08:00:00Z"],
    ["no seconds", "2026-11-22T08:00Z"],
    ["year of five digits", "12026-11-22T08:00:00Z"],
    ["sign", "-026-11-22T08:00:00Z"],
    ["newline", "2026-11-22T08:00:00Z\n"],
    ["nothing", ""],
  ])("%s is refused", (_name, text) => {
    expect(codeOf(() => parseInstant(text))).toBe("INSTANT_MALFORMED");
  });
});

test("text order is time order, and seconds carry over a leap day", () => {
  const a = parseInstant("2024-02-28T23:59:59Z");
  expect(addSeconds(a, 1)).toBe("2024-02-29T00:00:00Z");
  expect(addSeconds(a, 86_401)).toBe("2024-03-01T00:00:00Z");
  expect(later(a, addSeconds(a, 1))).toBe("2024-02-29T00:00:00Z");
  expect(earlier(a, addSeconds(a, 1))).toBe(a);
});

test("nothing is added to the last instant: whoever signs with it has not found a bug", () => {
  const last = parseInstant("9999-12-31T23:59:59Z");
  expect(addSeconds(last, 1)).toBe(last);
  expect(addSeconds(parseInstant("9999-12-31T23:00:00Z"), 86_400)).toBe(last);
  expect(addSeconds(parseInstant("9999-12-31T23:59:58Z"), 1)).toBe(last);
});

test("a second that no instant can name is a bug of the caller", () => {
  for (const second of [-1, 253_402_300_800, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => instantOf(second)).toThrow(AssertionError);
  }
  expect(instantOf(1.9)).toBe("1970-01-01T00:00:01Z");
});
