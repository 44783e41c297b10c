/**
 * B23: seeds that can be guessed, because the generator was broken (Coldcard's of 2021 to 2026) or a die was loaded or
 * invented. Both take part in every seed that is thrown for, and throws are checked for what a fair die gives.
 */
import { expect, test } from "vitest";
import { assertFair, COINS, DICE, mixEntropy } from "../../signer/keystore/hand-entropy.ts";
import { sha256 } from "../../src/core/digest.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { pair } from "./pair.ts";

/** Throws of a fair die, from a sentence. */
function fairThrows(sentence: string, count = 99): string {
  const bytes = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((part) => [...sha256(utf8(`${sentence} ${part}`))]);
  return bytes
    .filter((byte) => byte < 252)
    .slice(0, count)
    .map((byte) => (byte % 6) + 1)
    .join("");
}

const FAIR = fairThrows("one");

pair("B23", "the die is loaded: every third throw became a six", {
  good: () => FAIR,
  bad: (throws) => [...throws].map((side, place) => (place % 3 === 0 ? "6" : side)).join(""),
  judge: (throws) => codeOf(() => assertFair(DICE, throws)),
  accepted: "none",
  refused: "HAND_ENTROPY_LOADED",
  removes: ["throws are as a fair die gives them"],
  without: "none",
});

pair("B23", "the throws are invented in order, each side as often as the others", {
  good: () => FAIR,
  bad: (throws) => [...throws].map((_, place) => (place % 6) + 1).join(""),
  judge: (throws) => codeOf(() => assertFair(DICE, throws)),
  accepted: "none",
  refused: "HAND_ENTROPY_LOADED",
  removes: ["throws are as a fair die gives them"],
  without: "none",
});

pair("B23", "one throw is missing from 256 bits", {
  good: () => FAIR,
  bad: (throws) => throws.slice(1),
  judge: (throws) => codeOf(() => assertFair(DICE, throws)),
  accepted: "none",
  refused: "HAND_ENTROPY_MALFORMED",
  removes: ["throws are enough"],
  without: "none",
});

const other = fairThrows("two");
const seeds = ([first, second]: readonly [Uint8Array, Uint8Array]) =>
  toHex(mixEntropy(first, FAIR, 32)) === toHex(mixEntropy(second, other, 32)) ? "one seed" : "two seeds";

pair("B23", "the generator gives two people the same bytes", {
  good: () => [sha256(utf8("system 1")), sha256(utf8("system 2"))] as const,
  bad: ([first]) => [first, first] as const,
  judge: seeds,
  accepted: "two seeds",
  refused: "two seeds",
  removes: ["throws take part in the seed"],
  without: "one seed",
});

test("B23: what was thrown never replaces the generator", () => {
  const [one, two] = [sha256(utf8("system 1")), sha256(utf8("system 2"))];
  expect(toHex(mixEntropy(one, FAIR, 32))).not.toBe(toHex(mixEntropy(two, FAIR, 32)));
  expect(toHex(mixEntropy(one, FAIR, 32))).toBe(toHex(sha256(one, utf8(FAIR))));
});

test("B23: a coin is judged as a die is", () => {
  const flips = [...fairThrows("coin", 250), ...fairThrows("coins", 6)]
    .map((side) => Number(side) % 2)
    .join("");
  expect(codeOf(() => assertFair(COINS, flips))).toBe("none");
  expect(codeOf(() => assertFair(COINS, "01".repeat(128)))).toBe("HAND_ENTROPY_LOADED");
  expect(codeOf(() => assertFair(COINS, flips.slice(1)))).toBe("HAND_ENTROPY_MALFORMED");
});
