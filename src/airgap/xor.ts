/** XORs the words of `from`, from word `start` on, into those of `into`. Both have as many words. */
export function xorInto(into: Uint32Array, from: Uint32Array, start = 0): void {
  for (let at = start; at < into.length; at++) into[at] = (into[at] ?? 0) ^ (from[at] ?? 0);
}
