import { describe, expect, test } from "vitest";
import { BYTEWORDS_MALFORMED, decodeBytewords, encodeBytewords } from "../../../src/airgap/bytewords.ts";
import { crc32 } from "../../../src/airgap/crc32.ts";
import { fromHex, utf8 } from "../../../src/core/hex.ts";
import { codeOf } from "../../factory/thrown.ts";

/** BlockchainCommons/bc-ur test/test.cpp `test_bytewords_1` and `test_bytewords_2`. */
const SHORT = { body: Uint8Array.of(0, 1, 2, 128, 255), text: "aeadaolazmjendeoti" };
const LONG = {
  body: fromHex(
    "f5d714c6f1eb453bd1cda512969e7487e5d4139f1125eff0fd0b6dbf25f22678df299cbdf2fe93cc42a3d8afbf48a936203c90e6d289b8c52171580e9d1fb12e0173cd45e19641eb3a9041f0854571f73f35f2a5a0901a0d4fed85475245fea58a295518",
  ),
  text:
    "yktsbbswwnwmfefrttsnonbgmtnnjyltvwtybwne" +
    "bydawswtzcbdjnrsdawzdsksurdtnsrywzzemusf" +
    "fwottppersfdptencxfnmhvatdldroskcljshdba" +
    "ntctpadmadjksnfevymtfpwmftmhfpwtlpfejsyl" +
    "fhecwzonnbmhcybtgwwelpflgmfezeonledtgocs" +
    "fzhycypf",
};

test("checksums are the published ones", () => {
  expect(crc32(utf8("Hello, world!"))).toBe(0xebe6c6e6);
  expect(crc32(utf8("Wolf"))).toBe(0x598c84dc);
  expect(crc32(utf8("123456789"))).toBe(0xcbf43926); // ISO 3309's check value
});

describe("minimal Bytewords", () => {
  test.each([SHORT, LONG])("are the published ones, both ways: $text", ({ body, text }) => {
    expect(encodeBytewords(body)).toBe(text);
    expect(decodeBytewords(text)).toEqual(body);
    expect(decodeBytewords(text.toUpperCase())).toEqual(body);
  });

  test("every byte has a pair of its own", () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(decodeBytewords(encodeBytewords(all))).toEqual(all);
    expect(new Set(encodeBytewords(all).slice(0, 512).match(/../g)).size).toBe(256);
  });

  test.each([
    ["a wrong checksum", "aeadaolazmjendeowf"],
    ["a body changed by one letter", "aoadaolazmjendeoti"],
    ["a pair that no word has", "aaadaolazmjendeoti"],
    ["a letter missing", "aeadaolazmjendeot"],
    ["a checksum alone", "jendeoti"],
    ["nothing", ""],
    ["signs beside the letters in the table", "ae@[aolazmjendeoti"],
    ["a letter of another script that lowercases to k", "\u212aeadaolazmjendeot"],
  ])("refuse %s", (_, text) => {
    expect(codeOf(() => decodeBytewords(text))).toBe(BYTEWORDS_MALFORMED.code);
  });
});
