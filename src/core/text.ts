import { declareError } from "./errors.ts";

export const TEXT_UNSAFE = declareError(
  "TEXT_UNSAFE",
  "invalid",
  "Free text holds control or bidirectional characters, or is not in Unicode normalisation form NFC.",
);

/**
 * Characters that can move, hide or reorder what a person reads: C0 and C1 controls, bidirectional marks,
 * embeddings, overrides and isolates (Unicode UAX #9), zero-width and invisible characters, separators,
 * lone surrogates and noncharacters. Attack T5: a memo that rewrites the line above it.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]|[\u{E0000}-\u{E007F}]/u;
const UNSAFE_ALL = new RegExp(UNSAFE.source, "gu");

/** Whether `text` may stand in a document. */
export function isSafeText(text: string): boolean {
  return !UNSAFE.test(text) && text.normalize("NFC") === text;
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
    throw TEXT_UNSAFE(`${field} must have 1 to ${maxLength} characters`, { field });
  }
  return text;
}

/** `text` with every unsafe character written out as `⟨U+202E⟩`, safe to print in a terminal. */
export function visibleText(text: string): string {
  return text.replace(UNSAFE_ALL, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}
