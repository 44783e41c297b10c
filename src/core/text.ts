import { declareError } from "./errors.ts";
import { STRANGE_SOURCE, withoutLookAlikes } from "./look-alikes.ts";

export const TEXT_UNSAFE = declareError(
  "TEXT_UNSAFE",
  "invalid",
  "Free text holds control or bidirectional characters, or is not in Unicode normalisation form NFC.",
);

/**
 * Characters that can move, hide or reorder what a person reads. Attack T5: a memo that rewrites the line above it,
 * or two texts that differ and look the same. Unicode's category C holds controls, format characters (bidirectional
 * ones of UAX #9, zero-width ones, tags), surrogates, private use and what is unassigned (its normal form is not yet
 * fixed, so two readers may disagree on it); then line and paragraph separators, and the letters, marks and one symbol
 * that are drawn as nothing: combining joiner, Hangul fillers, Khmer vowels, variation selectors, the braille blank.
 */
const UNSAFE =
  /[\p{C}\p{Zl}\p{Zp}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]/u;
/** What is written out wherever it stands: unsafe characters with the marks on them, and what no everyday text holds. */
let unseenPattern: RegExp | undefined;
function unseen(): RegExp {
  unseenPattern ??= new RegExp(`(?:${UNSAFE.source})\\p{M}*|${STRANGE_SOURCE}`, "gu");
  return unseenPattern;
}
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * More marks on one letter than any writing has (UAX #15 §13, Stream-Safe Text Format). Normalising sorts them, in time
 * that grows with the square of their number: two hundred kilobytes of them stop a reader for a minute.
 */
const TOO_MANY_MARKS = /\p{M}{31}/u;

/** Whether `text` may stand in a document. */
export function isSafeText(text: string): boolean {
  // Most text is plain ASCII, and it is asked of every string of every document.
  return (
    PLAIN.test(text) || (!UNSAFE.test(text) && !TOO_MANY_MARKS.test(text) && text.normalize("NFC") === text)
  );
}

/** @throws TEXT_UNSAFE */
export function parseText(text: string, field: string, maxLength: number): string {
  if (!isSafeText(text)) {
    throw TEXT_UNSAFE(`${field} holds characters that can hide or reorder text, or is not NFC`, {
      field,
      hint: `type ${field} again as plain text`,
    });
  }
  if (text.length === 0 || text.length > maxLength) {
    throw TEXT_UNSAFE(`${field} must have 1 to ${maxLength} characters`, {
      field,
      hint: `give ${field} in that length`,
    });
  }
  return text;
}

/**
 * `text` as it may stand before a person: what moves, hides or reorders is written out as `⟨U+202E⟩`, and so are letters
 * that pass for others (`look-alikes.ts`). Text in one writing stays as it is, unless all of a word reads as ASCII.
 */
export function visibleText(text: string): string {
  return visible(text, (characters) =>
    [...characters]
      .map((character) => {
        const point = character.codePointAt(0) ?? 0;
        return `⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩`;
      })
      .join(""),
  );
}

function visible(text: string, writeOut: (characters: string) => string): string {
  return PLAIN.test(text) ? text : withoutLookAlikes(text.replace(unseen(), writeOut), writeOut);
}

/** `text` in quotation marks for an error: visible, and cut after 80 characters, for it may be a megabyte of a stranger's. */
export function quoted(text: string): string {
  return `"${visibleText(text.slice(0, 80))}${text.length > 80 ? "…" : ""}"`;
}

/** The beginning of `text`, for an error: what a stranger's file can make endless must not fill a screen or a log. */
export function excerpt(text: string): string {
  return text.length > EXCERPT_CHARACTERS_MAX ? `${text.slice(0, EXCERPT_CHARACTERS_MAX)}…` : text;
}

const EXCERPT_CHARACTERS_MAX = 200;

/** `json` (as JSON.stringify gives it) with the same characters escaped: the same value, safe to print in a terminal. */
export function visibleJson(json: string): string {
  return visible(json, (characters) =>
    [...Array(characters.length).keys()]
      .map((index) => `\\u${characters.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
