/** RS1024, the Reed-Solomon code over GF(1024) that guards a share (SLIP-0039, "Checksum"): up to three wrong words are always found. */

export const CHECKSUM_WORDS = 3;

const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890,
  0x3f3f120,
] as const;

/** The three words that complete `words`. */
export function checksumOf(words: readonly number[], customization: string): readonly number[] {
  const remainder = polymod([...lettersOf(customization), ...words, 0, 0, 0]) ^ 1;
  return [20, 10, 0].map((shift) => (remainder >>> shift) & 1023);
}

/** Whether `words` ends with its checksum. */
export function hasChecksum(words: readonly number[], customization: string): boolean {
  return polymod([...lettersOf(customization), ...words]) === 1;
}

function lettersOf(text: string): readonly number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

function polymod(values: readonly number[]): number {
  let remainder = 1;
  for (const value of values) {
    const top = remainder >>> 20;
    remainder = ((remainder & 0xfffff) << 10) ^ value;
    GENERATOR.forEach((term, bit) => {
      if (((top >>> bit) & 1) === 1) remainder ^= term;
    });
  }
  return remainder;
}
