/**
 * How many fragments a frame mixes: degree d of 1 to n with a probability in proportion to 1/d (BCR-2024-001), drawn by
 * the alias method of Walker and Vose as K. Schwarz describes it. The order of all floating-point steps is part of the
 * standard: another order draws other degrees now and then, and such a frame would be decoded into garbage.
 */
import type { Xoshiro } from "./xoshiro.ts";

/** Chances to stay, and where to go otherwise, by index. */
export type AliasTable = { readonly chances: Float64Array; readonly aliases: Uint32Array };

/** The table for degrees 1 to `count`, at index degree - 1. */
export function degreeTable(count: number): AliasTable {
  return aliasTable(Float64Array.from({ length: count }, (_, index) => 1 / (index + 1)));
}

/** The table for `weights`, none negative and not all zero. */
export function aliasTable(weights: Float64Array): AliasTable {
  const count = weights.length;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const scaled = weights.map((weight) => (weight * count) / sum);
  const small: number[] = [];
  const large: number[] = [];
  for (let index = count - 1; index >= 0; index--) (at(scaled, index) < 1 ? small : large).push(index);

  // What is left in either list at the end, the large ones or by rounding a small one, always stays.
  const chances = new Float64Array(count).fill(1);
  const aliases = new Uint32Array(count);
  while (small.length > 0 && large.length > 0) {
    const lesser = small.pop() ?? 0;
    const greater = large.pop() ?? 0;
    chances[lesser] = at(scaled, lesser);
    aliases[lesser] = greater;
    // Published as `P[g] += P[a] - 1`, which rounds otherwise than (P[g] + P[a]) - 1.
    scaled[greater] = at(scaled, greater) + (at(scaled, lesser) - 1);
    (at(scaled, greater) < 1 ? small : large).push(greater);
  }
  return { chances, aliases };
}

/** Draws an index of `table` with two numbers of `random`. */
export function drawIndex(table: AliasTable, random: Xoshiro): number {
  const index = random.nextBelow(table.chances.length);
  return random.nextDouble() < at(table.chances, index) ? index : (table.aliases[index] ?? 0);
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
