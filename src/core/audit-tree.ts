/**
 * The audit tree: a Merkle tree over audit rows with the hashes of RFC 6962 (Certificate Transparency), so that a
 * root commits to every row. `audit-proof.ts` proves a row's place in it, and that one root extends another.
 */
import { sha256, type Digest } from "./digest.ts";
import { declareError } from "./errors.ts";
import { toHex } from "./hex.ts";

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

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}
