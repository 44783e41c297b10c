import { expect, test } from "vitest";
import { parsePinnedRates, PINNED_RATES_MALFORMED } from "../../../src/home/pinned-rates.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";

test("a rate for each target, to a thousandth", () => {
  expect(parsePinnedRates("2:20, 6:10.5,144:3.125")).toEqual([
    { source: "pinned table", blocks: 2, rateMilli: 20_000n },
    { source: "pinned table", blocks: 6, rateMilli: 10_500n },
    { source: "pinned table", blocks: 144, rateMilli: 3125n },
  ]);
  expect(parsePinnedRates("6:1")).toHaveLength(1);
  expect(parsePinnedRates(undefined)).toEqual([]);
});

test.each(["", "6", "6:", "6:0", "7:5", "6:5,6:7", "6:-1", "6:1e3", "6:1.2345", "6:5,", "6=5"])(
  "%j is refused",
  (text) => {
    expectRefusal(() => parsePinnedRates(text), PINNED_RATES_MALFORMED);
  },
);
