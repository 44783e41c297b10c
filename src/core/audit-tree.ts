/**
 * The audit tree: a Merkle tree over audit rows with the hashes of RFC 6962 (Certificate Transparency), so that a
 * root commits to every row, a row's place is proven with log2(n) hashes, and one root proves to extend another.
 */
import { sha256, type Digest } from "./digest.ts";
import { assert, declareError } from "./errors.ts";
import { equalBytes, fromHex, toHex } from "./hex.ts";

export const AUDIT_BROKEN = declareError(
  "AUDIT_BROKEN",
  "verification",
  "The audit tree does not verify: a row was changed, removed or reordered.",
);

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** RFC 6962 §2.1: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(LEAF, entry);
}

/**
 * The right edge of a tree: roots of its perfect subtrees from the largest to the smallest, with the number of leaves.
 * Appending a leaf costs at most log2(n) hashes and needs nothing else.
 */
export type Frontier = { readonly size: number; readonly peaks: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, peaks: [] };

/** The frontier with one more leaf. */
export function appendLeaf({ size, peaks }: Frontier, leaf: Uint8Array): Frontier {
  const next = [...peaks];
  let carry = leaf;
  for (let bit = size; bit % 2 === 1; bit = Math.floor(bit / 2))
    carry = nodeHash(next.pop() as Uint8Array, carry);
  next.push(carry);
  return { size: size + 1, peaks: next };
}

/** The tree's root. Of no leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export function rootOf({ peaks }: Frontier): Digest {
  if (peaks.length === 0) return toHex(sha256()) as Digest;
  return toHex(peaks.reduceRight((right, left) => nodeHash(left, right))) as Digest;
}

/** Hashes that prove `index` is in the tree of `leaves` (RFC 6962 §2.1.1). */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): readonly string[] {
  assert(index >= 0 && index < leaves.length, "leaf index");
  if (leaves.length === 1) return [];
  const split = splitPoint(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(left, index), toHex(subtreeRoot(right))]
    : [...inclusionProof(right, index - split), toHex(subtreeRoot(left))];
}

/** Whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with `root`. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly string[],
  root: Digest,
): boolean {
  if (index < 0 || index >= size) return false;
  let hash = leaf;
  let [position, last] = [index, size - 1];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(fromHex(sibling, "proof", 32), hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      hash = nodeHash(hash, fromHex(sibling, "proof", 32));
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && equalBytes(hash, fromHex(root));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

function subtreeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = splitPoint(leaves.length);
  return nodeHash(subtreeRoot(leaves.slice(0, split)), subtreeRoot(leaves.slice(split)));
}

// The largest power of two below `size`.
function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

const half = (value: number): number => Math.floor(value / 2);
