/** Randomness that a seed repeats: mulberry32. For tests alone. */
export type Random = {
  /** 0 to `count` - 1. */
  below(count: number): number;
  of<T>(list: readonly T[]): T;
  /** A part of `list` that is not empty, in its order. */
  some<T>(list: readonly T[]): readonly T[];
  /** True `percent` times of a hundred. */
  chance(percent: number): boolean;
};

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (count: number) => next() % count;
  const of = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return {
    below,
    of,
    some: (list) => {
      const chosen = list.filter(() => next() % 2 === 0);
      return chosen.length === 0 ? [of(list)] : chosen;
    },
    chance: (percent) => below(100) < percent,
  };
}
