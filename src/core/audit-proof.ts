/**
 * Proofs over the audit tree: a row stands in its place (RFC 6962 §2.1.1), and a later root only adds rows to an earlier
 * one (§2.1.2). Both are about two log2(n) hashes at most. A signer that countersigned a root takes the next one only
 * with the second proof, so that an online host cannot rewrite what it has once shown (law 7).
 */
import { appendLeaf, EMPTY_FRONTIER, nodeHash, rootOf } from "./audit-tree.ts";
import type { Digest } from "./digest.ts";
import { assert } from "./errors.ts";
import { equalBytes, fromHex } from "./hex.ts";

/** The leaves from `start`, counted from 0, to before `end`: a subtree whose root stands in a proof. */
export type Span = { readonly start: number; readonly end: number };

/** The subtrees whose roots prove that leaf `index` is in a tree of `size` leaves, in the order of the proof. */
export function inclusionSpans(index: number, size: number): readonly Span[] {
  assert(index >= 0 && index < size, "leaf index");
  const spans: Span[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const split = start + splitPoint(end - start);
    spans.push(index < split ? { start: split, end } : { start, end: split });
    [start, end] = index < split ? [start, split] : [split, end];
  }
  return spans.reverse();
}

/**
 * The subtrees whose roots prove that the tree of `to` leaves begins with the one of `from`, in the order of the proof.
 * None from the empty tree: it is the beginning of every tree.
 */
export function consistencySpans(from: number, to: number): readonly Span[] {
  assert(from >= 0 && from <= to, "sizes of trees");
  if (from === 0) return [];
  const spans: Span[] = [];
  let [start, end] = [0, to];
  while (from < end) {
    const split = start + splitPoint(end - start);
    spans.push(from <= split ? { start: split, end } : { start, end: split });
    [start, end] = from <= split ? [start, split] : [split, end];
  }
  // The reader has the root of a subtree that begins with the first leaf already: it is the earlier tree's.
  if (start > 0) spans.push({ start, end });
  return spans.reverse();
}

/**
 * The roots of `spans`, none of which overlap, in one pass over the leaves: memory stays small however many there are.
 * @param leaves from the first on; those behind the last span are not read
 */
export function spanRoots(leaves: Iterable<Uint8Array>, spans: readonly Span[]): readonly Digest[] {
  const waiting = [...spans].sort((a, b) => b.start - a.start);
  const roots = new Map<number, Digest>();
  let [index, frontier] = [0, EMPTY_FRONTIER];
  let span = waiting.pop();
  for (const leaf of leaves) {
    if (span === undefined) break;
    if (index >= span.start) frontier = appendLeaf(frontier, leaf);
    index += 1;
    if (index < span.end) continue;
    roots.set(span.start, rootOf(frontier));
    [span, frontier] = [waiting.pop(), EMPTY_FRONTIER];
  }
  assert(span === undefined, "a proof needs more leaves than there are");
  return spans.map(({ start }) => roots.get(start) as Digest);
}

/** Hashes that prove that leaf `index` is in the tree of `leaves` (RFC 6962 §2.1.1). */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): readonly Digest[] {
  return spanRoots(leaves, inclusionSpans(index, leaves.length));
}

/** Hashes that prove that the tree of `leaves` begins with the tree of its first `from` ones (RFC 6962 §2.1.2). */
export function consistencyProof(leaves: readonly Uint8Array[], from: number): readonly Digest[] {
  return spanRoots(leaves, consistencySpans(from, leaves.length));
}

/**
 * Whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with `root` (RFC 9162 §2.1.3.2).
 * @throws HEX_MALFORMED when something else than hashes stands in the proof
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly string[],
  root: Digest,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  let hash = leaf;
  let [position, last] = [index, size - 1];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(hashOf(sibling), hash);
      [position, last] = upToRight(position, last);
    } else {
      hash = nodeHash(hash, hashOf(sibling));
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && equalBytes(hash, fromHex(root));
}

/**
 * Whether `proof` shows that the tree of `to` leaves with `toRoot` begins with the tree of `from` leaves with
 * `fromRoot` (RFC 9162 §2.1.4.2). Both roots are computed from the proof, and both have to come out.
 * @throws HEX_MALFORMED when something else than hashes stands in the proof
 */
export function verifyConsistency(
  from: number,
  to: number,
  fromRoot: Digest,
  toRoot: Digest,
  proof: readonly string[],
): boolean {
  if (!isSize(from) || !isSize(to) || from > to) return false;
  if (from === to) return proof.length === 0 && fromRoot === toRoot;
  if (from === 0) return proof.length === 0 && fromRoot === rootOf(EMPTY_FRONTIER);
  // A perfect earlier tree is a node of the later one, and the proof begins with it without naming it.
  const [first, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [position, last] = [from - 1, to - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  let [before, after] = [hashOf(first), hashOf(first)];
  for (const text of rest) {
    if (last === 0) return false;
    const sibling = hashOf(text);
    if (position % 2 === 1 || position === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      [position, last] = upToRight(position, last);
    } else {
      after = nodeHash(after, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && equalBytes(before, fromHex(fromRoot)) && equalBytes(after, fromHex(toRoot));
}

// Levels on which the last node has no sibling pass it up unhashed, until it is a right child or the leftmost one.
function upToRight(position: number, last: number): readonly [position: number, last: number] {
  while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
  return [position, last];
}

// The largest power of two below `size`.
function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function isPowerOfTwo(size: number): boolean {
  return size === 1 || splitPoint(size) * 2 === size;
}

// Bit operators would cut sizes at 32 bits.
const half = (value: number): number => Math.floor(value / 2);
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const hashOf = (text: string): Uint8Array => fromHex(text, "proof", 32);
