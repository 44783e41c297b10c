import { describe, expect, test } from "vitest";
import { fromBase32, toBase32 } from "../../../src/airgap/base32.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { codeOf } from "../../factory/thrown.ts";

describe("base32", () => {
  test.each([
    ["", ""],
    ["f", "MY"],
    ["fo", "MZXQ"],
    ["foo", "MZXW6"],
    ["foob", "MZXW6YQ"],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI"],
  ])("RFC 4648 §10, without its padding: %s is %s", (text, letters) => {
    expect(toBase32(utf8(text))).toBe(letters);
    expect(fromBase32(letters)).toEqual(utf8(text));
  });

  test.each([
    ["lower case", "mzxw6"],
    ["padding", "MY======"],
    ["a letter outside the alphabet", "MZXW1"],
    ["a length that no bytes have", "MZX"],
    ["bits that belong to no byte", "MZ"],
    ["a sign outside the first plane", "MZXW6YT😀"],
  ])("%s is refused", (_, letters) => {
    expect(codeOf(() => fromBase32(letters))).toBe("BASE32_MALFORMED");
  });
});
