import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPlaces, parseDecimal, shortened, unitsOf } from "../../../src/core/decimal.ts";

describe("a decimal as people write it", () => {
  test.each([
    ["0", 0n, 0],
    ["1", 1n, 0],
    ["0.25", 25n, 2],
    ["12.500", 12_500n, 3],
  ])("%s", (text, digits, places) => {
    expect(parseDecimal(text)).toEqual({ digits, places });
  });

  test.each([
    "",
    "-1",
    "+1",
    "1e3",
    "1,5",
    ".5",
    "1.",
    "01",
    " 1",
    "1 ",
    "0x1",
    "1_000",
    "٣",
    "9".repeat(79),
  ])("%j is none", (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test("what is finer than its unit is never rounded (failure F17)", () => {
    const half = { digits: 5n, places: 1 };
    expect([unitsOf(half, 0), unitsOf(half, 1), unitsOf(half, 8)]).toEqual([undefined, 5n, 50_000_000n]);
  });

  test("written and read again it is the same, with its last zeros or without", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fc.integer({ min: 0, max: 18 }),
        (units, places) => {
          const text = formatPlaces(units, places);
          for (const written of [text, shortened(text)]) {
            const read = parseDecimal(written);
            expect(read && unitsOf(read, places)).toBe(units);
          }
        },
      ),
    );
  });
});

test.each([
  [25_000_000n, 8, "0.25000000", "0.25"],
  [-25n, 2, "-0.25", "-0.25"],
  [300_000_000n, 8, "3.00000000", "3"],
  [15n, 1, "1.5", "1.5"],
  // A unit without decimals keeps its zeros: they say how much it is.
  [100n, 0, "100", "100"],
])("%s units of %s places are %s, in short %s", (units, places, whole, short) => {
  expect(formatPlaces(units, places)).toBe(whole);
  expect(shortened(whole)).toBe(short);
});
