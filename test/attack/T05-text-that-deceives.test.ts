/**
 * T5: text that the other side chose moves the cursor, hides, reorders, floods, or reads as another text. Whatever field
 * of a review holds it, all four drawings write it out; plain text and names in their own writing stay as they are.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReviewDocument } from "../../src/core/documents/review.ts";
import { isSafeText, visibleText } from "../../src/core/text.ts";
import { goodRequest, makeCustody, stateFor } from "../factory/custody.ts";
import { drawings, lettersOf, type Drawings } from "../factory/drawings.ts";
import { reviewed } from "../factory/gates.ts";

const custody = makeCustody();
const { review } = reviewed(goodRequest(custody), stateFor(custody));
const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];

/** The honest review with `text` in every field that holds words of somebody else. No reader is asked: it is only drawn. */
function told(text: string): ReviewDocument {
  const effects = plan.rungs[0]!.effects.map((effect) =>
    effect.type === "pay" ? { ...effect, memo: text, approvedBy: [text as never] } : effect,
  );
  const shown = { ...plan, rungs: [{ ...plan.rungs[0]!, effects }], wallet: text as never, quorum: text };
  return {
    ...review,
    body: {
      ...review.body,
      operator: { name: review.body.operator.name, person: text },
      signer: text as never,
      plans: [{ ...shown, locks: [text], warnings: [text] }],
    },
  };
}

const FIELDS = 8;

