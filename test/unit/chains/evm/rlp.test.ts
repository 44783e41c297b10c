/** RLP by the examples of ethereum.org's page and of ethereum-tests' RLPTests, which every client passes. */
import { describe, expect, test } from "vitest";
import {
  decodeRlp,
  encodeRlp,
  RLP_MALFORMED,
  RLP_TOO_LARGE,
  type Rlp,
} from "../../../../src/chains/evm/rlp.ts";
import { fromHex, toHex, utf8 } from "../../../../src/core/hex.ts";
import { LIMITS } from "../../../../src/core/limits.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

const LOREM = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";

const EXAMPLES: readonly (readonly [string, Rlp, string])[] = [
  ["the string dog", utf8("dog"), "83646f67"],
  ["a list of two strings", [utf8("cat"), utf8("dog")], "c88363617483646f67"],
  ["the empty string", utf8(""), "80"],
  ["the empty list", [], "c0"],
  ["the byte 0", fromHex("00"), "00"],
  ["the byte 0x0f", fromHex("0f"), "0f"],
  ["the byte 0x7f", fromHex("7f"), "7f"],
  ["the byte 0x80", fromHex("80"), "8180"],
  ["two bytes", fromHex("0400"), "820400"],
  ["three, as sets", [[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"],
  ["a string of 55 bytes", utf8(LOREM.slice(0, 55)), `b7${toHex(utf8(LOREM.slice(0, 55)))}`],
  ["a string of 56 bytes", utf8(LOREM), `b838${toHex(utf8(LOREM))}`],
  ["a string of 1024 bytes", new Uint8Array(1024), `b90400${"00".repeat(1024)}`],
  ["a list of 55 bytes", Array.from({ length: 55 }, () => []), `f7${"c0".repeat(55)}`],
  ["a list of 56 bytes", Array.from({ length: 56 }, () => []), `f838${"c0".repeat(56)}`],
];

/** Of ethereum-tests' invalidRLPTest.json, and the edges of each rule. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ["nothing", "", "ends too early"],
  ["a byte too many", "83646f6700", "1 bytes behind its end"],
  ["two values", "8080", "1 bytes behind its end"],
  ["a string that ends early", "83646f", "ends too early"],
  ["a list that ends early", "c883636174", "ends too early"],
  ["an item that leaves its list", "c283646f67", "ends too early"],
  ["an item that leaves its list for the next one", "c5c283646f67", "ends too early"],
  ["a long string without its length", "b8", "ends too early"],
  ["a long string without all of its length", "b904", "ends too early"],
  ["a long list without its length", "f8", "ends too early"],
  ["a length that lies outside of the list", `c1f838${"c0".repeat(56)}`, "ends too early"],
  ["a byte below 0x80 with a length", "8100", "below 0x80"],
  ["the byte 0x7f with a length", "817f", "below 0x80"],
  ["an inner byte with a length", "c28101", "below 0x80"],
  ["a string of 55 bytes the long way", `b837${"61".repeat(55)}`, "the long way"],
  ["a list of 55 bytes the long way", `f837${"c0".repeat(55)}`, "the long way"],
  ["a long string that ends early", `b90100${"61".repeat(255)}`, "ends too early"],
  ["an empty string the long way", "b800", "leading zero"],
  ["an empty list the long way", "f800", "leading zero"],
  ["a length with a leading zero", `b90038${"61".repeat(56)}`, "leading zero"],
  ["a list's length with a leading zero", `f90038${"c0".repeat(56)}`, "leading zero"],
];

describe("RLP", () => {
  test.each(EXAMPLES)("%s", (_, value, text) => {
    expect(toHex(encodeRlp(value))).toBe(text);
    expect(decodeRlp(fromHex(text))).toEqual(value);
  });

  test.each(REFUSED)("refused: %s", (_, text, why) => {
    const { field, hint, message } = expectRefusal(
      () => decodeRlp(fromHex(text), "plan.base"),
      RLP_MALFORMED,
    );
    expect(message).toContain(why);
    expect([field, hint]).toEqual(["plan.base", "have it built again"]);
  });

  test("refused: more bytes than a transaction has, whatever they are", () => {
    const most = new Uint8Array(LIMITS.evmTransactionBytesMax - 4);
    expect(decodeRlp(encodeRlp(most))).toEqual(most);
    const more = encodeRlp(new Uint8Array(LIMITS.evmTransactionBytesMax - 3));
    expect(more).toHaveLength(LIMITS.evmTransactionBytesMax + 1);
    expectRefusal(() => decodeRlp(more), RLP_TOO_LARGE);
  });

  test("what was read is a copy: whoever has the bytes cannot change it (B18)", () => {
    for (const bytes of [fromHex("83646f67"), Buffer.from("83646f67", "hex")]) {
      const read = decodeRlp(bytes);
      bytes.fill(0);
      expect(read).toEqual(utf8("dog"));
    }
    const byte = Buffer.from("05", "hex");
    const written = encodeRlp(byte);
    byte.fill(0);
    expect(toHex(written)).toBe("05");
  });
});
