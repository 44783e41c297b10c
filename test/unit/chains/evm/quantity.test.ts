import { describe, expect, test } from "vitest";
import { quantityBytes, readQuantity, wordBytes } from "../../../../src/chains/evm/quantity.ts";
import { RLP_MALFORMED } from "../../../../src/chains/evm/rlp.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

describe("whole numbers", () => {
  test.each([
    [0n, ""],
    [1n, "01"],
    [0xffn, "ff"],
    [0x100n, "0100"],
    [0xabcn, "0abc"],
    [2n ** 64n - 1n, "ff".repeat(8)],
    [2n ** 256n - 1n, "ff".repeat(32)],
  ])("%i has one spelling", (value, text) => {
    expect(toHex(quantityBytes(value))).toBe(text);
    expect(readQuantity(fromHex(text), 32, "value")).toBe(value);
  });

  test("as many bytes as the field has, and none more", () => {
    expect(readQuantity(fromHex("ff".repeat(8)), 8, "nonce")).toBe(2n ** 64n - 1n);
    const refused = (text: string, bytes: number) =>
      expectRefusal(() => readQuantity(fromHex(text), bytes, "nonce"), RLP_MALFORMED);
    expect(refused(`01${"00".repeat(8)}`, 8).message).toContain("more than 8 bytes");
    expect(refused(`01${"00".repeat(32)}`, 32).message).toContain("more than 32 bytes");
    for (const text of ["00", "0000", "0001"]) expect(refused(text, 32).message).toContain("leading zero");
    expectRefusal(() => readQuantity([], 8, "nonce"), RLP_MALFORMED);
    expectRefusal(() => readQuantity(undefined, 8, "nonce"), RLP_MALFORMED);
  });

  test("a word has 32 bytes", () => {
    expect(toHex(wordBytes(1n))).toBe(`${"00".repeat(31)}01`);
    expect(toHex(wordBytes(2n ** 256n - 1n))).toBe("ff".repeat(32));
    expect(() => wordBytes(2n ** 256n)).toThrow("256 bits");
    expect(() => wordBytes(-1n)).toThrow("256 bits");
    expect(() => quantityBytes(-1n)).toThrow("negative");
  });
});
