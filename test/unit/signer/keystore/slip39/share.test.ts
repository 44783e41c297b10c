import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { invert, multiply } from "../../../../../signer/keystore/slip39/field.ts";
import { recoverMaster } from "../../../../../signer/keystore/slip39/recover.ts";
import { decodeShare, encodeShare, isShareLength } from "../../../../../signer/keystore/slip39/share.ts";
import { SLIP39_WORDS } from "../../../../../signer/keystore/slip39/wordlist.ts";
import { CustodyError } from "../../../../../src/core/errors.ts";
import { codeOf } from "../../../../factory/thrown.ts";

const SHARE = {
  identifier: 0x1234,
  extendable: true,
  iterationExponent: 0,
  group: 1,
  groupsNeeded: 2,
  groups: 3,
  member: 4,
  membersNeeded: 5,
  value: Uint8Array.from({ length: 32 }, (_, index) => index),
};
const WORDS = encodeShare(SHARE).split(" ");

const share = fc.record({
  identifier: fc.nat({ max: 0x7fff }),
  extendable: fc.boolean(),
  iterationExponent: fc.nat({ max: 15 }),
  group: fc.constant(0),
  groupsNeeded: fc.constant(1),
  groups: fc.integer({ min: 1, max: 16 }),
  member: fc.nat({ max: 15 }),
  membersNeeded: fc.integer({ min: 1, max: 16 }),
  value: fc
    .integer({ min: 8, max: 32 })
    .chain((half) => fc.uint8Array({ minLength: 2 * half, maxLength: 2 * half })),
});

describe("SLIP-39 words", () => {
  test("are the standard's 1024, each told by its first four letters", () => {
    const digest = createHash("sha256")
      .update(SLIP39_WORDS.map((word) => `${word}\n`).join(""))
      .digest("hex");
    expect(digest).toBe("bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3");
    expect(new Set(SLIP39_WORDS.map((word) => word.slice(0, 4))).size).toBe(1024);
  });
});

describe("GF(256)", () => {
  test("FIPS 197 §4.2: {57}·{83} = {c1}; every element but zero has its inverse", () => {
    expect(multiply(0x57, 0x83)).toBe(0xc1);
    for (let value = 1; value < 256; value++) expect(multiply(value, invert(value))).toBe(1);
    expect(invert(0)).toBe(0);
  });
});

describe("SLIP-39 share", () => {
  test("every share comes back from its words, in any case and spacing", () => {
    fc.assert(
      fc.property(share, (made) => {
        const words = encodeShare(made);
        expect(isShareLength(words.split(" ").length)).toBe(true);
        expect(decodeShare(words)).toEqual(made);
        expect(decodeShare(`  ${words.toUpperCase().replaceAll(" ", "\n ")} `)).toEqual(made);
      }),
    );
  });

  test("one, two and three wrong words are always found (RS1024)", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: WORDS.length - 1 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 1023 }),
        (places, shift) => {
          const wrong = WORDS.map((word, place) =>
            places.includes(place) ? SLIP39_WORDS[(SLIP39_WORDS.indexOf(word) + shift) % 1024] : word,
          );
          // The flag that chooses the checksum's customization stands in the second word, so that one is covered too.
          expect(codeOf(() => decodeShare(wrong.join(" ")))).toBe("SHARE_CHECKSUM_WRONG");
        },
      ),
    );
  });

  test.each([
    ["19 words", WORDS.slice(0, 19).join(" "), "SHARE_LENGTH_WRONG"],
    ["21 words", WORDS.slice(0, 21).join(" "), "SHARE_LENGTH_WRONG"],
    ["60 words", Array(60).fill("academic").join(" "), "SHARE_LENGTH_WRONG"],
    ["a megabyte", "academic ".repeat(120_000), "SHARE_LENGTH_WRONG"],
    ["nothing", "", "SHARE_LENGTH_WRONG"],
    ["a word of BIP-39", ["abandon", ...WORDS.slice(1)].join(" "), "SHARE_WORD_UNKNOWN"],
    ["a group that is none of its groups", encodeShare({ ...SHARE, group: 3 }), "SHARE_CONTRADICTS_ITSELF"],
  ])("%s: refused", (_, words, code) => {
    expect(codeOf(() => decodeShare(words))).toBe(code);
  });

  test("an error names the place and no word", () => {
    const message = (words: readonly string[]) => {
      try {
        decodeShare(words.join(" "));
        return "";
      } catch (error) {
        return String(error);
      }
    };
    expect(message([...WORDS.slice(0, 6), "secretword", ...WORDS.slice(7)])).toMatch(/word 7 /);
    expect(message([...WORDS.slice(0, 6), "secretword", ...WORDS.slice(7)])).not.toContain("secretword");
  });

  test("whatever is typed gives a share or a typed error, never a crash", () => {
    const word = fc.oneof(fc.constantFrom(...SLIP39_WORDS), fc.string({ maxLength: 10 }));
    const lines = fc.array(
      fc.array(word, { maxLength: 64 }).map((words) => words.join(" ")),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(lines, (typed) => {
        try {
          recoverMaster(typed.map(decodeShare), new Uint8Array());
          expect.unreachable("random words make no share");
        } catch (error) {
          expect(error).toBeInstanceOf(CustodyError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
