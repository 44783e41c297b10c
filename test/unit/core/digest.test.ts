import { expect, test } from "vitest";
import { sha256, taggedDigest, type Digest } from "../../../src/core/digest.ts";
import { toHex, utf8 } from "../../../src/core/hex.ts";
import { checkWords, fullWords } from "../../../src/core/words.ts";

test("FIPS 180-4: SHA-256 of nothing, of abc, and of abc in parts", () => {
  expect(toHex(sha256())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(toHex(sha256(utf8("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256(utf8("a"), utf8("bc"))).toEqual(sha256(utf8("abc")));
});

test("a tagged digest is SHA-256 of domain, newline and parts, so that no domain passes for another", () => {
  const parts = [utf8("x"), utf8("y")];
  expect(taggedDigest("custody/intent/v1", ...parts)).toBe(toHex(sha256(utf8("custody/intent/v1\nxy"))));
  expect(taggedDigest("custody/intent/v1", ...parts)).not.toBe(taggedDigest("custody/approval/v1", ...parts));
});

test("24 words hold all 256 bits from the left, padded by eight zero bits", () => {
  expect(fullWords("00".repeat(32) as Digest)).toBe(Array(24).fill("abandon").join(" "));
  expect(fullWords("ff".repeat(32) as Digest)).toBe([...Array(23).fill("zoo"), "theme"].join(" "));
  const one = `${"00".repeat(31)}01` as Digest;
  expect(fullWords(one).split(" ").at(-1)).toBe("cactus");
});

test("six words are the first six of the twenty-four", () => {
  const digest = toHex(sha256(utf8("words"))) as Digest;
  expect(fullWords(digest).startsWith(`${checkWords(digest)} `)).toBe(true);
  expect(checkWords(digest).split(" ")).toHaveLength(6);
});
