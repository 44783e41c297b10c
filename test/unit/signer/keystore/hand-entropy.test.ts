import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  assertFair,
  COINS,
  DICE,
  mixEntropy,
  readSymbols,
  type Source,
} from "../../../../signer/keystore/hand-entropy.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

/** Fair throws, the same for the same label. */
function fair({ symbols, needed }: Source, label: string): string {
  const limit = 256 - (256 % symbols.length);
  const bytes = Array.from({ length: 24 }, (_, part) => [...fixtureBytes(`${label} ${part}`)]).flat();
  return bytes
    .filter((byte) => byte < limit)
    .map((byte) => symbols[byte % symbols.length])
    .slice(0, needed)
    .join("");
}

describe("entropy made by hand (attack B23)", () => {
  test("99 rolls or 256 flips, each at least 255.9 bits; one less is refused", () => {
    for (const source of [DICE, COINS]) {
      expect(source.needed * Math.log2(source.symbols.length)).toBeGreaterThan(255.9);
      const enough = fair(source, "a");
      expect(enough).toHaveLength(source.needed);
      expect(codeOf(() => assertFair(source, enough))).toBe("none");
      expect(codeOf(() => assertFair(source, enough.slice(1)))).toBe("HAND_ENTROPY_MALFORMED");
    }
  });

  test.each([
    ["one face alone", DICE, "6".repeat(99)],
    ["all faces in turn", DICE, "123456".repeat(17)],
    ["all faces backwards", DICE, "654321".repeat(17)],
    ["each face many times", DICE, [1, 2, 3, 4, 5, 6].map((face) => `${face}`.repeat(17)).join("")],
    ["a die that shows a six in every other roll", DICE, `${fair(DICE, "b").slice(0, 50)}${"6".repeat(50)}`],
    ["two faces alone", DICE, "1661161166".repeat(10)],
    ["heads alone", COINS, "1".repeat(256)],
    ["heads and tails in turn", COINS, "01".repeat(128)],
    [
      "a coin that falls on heads three times of four",
      COINS,
      fair(COINS, "c").slice(0, 128) + "1".repeat(128),
    ],
  ])("%s: refused", (_, source, symbols) => {
    expect(codeOf(() => assertFair(source, symbols))).toBe("HAND_ENTROPY_LOADED");
  });

  test("fair throws are not refused: 500 times dice, 500 times coins", () => {
    for (const source of [DICE, COINS]) {
      const refused = Array.from({ length: 500 }, (_, turn) => fair(source, `turn ${turn}`)).filter(
        (symbols) => codeOf(() => assertFair(source, symbols)) !== "none",
      );
      expect(refused).toEqual([]);
    }
  });

  test("heads and tails, in any case and spacing, are 1 and 0; anything else is refused", () => {
    expect(readSymbols(COINS, " HhT t01 ")).toBe("110001");
    expect(readSymbols(DICE, "1 2\t3456")).toBe("123456");
    expect(codeOf(() => readSymbols(DICE, "1237"))).toBe("HAND_ENTROPY_MALFORMED");
    expect(codeOf(() => readSymbols(COINS, "ht2"))).toBe("HAND_ENTROPY_MALFORMED");
  });

  test("is mixed in and never replaces the system's, and the recipe can be repeated", () => {
    const [a, b] = [fixtureBytes("a"), fixtureBytes("b")];
    const made = [mixEntropy(a, "", 32), mixEntropy(a, "123", 32), mixEntropy(b, "123", 32)].map(toHex);
    expect(new Set(made).size).toBe(3);
    const elsewhere = createHash("sha256").update(a).update("123", "ascii").digest("hex");
    expect(made[1]).toBe(elsewhere);
    expect(toHex(mixEntropy(a, "123", 16))).toBe(elsewhere.slice(0, 32));
  });
});
