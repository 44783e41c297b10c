/** Spoils text: characters that look alike, hide or reorder, numbers at their edges, words of other samples. */
import { utf8 } from "../../src/core/hex.ts";
import type { Random } from "../attack/bench/random.ts";
import { INPUT_BYTES_MAX, mutateBytes } from "./mutate-bytes.ts";
import { textOf, type Mutate } from "./target.ts";

/** Code units that readers have stumbled over; the last ones are half a surrogate pair and what lowercases into ASCII. */
const CHARACTERS = [
  ..." \t\n\r\0\"'\\/:;,.#*-+<>()[]{}|~$%&=_@!?0198aAzZ",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u00ad",
  "\u0301",
  "\u0390",
  "\u200b",
  "\u200d",
  "\u202e",
  "\u2066",
  "\u2028",
  "\u212a",
  "\u017f",
  "\ufeff",
  "\uff11",
  "\u{1f4a9}",
  "\ud800",
  "\udc00",
];

const NUMBERS = [
  "0",
  "00",
  "-0",
  "-1",
  "1",
  "01",
  "1.0",
  "1e9",
  "1e999",
  ".5",
  "0x10",
  "255",
  "256",
  "65536",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740991",
  "9007199254740992",
  "18446744073709551616",
  "9".repeat(80),
  "NaN",
];

type Edit = (random: Random, text: string, other: string) => string;

const spliced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

const EDITS: readonly Edit[] = [
  (random, text) => {
    const at = random.below(text.length + 1);
    return spliced(text, at, at + random.below(2), random.of(CHARACTERS));
  },
  (random, text) => {
    const at = random.below(text.length + 1);
    return spliced(text, at, at + 1 + random.below(random.chance(80) ? 4 : text.length + 1), "");
  },
  // A number in the text, for another one.
  (random, text) => {
    const numbers = [...text.matchAll(/[0-9]+/g)];
    if (numbers.length === 0) return text + random.of(NUMBERS);
    const found = random.of(numbers);
    return spliced(text, found.index, found.index + found[0].length, random.of(NUMBERS));
  },
  // A word in the text, for one of another sample.
  (random, text, other) => {
    const words = [...text.matchAll(/\w+/g)];
    const others = other.match(/\w+/g) ?? [""];
    if (words.length === 0) return other;
    const found = random.of(words);
    return spliced(text, found.index, found.index + found[0].length, random.of(others));
  },
  (random, text) => {
    const from = random.below(text.length + 1);
    const piece = text.slice(from, from + 1 + random.below(random.chance(80) ? 8 : text.length + 1));
    const times = random.chance(70)
      ? 2
      : Math.floor(random.below(INPUT_BYTES_MAX / 16) / Math.max(1, piece.length));
    return spliced(text, from, from + piece.length, piece.repeat(Math.max(1, times)));
  },
  (random, text) => {
    const at = random.below(text.length + 1);
    const letter = text.charAt(at);
    return spliced(
      text,
      at,
      at + 1,
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
  },
  (random, text) => random.of([text.toUpperCase(), text.toLowerCase(), ` ${text}`, `${text}\n`, text.trim()]),
  // Two neighbours change places.
  (random, text) => {
    const at = random.below(text.length + 1);
    return spliced(text, at, at + 2, text.charAt(at + 1) + text.charAt(at));
  },
  (random, text, other) => spliced(text, random.below(text.length + 1), text.length, other),
];

/** `text` spoilt. */
export function spoiltText(random: Random, text: string, other: string): string {
  let spoilt = text;
  const edits = random.chance(60) ? 1 : 1 + random.below(5);
  for (let i = 0; i < edits; i++) spoilt = random.of(EDITS)(random, spoilt, other);
  return spoilt.slice(0, INPUT_BYTES_MAX);
}

/** Text as text, and once in ten times as bytes, which then may be no UTF-8. */
export const mutateText: Mutate = (random, sample, samples) =>
  random.chance(10)
    ? mutateBytes(random, sample, samples)
    : utf8(spoiltText(random, textOf(sample), textOf(random.of(samples))));
