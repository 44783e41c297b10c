/** Spoils bytes: what copying machines get wrong, and what people who look for holes try first. */
import { concatBytes } from "../../src/core/hex.ts";
import type { Random } from "../attack/bench/random.ts";
import type { Mutate } from "./target.ts";

type Edit = (random: Random, bytes: Uint8Array, samples: readonly Uint8Array[]) => Uint8Array;

/** Longest input that is made: what a decoder does with a megabyte, its limits do with more. */
export const INPUT_BYTES_MAX = 256 * 1024;

const EDGE_BYTES = [0, 1, 0x0a, 0x20, 0x22, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff];

/** Integers at which lengths, counts and signs turn. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xfcn,
  0xfdn,
  0xffn,
  0x100n,
  0x7fffn,
  0xffffn,
  0x1_0000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
] as const;

const place = (random: Random, bytes: Uint8Array): number => random.below(bytes.length + 1);

function replaced(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  return concatBytes(bytes.subarray(0, from), by, bytes.subarray(to));
}

/** A part of `bytes`: most often short. */
function range(random: Random, bytes: Uint8Array): readonly [number, number] {
  const from = place(random, bytes);
  const length = random.below(random.chance(80) ? 17 : bytes.length + 1);
  return [from, Math.min(bytes.length, from + length)];
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) copy[at] = change(copy[at] as number);
  return copy;
}

/** `value` as `length` bytes, of either end first. */
function integer(value: bigint, length: number, littleEndian: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
  return littleEndian ? bytes : bytes.reverse();
}

/** CompactSize of Bitcoin with a first byte that may promise another width than follows. */
function compactSize(random: Random): Uint8Array {
  const [first, width] = random.of([
    [0xfd, 2],
    [0xfe, 4],
    [0xff, 8],
  ] as const);
  return Uint8Array.of(first, ...integer(random.of(EDGES), width, true));
}

/** Head of CBOR (RFC 8949 §3): any major type with an argument at an edge. */
function cborHead(random: Random): Uint8Array {
  const width = random.below(4);
  return Uint8Array.of(
    (random.below(8) << 5) | (24 + width),
    ...integer(random.of(EDGES), 2 ** width, false),
  );
}

const EDITS: readonly Edit[] = [
  (random, bytes) => changed(bytes, random.below(bytes.length + 1), (byte) => byte ^ (1 << random.below(8))),
  (random, bytes) => changed(bytes, random.below(bytes.length + 1), () => random.below(256)),
  (random, bytes) => changed(bytes, random.below(bytes.length + 1), () => random.of(EDGE_BYTES)),
  (random, bytes) =>
    changed(bytes, random.below(bytes.length + 1), (byte) => byte + random.of([-1, 1, 16, -16])),
  (random, bytes) => replaced(bytes, ...range(random, bytes), new Uint8Array()),
  (random, bytes) => bytes.subarray(0, place(random, bytes)),
  (random, bytes) => bytes.subarray(place(random, bytes)),
  (random, bytes) => {
    const at = place(random, bytes);
    return replaced(
      bytes,
      at,
      at,
      Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256)),
    );
  },
  // Splices: the beginning or a piece of another sample, where this one has something else.
  (random, bytes, samples) => {
    const other = random.of(samples);
    return replaced(bytes, ...range(random, bytes), other.subarray(...range(random, other)));
  },
  (random, bytes, samples) => {
    const other = random.of(samples);
    const at = random.below(Math.min(bytes.length, other.length) + 1);
    return concatBytes(bytes.subarray(0, at), other.subarray(at));
  },
  // The same again: twice, or thousands of times for nesting and counts.
  (random, bytes) => {
    const [from, to] = range(random, bytes);
    const times = random.chance(80) ? 1 : 1 + random.below(2000);
    const piece = bytes.subarray(from, to);
    const room = Math.max(1, Math.floor(INPUT_BYTES_MAX / Math.max(1, piece.length)));
    return replaced(
      bytes,
      to,
      to,
      concatBytes(...Array.from({ length: Math.min(times, room) }, () => piece)),
    );
  },
  (random, bytes) => {
    const [from, to] = range(random, bytes);
    const at = place(random, bytes);
    return replaced(bytes, at, Math.min(bytes.length, at + to - from), bytes.subarray(from, to));
  },
  (random, bytes) => {
    const value = integer(random.of(EDGES), random.of([1, 2, 4, 8]), random.chance(50));
    const at = place(random, bytes);
    return replaced(bytes, at, Math.min(bytes.length, at + (random.chance(70) ? value.length : 0)), value);
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return replaced(bytes, at, Math.min(bytes.length, at + random.below(4)), compactSize(random));
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return replaced(bytes, at, Math.min(bytes.length, at + random.below(4)), cborHead(random));
  },
  (random, bytes) => {
    const [from, to] = range(random, bytes);
    return replaced(bytes, from, to, new Uint8Array(to - from).fill(random.of(EDGE_BYTES)));
  },
];

/** One edit as a rule, a few at times. */
export const mutateBytes: Mutate = (random, sample, samples) => {
  let bytes = sample;
  const edits = random.chance(60) ? 1 : 1 + random.below(6);
  for (let i = 0; i < edits; i++) bytes = random.of(EDITS)(random, bytes, samples);
  return bytes.subarray(0, INPUT_BYTES_MAX);
};

/** `mutate`, and four times in five `mended`: with a checksum that fits, or what else a first look would stop at. */
export function withRepair(
  mutate: Mutate,
  mended: (bytes: Uint8Array, random: Random) => Uint8Array,
): Mutate {
  return (random, sample, samples) => {
    const bytes = mutate(random, sample, samples);
    return random.chance(80) ? mended(bytes, random) : bytes;
  };
}

/** Spoils what `open` finds inside a sample, and puts it back with `close`. */
export function mutateInside(
  mutate: Mutate,
  open: (sample: Uint8Array) => Uint8Array,
  close: (inside: Uint8Array, random: Random) => Uint8Array,
): Mutate {
  return (random, sample, samples) => close(mutate(random, open(sample), samples.map(open)), random);
}

/** One of several ways, each as often as the others. */
export function either(...ways: readonly Mutate[]): Mutate {
  return (random, sample, samples) => random.of(ways)(random, sample, samples);
}
