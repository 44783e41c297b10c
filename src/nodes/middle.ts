/** The middle one, of two the lower; undefined of none. No endpoint alone sets such a figure (F15). */
export function middleOf(values: readonly bigint[]): bigint | undefined {
  const rising = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return rising[Math.floor((rising.length - 1) / 2)];
}
