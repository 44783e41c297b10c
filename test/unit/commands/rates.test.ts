import { describe, expect, test } from "vitest";
import { feeRatesMilli, RATES_MALFORMED } from "../../../src/commands/withdraw/rates.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";

describe("--rates", () => {
  test("three rungs of one, two and four times the snapshot's rate where none are given", () => {
    expect(feeRatesMilli({}, 2500n)).toEqual([2500n, 5000n, 10_000n]);
  });

  test("rising numbers, with up to three digits behind the point", () => {
    expect(feeRatesMilli({ rates: "5, 10.5,20.125" }, 1n)).toEqual([5000n, 10_500n, 20_125n]);
    expect(feeRatesMilli({ rates: "3" }, 1n)).toEqual([3000n]);
  });

  test.each(["", "0", "5,5", "10,5", "5,,10", "1.2345", "-1", "1e3", "1,2,3,4,5,6,7", "0x5"])(
    "%j is refused",
    (rates) => {
      expectRefusal(() => feeRatesMilli({ rates }, 1n), RATES_MALFORMED);
    },
  );
});
