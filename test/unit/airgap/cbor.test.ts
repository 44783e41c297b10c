import { describe, expect, test } from "vitest";
import { CBOR_MALFORMED, decodeCbor, encodeCbor, type Cbor } from "../../../src/airgap/cbor.ts";
import { fromHex, toHex } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { codeOf } from "../../factory/thrown.ts";

/** RFC 8949 appendix A, of what UR uses. */
const PUBLISHED: readonly (readonly [Cbor, string])[] = [
  [0, "00"],
  [1, "01"],
  [10, "0a"],
  [23, "17"],
  [24, "1818"],
  [25, "1819"],
  [100, "1864"],
  [1000, "1903e8"],
  [1000000, "1a000f4240"],
  [1000000000000, "1b000000e8d4a51000"],
  [false, "f4"],
  [true, "f5"],
  [{ tag: 1, value: 1363896240 }, "c11a514b67b0"],
  [{ tag: 23, value: Uint8Array.of(1, 2, 3, 4) }, "d74401020304"],
  [{ tag: 32, value: "http://www.example.com" }, "d82076687474703a2f2f7777772e6578616d706c652e636f6d"],
  [new Uint8Array(), "40"],
  [Uint8Array.of(1, 2, 3, 4), "4401020304"],
  ["", "60"],
  ["a", "6161"],
  ["IETF", "6449455446"],
  ["\u00fc", "62c3bc"],
  ["\u6c34", "63e6b0b4"],
  [[], "80"],
  [[1, 2, 3], "83010203"],
  [[1, [2, 3], [4, 5]], "8301820203820405"],
  [new Map(), "a0"],
  [
    new Map([
      [1, 2],
      [3, 4],
    ]),
    "a201020304",
  ],
  [
    new Map<string, Cbor>([
      ["a", 1],
      ["b", [2, 3]],
    ]),
    "a26161016162820203",
  ],
];

describe("CBOR", () => {
  test.each(PUBLISHED)("%j is %s, both ways", (value, hex) => {
    expect(toHex(encodeCbor(value))).toBe(hex);
    expect(decodeCbor(fromHex(hex))).toEqual(value);
  });

  test("maps are written in the order of their encoded keys", () => {
    const map = new Map<number | string, Cbor>([
      ["z", 1],
      [100, 2],
      [10, 3],
      ["aa", 4],
    ]);
    expect(toHex(encodeCbor(map))).toBe("a40a03186402617a0162616104"); // 10, 100, "z", "aa"
  });

  test("the largest number is 2^53 - 1", () => {
    expect(decodeCbor(encodeCbor(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
    expect(codeOf(() => decodeCbor(fromHex("1b0020000000000000")))).toBe(CBOR_MALFORMED.code);
    for (const number of [-1, 1.5, 2 ** 53, Number.NaN])
      expect(codeOf(() => encodeCbor(number))).toBe(CBOR_MALFORMED.code);
  });

  test.each([
    ["nothing", ""],
    ["a number in a longer spelling, of one byte", "1817"],
    ["of two", "1900ff"],
    ["of four", "1a0000ffff"],
    ["of eight", "1b00000000ffffffff"],
    ["a length in a longer spelling", "580101"],
    ["an indefinite byte string", "5f4101ff"],
    ["an indefinite array", "9f01ff"],
    ["a reserved length", "1c"],
    ["a negative number", "20"],
    ["a float", "f90000"],
    ["null", "f6"],
    ["a byte string that ends early", "4401"],
    ["an array that ends early", "8301"],
    ["an array that claims 2^32 items", "9b0000000100000000"],
    ["a byte string that claims 2^53 - 1 bytes", "5b001fffffffffffff"],
    ["a number that ends early", "19"],
    ["a map with a key twice", "a201020103"],
    ["a map out of order", "a203010102"],
    ["a map with an array for a key", "a1800102"],
    ["text that is not UTF-8", "62ff00"],
    ["bytes after the value", "0000"],
  ])("refuses %s", (_, hex) => {
    expect(codeOf(() => decodeCbor(fromHex(hex)))).toBe(CBOR_MALFORMED.code);
  });

  test("depth and number of values have limits", () => {
    const nested = (depth: number) => Uint8Array.from([...Array<number>(depth).fill(0x81), 0]);
    expect(codeOf(() => decodeCbor(nested(LIMITS.cborDepthMax)))).toBe("none");
    expect(codeOf(() => decodeCbor(nested(LIMITS.cborDepthMax + 1)))).toBe(CBOR_MALFORMED.code);
    const long = (count: number) => encodeCbor(Array<number>(count).fill(0));
    expect(codeOf(() => decodeCbor(long(LIMITS.cborValuesMax - 1)))).toBe("none");
    expect(codeOf(() => decodeCbor(long(LIMITS.cborValuesMax)))).toBe(CBOR_MALFORMED.code);
  });

  test("what is read does not change when the bytes it was read from do", () => {
    const bytes = fromHex("4401020304");
    const value = decodeCbor(bytes);
    bytes.fill(0);
    expect(value).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});
