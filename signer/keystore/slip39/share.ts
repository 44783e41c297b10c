/** One SLIP-39 share, as fields and as words (SLIP-0039, "Format of the share mnemonic"). Pure. */
import { declareError } from "../../../src/core/errors.ts";
import { CHECKSUM_WORDS, checksumOf, hasChecksum } from "./checksum.ts";
import { CUSTOMIZATION, type CipherParameters } from "./cipher.ts";
import { SLIP39_WORDS } from "./wordlist.ts";

export type Share = CipherParameters & {
  /** From 0. */
  readonly group: number;
  readonly groupsNeeded: number;
  readonly groups: number;
  /** From 0, within the group. */
  readonly member: number;
  readonly membersNeeded: number;
  /** The share's point of the group's polynomial, 16 to 64 bytes. */
  readonly value: Uint8Array;
};

export const SHARE_WORD_UNKNOWN = declareError(
  "SHARE_WORD_UNKNOWN",
  "invalid",
  "A SLIP-39 share has a word that is not one of the standard's 1024.",
);
export const SHARE_LENGTH_WRONG = declareError(
  "SHARE_LENGTH_WRONG",
  "invalid",
  "A SLIP-39 share has a number of words that no share has.",
);
export const SHARE_CHECKSUM_WRONG = declareError(
  "SHARE_CHECKSUM_WRONG",
  "invalid",
  "A SLIP-39 share's checksum is wrong: a word was misread, left out or moved.",
);
export const SHARE_PADDING_WRONG = declareError(
  "SHARE_PADDING_WRONG",
  "invalid",
  "A SLIP-39 share has bits set where the standard wants zeros: no program that follows it wrote this share.",
);
export const SHARE_CONTRADICTS_ITSELF = declareError(
  "SHARE_CONTRADICTS_ITSELF",
  "invalid",
  "A SLIP-39 share asks for more groups than it says there are.",
);

/** Words in front of the value: two of identifier, flag and exponent, two of indexes and thresholds. */
const HEAD_WORDS = 4;
/** A BIP-32 seed has 128 to 512 bits, and so has a share's value. */
const VALUE_BYTES = { min: 16, max: 64 } as const;
const WORDS_MIN = wordsFor(VALUE_BYTES.min);
export const SHARE_WORDS_MAX = wordsFor(VALUE_BYTES.max);
/** No word has more than eight letters; what a person types between them is not worth more room. */
const CHARACTERS_MAX = SHARE_WORDS_MAX * 16;

export function encodeShare(share: Share): string {
  const head = [
    [share.identifier, 15],
    [share.extendable ? 1 : 0, 1],
    [share.iterationExponent, 4],
    [share.group, 4],
    [share.groupsNeeded - 1, 4],
    [share.groups - 1, 4],
    [share.member, 4],
    [share.membersNeeded - 1, 4],
  ] as const;
  const headBits = head.map(([value, bits]) => value.toString(2).padStart(bits, "0")).join("");
  const valueBits = [...share.value].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const padded = valueBits.padStart(Math.ceil(valueBits.length / 10) * 10, "0");
  const indexes = ((headBits + padded).match(/.{10}/g) ?? []).map((bits) => Number.parseInt(bits, 2));
  return [...indexes, ...checksumOf(indexes, customizationOf(share))]
    .map((index) => SLIP39_WORDS[index] as string)
    .join(" ");
}

/**
 * A share as typed, in any case and spacing. Errors name places, never words.
 * @throws SHARE_WORD_UNKNOWN, SHARE_LENGTH_WRONG, SHARE_CHECKSUM_WRONG, SHARE_PADDING_WRONG, SHARE_CONTRADICTS_ITSELF
 */
export function decodeShare(typed: string): Share {
  const indexes = indexesOf(typed);
  const bits = indexes.map((index) => index.toString(2).padStart(10, "0")).join("");
  const field = (from: number, length: number) => Number.parseInt(bits.slice(from, from + length), 2);
  const extendable = isExtendable(indexes);
  if (!hasChecksum(indexes, customizationOf({ extendable }))) {
    throw SHARE_CHECKSUM_WRONG("share: the checksum is wrong", {
      field: "share",
      hint: "compare every word with the sheet, and their order",
    });
  }
  const share = {
    identifier: field(0, 15),
    extendable,
    iterationExponent: field(16, 4),
    group: field(20, 4),
    groupsNeeded: field(24, 4) + 1,
    groups: field(28, 4) + 1,
    member: field(32, 4),
    membersNeeded: field(36, 4) + 1,
  };
  if (share.groupsNeeded > share.groups || share.group >= share.groups) {
    throw SHARE_CONTRADICTS_ITSELF(
      `share: of group ${share.group + 1}, ${share.groupsNeeded} of ${share.groups} groups needed`,
      { field: "share", hint: "whatever made it does not follow SLIP-39; use another share" },
    );
  }
  return { ...share, value: valueOf(bits.slice(HEAD_WORDS * 10, -CHECKSUM_WORDS * 10)) };
}

/** Whether words of the list, as far as they go, are a whole share: its length and its checksum are right. */
export function isWholeShare(words: readonly string[]): boolean {
  const indexes = words.map((word) => SLIP39_WORDS.indexOf(word));
  if (!isShareLength(words.length) || indexes.includes(-1)) return false;
  return hasChecksum(indexes, customizationOf({ extendable: isExtendable(indexes) }));
}

/** Whether a share may have that many words. */
export function isShareLength(words: number): boolean {
  return words >= WORDS_MIN && words <= SHARE_WORDS_MAX && paddingOf(words) <= 8;
}

/** The flag is the sixth bit of the second word, after the 15 bits of the identifier. */
function isExtendable(indexes: readonly number[]): boolean {
  return (((indexes[1] ?? 0) >> 4) & 1) === 1;
}

function indexesOf(typed: string): readonly number[] {
  // Cut first: what is longer than any share is not worth being split into words.
  const words = typed
    .slice(0, CHARACTERS_MAX + 1)
    .trim()
    .toLowerCase()
    .split(/\s+/);
  if (typed.length > CHARACTERS_MAX || !isShareLength(words.length)) {
    throw SHARE_LENGTH_WRONG(
      typed.length > CHARACTERS_MAX ? "share: too long" : `share: no share has ${words.length} words`,
      { field: "share", hint: "a share of 128 bits has 20 words, of 256 bits 33, of 512 bits 59" },
    );
  }
  return words.map((word, index) => {
    const found = SLIP39_WORDS.indexOf(word);
    if (found >= 0) return found;
    throw SHARE_WORD_UNKNOWN(`share: word ${index + 1} is not a word of SLIP-39`, {
      field: "share",
      hint: "compare that word with the sheet; the words of BIP-39 are another list",
    });
  });
}

function valueOf(bits: string): Uint8Array {
  const padding = bits.length % 16;
  if (bits.slice(0, padding).includes("1")) {
    throw SHARE_PADDING_WRONG("share: the padding in front of its value is not zero", {
      field: "share",
      hint: "whatever made it does not follow SLIP-39; use another share",
    });
  }
  const bytes = bits.slice(padding).match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}

function paddingOf(words: number): number {
  return ((words - HEAD_WORDS - CHECKSUM_WORDS) * 10) % 16;
}

function wordsFor(valueBytes: number): number {
  return HEAD_WORDS + Math.ceil((valueBytes * 8) / 10) + CHECKSUM_WORDS;
}

function customizationOf({ extendable }: Pick<Share, "extendable">): string {
  return extendable ? CUSTOMIZATION.extendable : CUSTOMIZATION.fixed;
}
