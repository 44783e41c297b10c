import { describe, expect, test } from "vitest";
import {
  appendLeaf,
  EMPTY_FRONTIER,
  inclusionProof,
  leafHash,
  rootOf,
  verifyInclusion,
  type Frontier,
} from "../../../src/core/audit-tree.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { fromHex, toHex, utf8 } from "../../../src/core/hex.ts";

/** The test data of the Certificate Transparency reference code: its eight leaves and the root after each. */
const CT_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const CT_ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

function grow(leaves: readonly Uint8Array[]): Frontier {
  return leaves.reduce(appendLeaf, EMPTY_FRONTIER);
}

const leavesTo = (count: number) =>
  Array.from({ length: count }, (_, index) => leafHash(utf8(`row ${index}`)));

describe("RFC 6962 audit tree", () => {
  test("the empty tree's root is SHA-256 of nothing (§2.1)", () => {
    expect(rootOf(EMPTY_FRONTIER)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test.each(CT_ROOTS.map((root, index) => [index + 1, root] as const))(
    "root of the first %i reference leaves",
    (size, root) => {
      expect(rootOf(grow(CT_LEAVES.slice(0, size).map((leaf) => leafHash(fromHex(leaf)))))).toBe(root);
    },
  );

  test("every leaf of every tree up to 20 is proven, and only in its own place", () => {
    for (let size = 1; size <= 20; size++) {
      const leaves = leavesTo(size);
      const root = rootOf(grow(leaves));
      for (let index = 0; index < size; index++) {
        const leaf = leaves[index] as Uint8Array;
        const proof = inclusionProof(leaves, index);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(verifyInclusion(leaf, index, size, proof, root), `${index} of ${size}`).toBe(true);
        for (let other = 0; other < size; other++) {
          if (other !== index)
            expect(verifyInclusion(leaf, other, size, proof, root), `${index} as ${other} of ${size}`).toBe(
              false,
            );
        }
      }
    }
  });

  test("a proof with a changed, missing or added hash is refused", () => {
    const leaves = leavesTo(11);
    const root = rootOf(grow(leaves));
    const leaf = leaves[6] as Uint8Array;
    const proof = inclusionProof(leaves, 6);
    expect(verifyInclusion(leaf, 6, 11, proof, root)).toBe(true);
    for (let at = 0; at < proof.length; at++) {
      const changed = proof.map((hash, index) => (index === at ? toHex(leafHash(fromHex(hash))) : hash));
      expect(verifyInclusion(leaf, 6, 11, changed, root)).toBe(false);
    }
    expect(verifyInclusion(leaf, 6, 11, proof.slice(1), root)).toBe(false);
    expect(verifyInclusion(leaf, 6, 11, [...proof, toHex(leaf)], root)).toBe(false);
    expect(verifyInclusion(leafHash(utf8("row 7")), 6, 11, proof, root)).toBe(false);
    expect(verifyInclusion(leaf, 6, 11, proof, toHex(leaf) as Digest)).toBe(false);
    expect(verifyInclusion(leaf, 11, 11, proof, root)).toBe(false);
  });

  test("a node is never taken for a leaf: leaves and nodes are hashed in two domains", () => {
    const [left, right] = leavesTo(2) as [Uint8Array, Uint8Array];
    const pair = Buffer.concat([left, right]);
    expect(rootOf(grow([left, right]))).not.toBe(toHex(leafHash(pair)));
  });
});
