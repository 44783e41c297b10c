/**
 * Proofs for many rows of one audit tree in one pass: each row's own proof takes a pass over all leaves, and an auditor
 * asks for dozens of rows out of millions.
 */
import { inclusionSpans } from "./audit-proof.ts";
import { nodeHash } from "./audit-tree.ts";
import type { Digest } from "./digest.ts";
import { assert } from "./errors.ts";
import { toHex } from "./hex.ts";

/** A perfect subtree: `size` leaves from `start`. */
type Node = { readonly start: number; readonly size: number; readonly hash: Uint8Array };

/**
 * For each of `indexes` the hashes that prove its leaf (RFC 6962 §2.1.1), as `inclusionProof` gives them.
 * @param leaves all `size` leaves from the first on
 * @param indexes counted from 0, each below `size`
 */
export function inclusionProofs(
  leaves: Iterable<Uint8Array>,
  size: number,
  indexes: readonly number[],
): readonly (readonly Digest[])[] {
  const spans = indexes.map((index) => inclusionSpans(index, size));
  const wanted = new Set(spans.flat().map(({ start, end }) => nameOf(start, end)));
  const found = new Map<string, Uint8Array>();
  const keep = ({ start, size: count, hash }: Node) => {
    if (wanted.has(nameOf(start, start + count))) found.set(nameOf(start, start + count), hash);
  };
  const peaks: Node[] = [];
  let count = 0;
  for (const leaf of leaves) {
    let node: Node = { start: count++, size: 1, hash: leaf };
    keep(node);
    for (let left = peaks.at(-1); left?.size === node.size; left = peaks.at(-1)) {
      peaks.pop();
      node = { start: left.start, size: 2 * left.size, hash: nodeHash(left.hash, node.hash) };
      keep(node);
    }
    peaks.push(node);
  }
  assert(count === size, "the tree has as many leaves as it says");
  keepRightEdges(peaks, keep);
  return spans.map((own) =>
    own.map(({ start, end }) => {
      const hash = found.get(nameOf(start, end));
      assert(hash !== undefined, "every subtree of a proof is perfect or ends with the tree");
      return toHex(hash) as Digest;
    }),
  );
}

// What is not perfect ends with the last leaf, and is put together from the peaks on the right.
function keepRightEdges(peaks: readonly Node[], keep: (node: Node) => void): void {
  peaks.reduceRight((right, left) => {
    const hash = nodeHash(left.hash, right.hash);
    const edge = { start: left.start, size: left.size + right.size, hash };
    keep(edge);
    return edge;
  });
}

function nameOf(start: number, end: number): string {
  return `${start}-${end}`;
}
