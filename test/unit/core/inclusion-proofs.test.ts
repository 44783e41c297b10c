import { expect, test } from "vitest";
import { inclusionProof } from "../../../src/core/audit-proof.ts";
import { leafHash } from "../../../src/core/audit-tree.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { inclusionProofs } from "../../../src/core/inclusion-proofs.ts";

const leaves = Array.from({ length: 40 }, (_, i) => leafHash(utf8(`row ${i}`)));

test("RFC 6962 §2.1.1: each proof is the one that it would be alone, in trees of every size to 40", () => {
  for (let size = 1; size <= leaves.length; size++) {
    const tree = leaves.slice(0, size);
    const indexes = tree.map((_, index) => index);
    expect(inclusionProofs(tree, size, indexes)).toEqual(indexes.map((index) => inclusionProof(tree, index)));
  }
});

test("a log with fewer leaves than it says is a bug, not a proof", () => {
  expect(() => inclusionProofs(leaves.slice(1), leaves.length, [3])).toThrow("as many leaves");
  expect(inclusionProofs(leaves, leaves.length, [])).toEqual([]);
});
