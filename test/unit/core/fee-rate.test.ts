import { describe, expect, test } from "vitest";
import { SAT_PER_VBYTE } from "../../../src/core/asset.ts";
import { formatFeeRate, milliOf, parseFeeRate, rateMilliOf, rateUnitOf } from "../../../src/core/fee-rate.ts";
import type { ChainId } from "../../../src/core/chain.ts";

describe("a fee rate in sat/vB", () => {
  test.each([
    ["12.5", 12_500n, "12.5 sat/vB"],
    ["1", 1000n, "1 sat/vB"],
    ["0.001", 1n, "0.001 sat/vB"],
    ["200.000", 200_000n, "200 sat/vB"],
    ["999999.999", 999_999_999n, "999999.999 sat/vB"],
  ])("%s", (text, milli, shown) => {
    expect(parseFeeRate(text)).toBe(milli);
    expect(formatFeeRate(milli, SAT_PER_VBYTE)).toBe(shown);
    expect(formatFeeRate(milli.toString(), SAT_PER_VBYTE)).toBe(shown);
  });

  test.each(["0", "0.000", "0.0001", "1000000", "-1", "1e3", "5 sat/vB", ""])("%j is none", (text) => {
    expect(parseFeeRate(text)).toBeUndefined();
  });

  test("whole ones, as policies have them", () => {
    expect(formatFeeRate(milliOf(200), SAT_PER_VBYTE)).toBe("200 sat/vB");
  });

  test("each chain counts in its own unit: a fee's rate is rounded up in it", () => {
    const gwei = rateUnitOf("eip155:1" as ChainId);
    expect(rateUnitOf("bip122:0f9188f13cb7b2c71f2a335e3a4fc328" as ChainId)).toBe(SAT_PER_VBYTE);
    expect(formatFeeRate(milliOf(30), gwei)).toBe("30 gwei");
    expect(rateMilliOf(21_000n * 30_000_000_000n, 21_000n, gwei)).toBe(30_000n);
    expect(rateMilliOf(21_000n * 30_000_000_000n + 1n, 21_000n, gwei)).toBe(30_001n);
    expect(rateMilliOf(141n, 141n, SAT_PER_VBYTE)).toBe(1000n);
    expect(rateMilliOf(142n, 141n, SAT_PER_VBYTE)).toBe(1008n);
  });
});
