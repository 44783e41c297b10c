/**
 * The first of `known` that a hurried reader would take for `address`: its first four and last four digits agree, and the rest
 * does not. Capitals are checksum, not name, so they do not tell two apart (failure F22, address poisoning).
 */
export function lookAlike(address: string, known: Iterable<string>): string | undefined {
  const [head, tail] = ends(address);
  for (const other of known) {
    if (other.toLowerCase() === address.toLowerCase()) continue;
    const [theirHead, theirTail] = ends(other);
    if (head === theirHead && tail === theirTail) return other;
  }
  return undefined;
}

function ends(address: string): readonly [string, string] {
  const digits = address.slice(2).toLowerCase();
  return [digits.slice(0, 4), digits.slice(-4)];
}