function escaped(character: string): string {
  const units = [...Array(character.length).keys()].map((place) => character.charCodeAt(place));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

const SPACE = /\s/g;
function count(drawn: string, part: string): number {
  return lettersOf(drawn).split(part.replace(SPACE, "")).length - 1;
}

const DECEIVING: readonly [what: string, text: string, character: string][] = [
  ["a newline", "10\nPAY nothing", "\n"],
  ["a return to the line's begin", "evil\rgood", "\r"],
  ["an escape sequence", "a\u001b[2Jb", "\u001b"],
  ["an escape sequence of C1", "a\u009b2Jb", "\u009b"],
  ["a title set by OSC of C1", "a\u009d0;mainnet\u009cb", "\u009d"],
  ["a backspace", "ab\bc", "\b"],
  ["NUL", "a\u0000b", "\u0000"],
  ["right-to-left override", "a\u202eb", "\u202e"],
  ["right-to-left isolate", "a\u2067b", "\u2067"],
  ["pop directional isolate", "a\u2069b", "\u2069"],
  ["Arabic letter mark", "a\u061cb", "\u061c"],
  ["zero width space", "a\u200bb", "\u200b"],
  ["zero width joiner", "a\u200db", "\u200d"],
  ["a tag character", "a\u{e0041}b", "\u{e0041}"],
  ["no-break space", "a\u00a0b", "\u00a0"],
  ["five marks on one letter", "a\u0301\u0302\u0303\u0304\u0305", "\u0305"],
  ["a mark on the label before it", "\u0338x", "\u0338"],
  ["a Cyrillic letter among Latin ones", "p\u0430ypal", "\u0430"],
  ["a Greek letter among Latin ones", "Bob\u03bf", "\u03bf"],
  ["a Latin word among Cyrillic letters", "\u0416ohn", "\u0416"],
  ["a word of Cyrillic letters that reads as a Latin one", "\u0441\u043e\u0441", "\u043e"],
  ["a word of Greek capitals that reads as a Latin one", "\u0391\u0392", "\u0391"],
  ["a Cherokee letter", "\u13aa", "\u13aa"],
  ["a fullwidth letter", "p\uff41y", "\uff41"],
  ["a mathematical letter", "p\u{1d41a}y", "\u{1d41a}"],
  ["a phonetic letter", "p\u0251y", "\u0251"],
  ["a ligature", "\ufb01ne", "\ufb01"],
  ["a point that is a leader", "0\u202425", "\u2024"],
  ["a hyphen that is none", "INV\u20107", "\u2010"],
  ["a minus sign", "INV\u22127", "\u2212"],
  ["a colon that is a letter", "bc1\ua7897", "\ua789"],
  ["a slash that is a division", "1\u22152", "\u2215"],
  ["a small full stop", "0\ufe5225", "\ufe52"],
  ["digits of two systems in one number", "1\u0663", "\u0663"],
];

describe("text that deceives is written out, whichever field holds it", () => {
  test.each(DECEIVING)("%s", (_what, text, character) => {
    const drawn = drawings(told(text));
    const point = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
    for (const name of ["terminal", "html", "svg"] as const) {
      expect(count(drawn[name], `⟨U+${point}⟩`), name).toBeGreaterThanOrEqual(FIELDS);
      // Line breaks of a drawing are its own; everything else of the kind must be gone.
      if (character !== "\n") expect(drawn[name], name).not.toContain(character);
    }
    expect(drawn.json).not.toContain(character);
    const inJson = character === "\n" ? "\\n" : { "\r": "\\r", "\b": "\\b" }[character];
    expect(drawn.json.split(inJson ?? escaped(character)).length - 1).toBeGreaterThanOrEqual(FIELDS);
    expect(JSON.parse(drawn.json)).toEqual(JSON.parse(JSON.stringify(told(text).body)));
  });

  test("no newline in a text begins a row", () => {
    expect(drawings(told("10\nPAY nothing")).terminal).not.toMatch(/^ *PAY nothing/m);
  });
});

/** Twins: letters of the same scripts, in words that read as nothing else. */
const HONEST = [
  "invoice 4711, 1.5 % of 0.25 BTC",
  "Zoë Ångström-Yıldız",
  "Müller & Söhne <GmbH>",
  "Анна Иванова",
  "Ελλάς",
  "Հայաստան",
  "עברית",
  "محمد ٣٤",
  "日本語テスト",
  "ABC銀行",
  "한국어",
  "हिन्दी",
  "ภาษาไทย",
  "Nguyễn Thị",
  "100 €",
  "from 1 – 2 May… “all” of it — yes",
];

describe("plain text stays as it is", () => {
  test.each(HONEST)("%s", (text) => {
    expect(isSafeText(text)).toBe(true);
    expect(visibleText(text)).toBe(text);
    const drawn: Drawings = drawings(told(text));
    for (const name of ["terminal", "html", "svg"] as const)
      expect(count(drawn[name], text), name).toBeGreaterThanOrEqual(FIELDS);
    expect(drawn.json.split(JSON.stringify(text)).length - 1).toBeGreaterThanOrEqual(FIELDS);
  });
});

test("written out once is written out: nothing is left for a second reader to find", () => {
  const letters = fc.constantFrom(
    ..."ab1 -⟨é\u00fc",
    ...DECEIVING.map(([, , character]) => character),
    ...HONEST.join(""),
  );
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), (some) => {
      const shown = visibleText(some.join(""));
      expect(visibleText(shown)).toBe(shown);
    }),
    { numRuns: 2000 },
  );
});

test("two names that look the same are never drawn the same", () => {
  const pairs = [
    ["paypal", "p\u0430ypal"],
    ["coc", "\u0441\u043e\u0441"],
    ["AB", "\u0391\u0392"],
    ["a b", "a\u00a0b"],
    ["fine", "\ufb01ne"],
  ] as const;
  for (const [plain, other] of pairs) expect(visibleText(other)).not.toBe(visibleText(plain));
});

test("a flood of letters takes time that grows with its length, not with the square of it", () => {
  const floods = ["\u0301", "\u202e", "a\u0430", "1\u0663", "\u0416 1"];
  const cost = (count: number) => {
    const begin = process.cpuUsage();
    for (const one of floods) visibleText(one.repeat(count));
    return process.cpuUsage(begin).user;
  };
  cost(1000);
  // Eight times as many: eight times as long, or sixty-four.
  expect(cost(64_000) / cost(8000)).toBeLessThan(30);
});
