/**
 * The first of `known` that a hurried reader would take for `address`: letters at both ends agree, and the rest does not
 * (failure F22). The first letter says the kind, and the last ones of it and a checksum cannot be chosen for nothing: four
 * behind the first and four at the end take a night's search.
 */
export function lookAlike(address: string, known: Iterable<string>): string | undefined {
  const [head, tail] = ends(address);
  for (const other of known) {
    if (other === address) continue;
    const [theirHead, theirTail] = ends(other);
    if (head === theirHead && tail === theirTail) return other;
  }
  return undefined;
}

function ends(address: string): readonly [string, string] {
  return [address.slice(1, 5), address.slice(-4)];
}
