import { describe, expect, test } from "vitest";
import {
  CURRENCY_AMOUNT_MALFORMED,
  CURRENCY_UNKNOWN,
  formatMinorUnits,
  parseCurrency,
  parseMinorUnits,
} from "../../../src/core/currency.ts";
import { codeOf } from "../../factory/thrown.ts";

describe("ISO 4217: minor units", () => {
  test.each([
    ["EUR", "1234.5", 123_450n, "1234.50 EUR"],
    ["EUR", "0.01", 1n, "0.01 EUR"],
    ["JPY", "1234", 1234n, "1234 JPY"],
    ["KWD", "1.234", 1234n, "1.234 KWD"],
  ])("%s %s", (code, written, units, shown) => {
    const currency = parseCurrency(code);
    expect(parseMinorUnits(written, currency)).toBe(units);
    expect(formatMinorUnits(units, currency)).toBe(shown);
  });

  test.each([
    ["EUR", "1.234"],
    ["JPY", "1.5"],
    ["EUR", "1,5"],
    ["EUR", "-1"],
    ["EUR", "1e3"],
    ["EUR", ""],
    ["EUR", "01"],
    ["EUR", "9".repeat(31)],
  ])("%s %j is refused", (code, written) => {
    const parse = () => parseMinorUnits(written, parseCurrency(code));
    expect(codeOf(parse)).toBe(CURRENCY_AMOUNT_MALFORMED.code);
  });

  test.each(["eur", "EURO", "XXX", "", "toString"])("%j is no currency", (code) => {
    expect(codeOf(() => parseCurrency(code))).toBe(CURRENCY_UNKNOWN.code);
  });
});
