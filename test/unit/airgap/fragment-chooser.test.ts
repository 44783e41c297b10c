import { describe, expect, test } from "vitest";
import { crc32 } from "../../../src/airgap/crc32.ts";
import { aliasTable, degreeTable, drawIndex } from "../../../src/airgap/degree-sampler.ts";
import { FragmentChooser } from "../../../src/airgap/fragment-chooser.ts";
import { Xoshiro } from "../../../src/airgap/xoshiro.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { wolfBytes } from "../../factory/ur-frames.ts";

/** BlockchainCommons/bc-ur test/test.cpp `test_random_sampler`: the first hundred of weights 1, 2, 4, 8. */
// biome-ignore format: one block of numbers
const SAMPLES = [
  3, 3, 3, 3, 3, 3, 3, 0, 2, 3, 3, 3, 3, 1, 2, 2, 1, 3, 3, 2, 3, 3, 1, 1, 2, 1, 1, 3, 1, 3, 1, 2, 0, 2, 1, 0, 3, 3, 3, 1, 3, 3, 3, 3, 1, 3, 2, 3, 2, 2, 3, 3, 3, 3, 2, 3, 3, 0, 3, 3, 3, 3, 1, 2, 3, 3, 2, 2, 2, 1, 2, 2, 1, 2, 3, 1, 3, 0, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 2, 3, 1, 3, 3, 2, 0, 2, 2, 3, 1, 1,
];

/** `test_choose_degree`: for eleven fragments, with the seeds Wolf-1 to Wolf-200. */
// biome-ignore format: one block of numbers
const DEGREES = [
  11, 3, 6, 5, 2, 1, 2, 11, 1, 3, 9, 10, 10, 4, 2, 1, 1, 2, 1, 1, 5, 2, 4, 10, 3, 2, 1, 1, 3, 11, 2, 6, 2, 9, 9, 2, 6, 7, 2, 5, 2, 4, 3, 1, 6, 11, 2, 11, 3, 1, 6, 3, 1, 4, 5, 3, 6, 1, 1, 3, 1, 2, 2, 1, 4, 5, 1, 1, 9, 1, 1, 6, 4, 1, 5, 1, 2, 2, 3, 1, 1, 5, 2, 6, 1, 7, 11, 1, 8, 1, 5, 1, 1, 2, 2, 6, 4, 10, 1, 2, 5, 5, 5, 1, 1, 4, 1, 1, 1, 3, 5, 5, 5, 1, 4, 3, 3, 5, 1, 11, 3, 2, 8, 1, 2, 1, 1, 4, 5, 2, 1, 1, 1, 5, 6, 11, 10, 7, 4, 7, 1, 5, 3, 1, 1, 9, 1, 2, 5, 5, 2, 2, 3, 10, 1, 3, 2, 3, 3, 1, 1, 2, 1, 3, 2, 2, 1, 3, 8, 4, 1, 11, 6, 3, 1, 1, 1, 1, 1, 3, 1, 2, 1, 10, 1, 1, 8, 2, 7, 1, 2, 1, 9, 2, 10, 2, 1, 3, 4, 10,
];

/** `test_choose_fragments`: frames 1 to 30 of a message of 1,024 bytes in eleven fragments. */
// biome-ignore format: one block of numbers
const FRAGMENTS = [
  [0], [1], [2], [3], [4], [5], [6], [7], [8], [9], [10],
  [9], [2, 5, 6, 8, 9, 10], [8], [1, 5], [1], [0, 2, 4, 5, 8, 10], [5], [2], [2],
  [0, 1, 3, 4, 5, 7, 9, 10], [0, 1, 2, 3, 5, 6, 8, 9, 10], [0, 2, 4, 5, 7, 8, 9, 10], [3, 5], [4],
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [0, 1, 3, 4, 5, 6, 7, 9, 10], [6], [5, 6], [7],
];

describe("the published draws (BCR-2024-001)", () => {
  test("of an alias table", () => {
    const random = new Xoshiro(utf8("Wolf"));
    const table = aliasTable(Float64Array.of(1, 2, 4, 8));
    expect(SAMPLES.map(() => drawIndex(table, random))).toEqual(SAMPLES);
  });

  test("of degrees", () => {
    const table = degreeTable(11);
    const drawn = DEGREES.map((_, index) => drawIndex(table, new Xoshiro(utf8(`Wolf-${index + 1}`))) + 1);
    expect(drawn).toEqual(DEGREES);
  });

  test("of fragments", () => {
    const chooser = new FragmentChooser(11, crc32(wolfBytes(1024)));
    const chosen = FRAGMENTS.map((_, index) => [...chooser.choose(index + 1)].sort((a, b) => a - b));
    expect(chosen).toEqual(FRAGMENTS);
  });
});

test("fragments are drawn as by the standard's shuffle, which takes items out of a list", () => {
  const [count, checksum] = [300, 0x12345678];
  const chooser = new FragmentChooser(count, checksum);
  for (let seqNum = count + 1; seqNum < count + 200; seqNum++) {
    const seed = Buffer.alloc(8);
    seed.writeUInt32BE(seqNum, 0);
    seed.writeUInt32BE(checksum, 4);
    const random = new Xoshiro(seed);
    const degree = drawIndex(degreeTable(count), random) + 1;
    const list = Array.from({ length: count }, (_, index) => index);
    const drawn = Array.from({ length: degree }, () => list.splice(random.nextBelow(list.length), 1)[0]);
    expect(new Set(chooser.choose(seqNum))).toEqual(new Set(drawn));
  }
});
