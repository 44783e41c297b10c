import { describe, expect, test } from "vitest";
import {
  add,
  amount,
  formatAmount,
  formatDecimal,
  formatShort,
  parseAmount,
  parseUnits,
  positive,
  subtract,
  sum,
  totals,
} from "../../../src/core/amount.ts";
import {
  assetBySymbol,
  assetFacts,
  bitcoinAsset,
  parseAsset,
  type AssetId,
} from "../../../src/core/asset.ts";
import { AssertionError } from "../../../src/core/errors.ts";
import { codeOf } from "../../factory/thrown.ts";

const BTC = bitcoinAsset("regtest");
const MAINNET = bitcoinAsset("mainnet");

describe("F17: an amount is never a float", () => {
  test.each([
    ["0.29", 29_000_000n],
    ["0.1", 10_000_000n],
    ["1", 100_000_000n],
    ["0", 0n],
    ["0.00000001", 1n],
    ["0.57", 57_000_000n],
    ["20999999.9769", 2_099_999_997_690_000n],
    ["21000000", 2_100_000_000_000_000n],
    ["21000000.00000000", 2_100_000_000_000_000n],
  ])("%s BTC is %s sat", (text, units) => {
    expect(parseAmount(text, BTC)).toEqual({ asset: BTC, units });
  });

  test.each([
    "",
    " ",
    "1 ",
    " 1",
    "-1",
    "+1",
    "1e2",
    "0x10",
    "1,000",
    "1_000",
    ".5",
    "1.",
    "01",
    "00.5",
    "1.2.3",
    "NaN",
    "Infinity",
    "1\n",
    "١",
    "１",
    "1 BTC",
    "9".repeat(79),
  ])("%j is malformed", (text) => {
    expect(codeOf(() => parseAmount(text, BTC))).toBe("AMOUNT_MALFORMED");
  });

  test("nine decimals are refused, not rounded", () => {
    expect(codeOf(() => parseAmount("0.000000001", BTC))).toBe("AMOUNT_TOO_PRECISE");
    expect(codeOf(() => parseAmount("0.250000000", BTC))).toBe("AMOUNT_TOO_PRECISE");
  });

  test("one satoshi more than MAX_MONEY is too large", () => {
    expect(codeOf(() => parseAmount("21000000.00000001", BTC))).toBe("AMOUNT_TOO_LARGE");
    expect(codeOf(() => parseUnits("2100000000000001", BTC))).toBe("AMOUNT_TOO_LARGE");
    expect(parseUnits("2100000000000000", BTC).units).toBe(2_100_000_000_000_000n);
  });

  test.each(["", "1.0", "-1", "01", "1e3", " 1"])("base units %j are malformed", (text) => {
    expect(codeOf(() => parseUnits(text, BTC))).toBe("AMOUNT_MALFORMED");
  });

  test("the error names the caller's field", () => {
    expect(() => parseAmount("x", BTC, "--amount")).toThrow(expect.objectContaining({ field: "--amount" }));
  });

  test("a megabyte of digits is not echoed back", () => {
    expect(() => parseAmount("9".repeat(1_000_000), BTC)).toThrow(/^.{1,200}$/);
  });
});

test("positive refuses zero and passes one", () => {
  expect(codeOf(() => positive(amount(BTC, 0n)))).toBe("AMOUNT_ZERO");
  expect(positive(amount(BTC, 1n)).units).toBe(1n);
});

test("amounts are written with all decimals and grouped units", () => {
  expect(formatDecimal(amount(BTC, 1n))).toBe("0.00000001");
  expect(formatDecimal(amount(BTC, 123_456_789n))).toBe("1.23456789");
  expect(formatAmount(amount(BTC, 25_000_000n))).toBe("0.25000000 BTC (25,000,000 sat)");
  expect(formatAmount(amount(BTC, 999n))).toBe("0.00000999 BTC (999 sat)");
  expect(formatAmount({ asset: BTC, units: "25000000" })).toBe("0.25000000 BTC (25,000,000 sat)");
  expect(formatAmount({ asset: BTC, units: -1234n })).toBe("-0.00001234 BTC (-1,234 sat)");
  expect(formatShort({ asset: BTC, units: "25000000" })).toBe("0.25 BTC");
});

