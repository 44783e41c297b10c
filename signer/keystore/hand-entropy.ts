/**
 * Entropy that a person makes by hand: dice or a coin. It is mixed with the system's generator and never replaces it, so
 * that neither a poor generator (attack B23: Coldcard's seeds of 2021 to 2026) nor a loaded die decides alone.
 */
import { sha256 } from "../../src/core/digest.ts";
import { assert, declareError } from "../../src/core/errors.ts";
import { utf8 } from "../../src/core/hex.ts";

export const HAND_ENTROPY_MALFORMED = declareError(
  "HAND_ENTROPY_MALFORMED",
  "invalid",
  "Dice rolls or coin flips are too few, or hold something else than rolls or flips.",
);
export const HAND_ENTROPY_LOADED = declareError(
  "HAND_ENTROPY_LOADED",
  "denied",
  "Dice rolls or coin flips are not what a fair die or coin gives, or were invented.",
);

export type Source = {
  readonly name: "dice" | "coins";
  /** What is typed, in the order of its value; coins may also be typed as 0 and 1. */
  readonly symbols: string;
  /** Fewest that carry 256 bits: 99 · log2(6) is 255.9. */
  readonly needed: number;
  /** Chi-square above this has a chance of 1 in 100,000 with a fair one; its degrees of freedom are the sides less one. */
  readonly chiSquareMax: number;
};

export const DICE: Source = { name: "dice", symbols: "123456", needed: 99, chiSquareMax: 30.86 };
export const COINS: Source = { name: "coins", symbols: "01", needed: 256, chiSquareMax: 19.51 };

/**
 * The symbols in what a person typed, spaces aside; heads and tails become 1 and 0.
 * @throws HAND_ENTROPY_MALFORMED
 */
export function readSymbols({ name, symbols }: Source, typed: string): string {
  const text = typed.replace(/\s+/g, "").toLowerCase();
  const plain = name === "coins" ? text.replaceAll("h", "1").replaceAll("t", "0") : text;
  if ([...plain].every((symbol) => symbols.includes(symbol))) return plain;
  throw HAND_ENTROPY_MALFORMED(
    name === "dice" ? "dice: each roll is a digit from 1 to 6" : "coins: each flip is h or t",
    { field: name, hint: "type the line again" },
  );
}

/**
 * Refuses what is too little, and what is plainly no fair throwing: by how often each side came, and by the steps from
 * each throw to the next, which a pattern such as 123456123456 gives away.
 * @throws HAND_ENTROPY_MALFORMED, HAND_ENTROPY_LOADED
 */
export function assertFair(source: Source, symbols: string): void {
  const { name, needed } = source;
  if (symbols.length < needed) {
    throw HAND_ENTROPY_MALFORMED(`${name}: ${symbols.length} of at least ${needed} were given`, {
      field: name,
      hint: "go on throwing; nothing was made",
    });
  }
  const sides = source.symbols.length;
  const throws = [...symbols].map((symbol) => source.symbols.indexOf(symbol));
  const steps = throws.slice(1).map((value, index) => (value - (throws[index] as number) + sides) % sides);
  const worst = Math.max(chiSquare(throws, sides), chiSquare(steps, sides));
  if (worst <= source.chiSquareMax) return;
  throw HAND_ENTROPY_LOADED(
    `${name}: chi-square ${worst.toFixed(1)} is above ${source.chiSquareMax}; a fair one does that once in 100,000 times`,
    { field: name, hint: "throw again, with another one, and type what falls; nothing was made" },
  );
}

/**
 * Entropy of a new seed: the first bytes of SHA-256(system ‖ symbols as ASCII).
 * @param system 32 bytes of the system's generator
 * @param symbols of a person; empty for none
 * @param length 16 or 32 bytes
 */
export function mixEntropy(system: Uint8Array, symbols: string, length: 16 | 32): Uint8Array {
  assert(system.length === 32, "a seed takes 32 system bytes");
  const typed = utf8(symbols);
  const mixed = sha256(system, typed);
  typed.fill(0);
  const entropy = mixed.slice(0, length);
  mixed.fill(0);
  return entropy;
}

function chiSquare(values: readonly number[], sides: number): number {
  const expected = values.length / sides;
  const counts = Array.from({ length: sides }, (_, side) => values.filter((value) => value === side).length);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
