import { describe, expect, test } from "vitest";
import { isSafeText, parseText, quoted, visibleJson, visibleText } from "../../../src/core/text.ts";
import { codeOf } from "../../factory/thrown.ts";

/** Attack T5: characters that move, hide or reorder what a person reads. */
const UNSAFE: readonly [string, string][] = [
  ["NUL", "\u0000"],
  ["newline", "\n"],
  ["escape", "\u001b"],
  ["delete", "\u007f"],
  ["C1 CSI", "\u009b"],
  ["soft hyphen", "\u00ad"],
  ["combining grapheme joiner", "\u034f"],
  ["Arabic letter mark", "\u061c"],
  ["Hangul filler", "\u115f"],
  ["Khmer inherent vowel", "\u17b4"],
  ["Mongolian variation selector", "\u180b"],
  ["Mongolian vowel separator", "\u180e"],
  ["zero width space", "\u200b"],
  ["zero width joiner", "\u200d"],
  ["right-to-left mark", "\u200f"],
  ["line separator", "\u2028"],
  ["right-to-left override", "\u202e"],
  ["word joiner", "\u2060"],
  ["right-to-left isolate", "\u2067"],
  ["braille blank", "\u2800"],
  ["Hangul filler (compatibility)", "\u3164"],
  ["private use", "\ue000"],
  ["noncharacter U+FDD0", "\ufdd0"],
  ["variation selector 16", "\ufe0f"],
  ["byte order mark", "\ufeff"],
  ["half-width Hangul filler", "\uffa0"],
  ["interlinear annotation", "\ufff9"],
  ["noncharacter U+FFFE", "\ufffe"],
  ["musical begin beam", "\u{1d173}"],
  ["noncharacter U+1FFFE", "\u{1fffe}"],
  ["language tag", "\u{e0001}"],
  ["variation selector 17", "\u{e0100}"],
  ["lone surrogate", "\ud800"],
];

describe("T5: text that could rewrite the line above it", () => {
  test.each(UNSAFE)("%s is refused in documents and written out on screen", (_name, character) => {
    expect(isSafeText(`a${character}b`)).toBe(false);
    expect(codeOf(() => parseText(`a${character}b`, "memo", 64))).toBe("TEXT_UNSAFE");
    expect(visibleText(`a${character}b`)).toMatch(/^a⟨U\+[0-9A-F]{4,6}⟩b$/);
  });

  test.each(["Zoë Ångström", "Müller & Söhne", "日本語", "עברית", "100 €", "Анна", "😀"])(
    "%s is plain text",
    (text) => {
      expect(isSafeText(text)).toBe(true);
      expect(parseText(text, "name", 64)).toBe(text);
      expect(visibleText(text)).toBe(text);
    },
  );

  test("two spellings of one text: only NFC is read", () => {
    expect(isSafeText("e\u0301")).toBe(false);
    expect(isSafeText("\u212b")).toBe(false);
    expect(isSafeText("\u00e9")).toBe(true);
  });
});

describe("T5: letters that pass for others are written out, though a document may hold them", () => {
  test.each([
    ["p\u0430ypal", "p⟨U+0430⟩ypal"],
    ["\u0441\u043e\u0441", "⟨U+0441⟩⟨U+043E⟩⟨U+0441⟩"],
    ["M\u00fc\u0430", "M\u00fc⟨U+0430⟩"],
    ["\u0436\u03b1", "⟨U+0436⟩⟨U+03B1⟩"],
    ["a\u00a0b", "a⟨U+00A0⟩b"],
    ["\ufb01ne", "⟨U+FB01⟩ne"],
    ["1\u0663", "1⟨U+0663⟩"],
  ])("%s", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(isSafeText(text)).toBe(true);
    expect(JSON.parse(visibleJson(JSON.stringify(text)))).toBe(text);
    expect(visibleJson(JSON.stringify(text))).not.toBe(JSON.stringify(text));
  });
});

test("text has 1 to n characters", () => {
  expect(codeOf(() => parseText("", "memo", 4))).toBe("TEXT_UNSAFE");
  expect(codeOf(() => parseText("abcde", "memo", 4))).toBe("TEXT_UNSAFE");
  expect(parseText("abcd", "memo", 4)).toBe("abcd");
});

test("a quotation in an error is short and visible", () => {
  expect(quoted("abc")).toBe('"abc"');
  expect(quoted("a\u202eb")).toBe('"a⟨U+202E⟩b"');
  expect(quoted("x".repeat(1_000_000))).toBe(`"${"x".repeat(80)}…"`);
});
