import { describe, expect, test } from "vitest";
import { formatFeeRate, milliOf, parseFeeRate } from "../../../src/core/fee-rate.ts";

describe("a fee rate in sat/vB", () => {
  test.each([
    ["12.5", 12_500n, "12.5 sat/vB"],
    ["1", 1000n, "1 sat/vB"],
    ["0.001", 1n, "0.001 sat/vB"],
    ["200.000", 200_000n, "200 sat/vB"],
    ["999999.999", 999_999_999n, "999999.999 sat/vB"],
  ])("%s", (text, milli, shown) => {
    expect(parseFeeRate(text)).toBe(milli);
    expect(formatFeeRate(milli)).toBe(shown);
    expect(formatFeeRate(milli.toString())).toBe(shown);
  });

  test.each(["0", "0.000", "0.0001", "1000000", "-1", "1e3", "5 sat/vB", ""])("%j is none", (text) => {
    expect(parseFeeRate(text)).toBeUndefined();
  });

  test("whole ones, as policies have them", () => {
    expect(formatFeeRate(milliOf(200))).toBe("200 sat/vB");
  });
});
