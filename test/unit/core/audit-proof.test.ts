import { describe, expect, test } from "vitest";
import {
  consistencyProof,
  consistencySpans,
  inclusionProof,
  inclusionSpans,
  spanRoots,
  verifyConsistency,
  verifyInclusion,
} from "../../../src/core/audit-proof.ts";
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from "../../../src/core/audit-tree.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { fromHex, toHex, utf8 } from "../../../src/core/hex.ts";
import { codeOf } from "../../factory/thrown.ts";

const SIZE_MAX = 40;
const LEAVES = Array.from({ length: SIZE_MAX }, (_, index) => leafHash(utf8(`row ${index}`)));
/** The root over the first n leaves at index n. */
const ROOTS = Array.from({ length: SIZE_MAX + 1 }, (_, size) =>
  rootOf(LEAVES.slice(0, size).reduce(appendLeaf, EMPTY_FRONTIER)),
);
const rootAt = (size: number) => ROOTS[size] as Digest;
const changed = (hash: string) => toHex(leafHash(fromHex(hash))) as Digest;

/** The eight leaves of the Certificate Transparency reference code, and proofs that it publishes for them. */
const CT = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const CT_LEAVES = CT.map((entry) => leafHash(fromHex(entry)));
const [PAIR_1, PAIR_0, QUAD_1, QUAD_0] = [
  "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
];

describe("inclusion (RFC 6962 §2.1.1)", () => {
  test("the reference code's proof of its first leaf", () => {
    expect(inclusionProof(CT_LEAVES, 0)).toEqual([PAIR_1, PAIR_0, QUAD_1]);
  });

  test("every leaf of every tree up to 20 is proven, and only in its own place", () => {
    for (let size = 1; size <= 20; size++) {
      const leaves = LEAVES.slice(0, size);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        const places = leaves.map((_, place) => verifyInclusion(leaf, place, size, proof, rootAt(size)));
        expect(places.indexOf(true), `${index} of ${size}`).toBe(index);
        expect(places.lastIndexOf(true), `${index} of ${size}`).toBe(index);
      }
    }
  });

  test("a proof with a changed, missing or added hash is refused, and so are sizes that are none", () => {
    const leaves = LEAVES.slice(0, 11);
    const [root, leaf] = [rootAt(11), leaves[6] as Uint8Array];
    const proof = inclusionProof(leaves, 6);
    expect(verifyInclusion(leaf, 6, 11, proof, root)).toBe(true);
    for (let at = 0; at < proof.length; at++) {
      const other = proof.map((hash, index) => (index === at ? changed(hash) : hash));
      expect(verifyInclusion(leaf, 6, 11, other, root)).toBe(false);
    }
    expect(verifyInclusion(leaf, 6, 11, proof.slice(1), root)).toBe(false);
    expect(verifyInclusion(leaf, 6, 11, [...proof, toHex(leaf)], root)).toBe(false);
    expect(verifyInclusion(leafHash(utf8("row 7")), 6, 11, proof, root)).toBe(false);
    expect(verifyInclusion(leaf, 6, 11, proof, changed(root))).toBe(false);
    for (const [index, size] of [
      [11, 11],
      [-1, 11],
      [6.5, 11],
      [6, Number.NaN],
    ] as const)
      expect(verifyInclusion(leaf, index, size, proof, root)).toBe(false);
    expect(codeOf(() => verifyInclusion(leaf, 6, 11, ["zz", ...proof.slice(1)], root))).toBe("HEX_MALFORMED");
  });
});

