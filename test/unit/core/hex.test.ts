import { expect, test } from "vitest";
import {
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  utf8,
} from "../../../src/core/hex.ts";
import { codeOf } from "../../factory/thrown.ts";

test.each(["", "00", "00ff10"])("hex %j goes to bytes and back", (text) => {
  expect(toHex(fromHex(text))).toBe(text);
});

test.each(["0", "AB", "0x00", "zz", "00 11", "00\n", "００"])("hex %j is malformed", (text) => {
  expect(codeOf(() => fromHex(text))).toBe("HEX_MALFORMED");
});

test("hex of another length than asked for is refused", () => {
  expect(codeOf(() => fromHex("00", "seed", 2))).toBe("HEX_MALFORMED");
  expect(fromHex("0001", "seed", 2)).toEqual(Uint8Array.of(0, 1));
});

test("a block's worth of hex is read without exhausting the stack", () => {
  expect(fromHex("ab".repeat(4_000_000))).toHaveLength(4_000_000);
});

test.each(["", "AA==", "AAA=", "AAAA", "+/+/"])("RFC 4648: base64 %j goes to bytes and back", (text) => {
  expect(toBase64(fromBase64(text))).toBe(text);
});

test.each(["A", "AA", "AA=", "AB==", "AAB=", "-_-_", "AA==\n", "A A=", "AA==AA==", "=", "AAAA="])(
  "RFC 4648: base64 %j is not canonical",
  (text) => {
    expect(codeOf(() => fromBase64(text))).toBe("BASE64_MALFORMED");
  },
);

test("views into a larger buffer yield their own bytes only", () => {
  const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(toHex(view)).toBe("0203");
  expect(toBase64(view)).toBe("AgM=");
  expect(concatBytes(view, utf8("é"))).toEqual(Uint8Array.of(2, 3, 0xc3, 0xa9));
});

test("bytes are equal only when length and content are", () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
});
