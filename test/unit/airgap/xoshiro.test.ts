import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Xoshiro } from "../../../src/airgap/xoshiro.ts";
import { toHex, utf8 } from "../../../src/core/hex.ts";
import { wolfBytes } from "../../factory/ur-frames.ts";

/** BlockchainCommons/bc-ur test/test.cpp `test_rng_3`: next_int(1, 10) of seed "Wolf". */
// biome-ignore format: one block of numbers
const ONE_TO_TEN = [
  6, 5, 8, 4, 10, 5, 7, 10, 4, 9, 10, 9, 7, 7, 1, 1, 2, 9, 9, 2, 6, 4, 5, 7, 8, 5, 4, 2, 3, 8, 7, 4, 5, 1, 10, 9, 3, 10, 2, 6, 8, 5, 7, 9, 3, 1, 5, 2, 7, 1, 4, 4, 4, 4, 9, 4, 5, 5, 6, 9, 5, 1, 2, 8, 3, 3, 2, 8, 4, 3, 2, 1, 10, 8, 9, 3, 10, 8, 5, 5, 6, 7, 10, 5, 8, 9, 4, 6, 4, 2, 10, 2, 1, 7, 9, 6, 7, 4, 2, 5,
];

test("draws the published numbers", () => {
  const random = new Xoshiro(utf8("Wolf"));
  expect(ONE_TO_TEN.map(() => random.nextBelow(10) + 1)).toEqual(ONE_TO_TEN);
});

test("draws the published bytes (`test_xor`)", () => {
  expect(toHex(wolfBytes(20))).toBe("916ec65cf77cadf55cd7f9cda1a1030026ddd42e");
});

test("the doubles are those of an implementation with 64-bit words", () => {
  const mask = (1n << 64n) - 1n;
  const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & mask;
  for (const seed of ["", "Wolf", "another", "and one more"]) {
    const random = new Xoshiro(utf8(seed));
    const state = words(seed);
    for (let count = 0; count < 1000; count++) {
      let [s0, s1, s2, s3] = state;
      const result = (rotl((s1 * 5n) & mask, 7n) * 9n) & mask;
      const t = (s1 << 17n) & mask;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotl(s3, 45n);
      state.splice(0, 4, s0, s1, s2, s3);
      expect(random.nextDouble()).toBe(Number(result) / 2 ** 64);
    }
  }
});

function words(seed: string): [bigint, bigint, bigint, bigint] {
  const digest = createHash("sha256").update(seed).digest();
  return [0, 8, 16, 24].map((at) => digest.readBigUInt64BE(at)) as [bigint, bigint, bigint, bigint];
}