describe("consistency (RFC 6962 §2.1.2)", () => {
  test("the reference code's proofs", () => {
    expect(consistencyProof(CT_LEAVES, 1)).toEqual([PAIR_1, PAIR_0, QUAD_1]);
    expect(consistencyProof(CT_LEAVES, 6)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      QUAD_0,
    ]);
    expect(consistencyProof(CT_LEAVES.slice(0, 5), 2)).toEqual([
      PAIR_0,
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
  });

  test(`every earlier tree of every tree up to ${SIZE_MAX} is proven, and no other size or root by the same hashes`, () => {
    for (let to = 0; to <= SIZE_MAX; to++) {
      for (let from = 0; from <= to; from++) {
        const proof = consistencyProof(LEAVES.slice(0, to), from);
        const holds = (a: number, b: number, aRoot: Digest, bRoot: Digest) =>
          verifyConsistency(a, b, aRoot, bRoot, proof);
        const place = `${from} in ${to}`;
        expect(holds(from, to, rootAt(from), rootAt(to)), place).toBe(true);
        expect(proof.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(to + 1)));
        expect(holds(from, to, changed(rootAt(from)), rootAt(to)), place).toBe(false);
        // The empty tree is the beginning of every tree, whatever its root.
        if (from > 0) expect(holds(from, to, rootAt(from), changed(rootAt(to))), place).toBe(false);
        for (let other = 1; other <= to; other++)
          if (other !== from) expect(holds(other, to, rootAt(from), rootAt(to)), place).toBe(false);
      }
    }
  });

  test("a proof with a changed, missing, added or moved hash is refused", () => {
    for (let to = 2; to <= SIZE_MAX; to++) {
      for (let from = 1; from < to; from++) {
        const proof = consistencyProof(LEAVES.slice(0, to), from);
        const holds = (hashes: readonly string[]) =>
          verifyConsistency(from, to, rootAt(from), rootAt(to), hashes);
        const place = `${from} in ${to}`;
        for (let at = 0; at < proof.length; at++) {
          const hash = proof[at] as Digest;
          expect(holds(proof.with(at, changed(hash))), place).toBe(false);
          expect(holds(proof.toSpliced(at, 1)), place).toBe(false);
          expect(holds(proof.toSpliced(at, 0, hash)), place).toBe(false);
        }
        expect(holds([...proof, rootAt(1)]), place).toBe(false);
        expect(holds([]), place).toBe(false);
        if (proof.length > 1) expect(holds([...proof].reverse()), place).toBe(false);
      }
    }
  });

  test("F26: a log that was set back and written on in another way has no proof from the root that was shown", () => {
    const forked = [...LEAVES.slice(0, 7), leafHash(utf8("another row 7")), ...LEAVES.slice(8, 20)];
    const root = rootOf(forked.reduce(appendLeaf, EMPTY_FRONTIER));
    const accepted = (from: number) =>
      verifyConsistency(from, 20, rootAt(from), root, consistencyProof(forked, from));
    expect(accepted(7)).toBe(true);
    for (let from = 8; from <= 20; from++) expect(accepted(from), String(from)).toBe(false);
  });

  test("sizes that are none, or shrink, prove nothing", () => {
    const [one, two] = [rootAt(1), rootAt(2)];
    const proof = consistencyProof(LEAVES.slice(0, 2), 1);
    expect(verifyConsistency(1, 2, one, two, proof)).toBe(true);
    for (const [from, to] of [
      [2, 1],
      [-1, 2],
      [0.5, 2],
      [1, Number.POSITIVE_INFINITY],
      [Number.NaN, 2],
    ] as const)
      expect(verifyConsistency(from, to, one, two, proof)).toBe(false);
    expect(verifyConsistency(0, 2, rootAt(0), two, proof)).toBe(false);
    expect(codeOf(() => verifyConsistency(1, 2, one, two, ["zz"]))).toBe("HEX_MALFORMED");
  });
});

test("a proof is made in one pass that stops behind the last subtree it needs", () => {
  let read = 0;
  function* leaves() {
    for (const leaf of LEAVES) {
      read += 1;
      yield leaf;
    }
  }
  expect(spanRoots(leaves(), inclusionSpans(39, 40))).toEqual(inclusionProof(LEAVES, 39));
  expect(read).toBeLessThanOrEqual(40);
  read = 0;
  expect(spanRoots(leaves(), [{ start: 2, end: 4 }])).toEqual([
    rootOf(
      [LEAVES[2], LEAVES[3]].reduce((tree, leaf) => appendLeaf(tree, leaf as Uint8Array), EMPTY_FRONTIER),
    ),
  ]);
  expect(read).toBeLessThanOrEqual(5);
  expect(consistencySpans(0, 40)).toEqual([]);
  expect(() => spanRoots(LEAVES.slice(0, 3), [{ start: 2, end: 4 }])).toThrow("more leaves than there are");
});