test("amounts of two assets never meet, and none is negative", () => {
  const ours = amount(BTC, 5n);
  const other = amount(MAINNET, 5n);
  expect(() => add(ours, other)).toThrow(AssertionError);
  expect(() => subtract(ours, other)).toThrow(AssertionError);
  expect(() => subtract(ours, amount(BTC, 6n))).toThrow(AssertionError);
  expect(() => amount(BTC, -1n)).toThrow(AssertionError);
  expect(subtract(ours, ours).units).toBe(0n);
  expect(sum(BTC, [ours, ours, ours]).units).toBe(15n);
  expect(sum(BTC, []).units).toBe(0n);
});

describe("CAIP-19 assets", () => {
  test("mainnet has SLIP-44 type 0, the test networks type 1", () => {
    expect(MAINNET).toBe("bip122:000000000019d6689c085ae165831e93/slip44:0");
    expect(BTC).toBe("bip122:0f9188f13cb7b2c71f2a335e3a4fc328/slip44:1");
    expect(parseAsset(MAINNET)).toBe(MAINNET);
  });

  test("an unknown asset of a known chain, and one of an unknown chain, are refused", () => {
    expect(codeOf(() => parseAsset(MAINNET.replace("slip44:0", "slip44:1")))).toBe("ASSET_UNKNOWN");
    expect(codeOf(() => parseAsset("eip155:2147483648/slip44:60"))).toBe("CHAIN_UNKNOWN");
    expect(codeOf(() => parseAsset("eip155:31337/slip44:60"))).toBe("ASSET_UNKNOWN");
    expect(codeOf(() => parseAsset(""))).toBe("CHAIN_UNKNOWN");
    expect(codeOf(() => assetFacts("constructor" as AssetId))).toBe("ASSET_UNKNOWN");
  });

  test("each coin has its own decimals and its own bound", () => {
    const wei = parseAsset("eip155:1/slip44:60");
    expect(parseAmount("1.000000000000000001", wei).units).toBe(10n ** 18n + 1n);
    expect(formatAmount({ asset: wei, units: 10n ** 18n })).toBe(
      "1.000000000000000000 ETH (1,000,000,000,000,000,000 wei)",
    );
    expect(parseUnits((2n ** 256n - 1n).toString(), wei).units).toBe(2n ** 256n - 1n);
    expect(codeOf(() => parseUnits((2n ** 256n).toString(), wei))).toBe("AMOUNT_TOO_LARGE");
    expect(codeOf(() => parseUnits("2100000000000001", parseAsset(MAINNET)))).toBe("AMOUNT_TOO_LARGE");
  });

  test("a symbol means the asset of the network at hand", () => {
    expect(assetBySymbol("btc", "regtest")).toBe(BTC);
    expect(assetBySymbol("BTC", "mainnet")).toBe(MAINNET);
    expect(assetBySymbol("eth", "regtest")).toBe("eip155:31337/slip44:1");
    expect(assetBySymbol("bnb", "mainnet")).toBe("eip155:56/slip44:714");
    expect(codeOf(() => assetBySymbol("doge", "regtest"))).toBe("ASSET_UNKNOWN");
  });
});

test("totals keep assets apart, each where it first stood", () => {
  const wei = parseAsset("eip155:1/slip44:60");
  const values = [amount(wei, 1n), amount(BTC, 2n), amount(wei, 3n)];
  expect(totals(values)).toEqual([amount(wei, 4n), amount(BTC, 2n)]);
  expect(totals([])).toEqual([]);
});
