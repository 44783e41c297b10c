/**
 * xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded by SHA-256 as BCR-2024-001 says. Sender and receiver draw the same
 * numbers from it and so agree which fragments a frame mixes. It protects nothing and makes no keys.
 * Words of 64 bits are two halves of 32: with BigInt a number takes ten times as long and more.
 */
import { sha256 } from "../core/digest.ts";

const TWO_32 = 2 ** 32;
const TWO_64 = 2 ** 64;

export class Xoshiro {
  #hi0 = 0;
  #lo0 = 0;
  #hi1 = 0;
  #lo1 = 0;
  #hi2 = 0;
  #lo2 = 0;
  #hi3 = 0;
  #lo3 = 0;

  /** The state is SHA-256 of `seed`, as four big-endian words. */
  constructor(seed: Uint8Array) {
    const digest = sha256(seed);
    const view = new DataView(digest.buffer, digest.byteOffset);
    [this.#hi0, this.#lo0] = [view.getInt32(0), view.getInt32(4)];
    [this.#hi1, this.#lo1] = [view.getInt32(8), view.getInt32(12)];
    [this.#hi2, this.#lo2] = [view.getInt32(16), view.getInt32(20)];
    [this.#hi3, this.#lo3] = [view.getInt32(24), view.getInt32(28)];
  }

  /** The next number in 0 to 1. One is possible: 2^64 - 1 rounds up as a double. */
  nextDouble(): number {
    // rotl(s1 * 5, 7) * 9
    const low5 = (this.#lo1 >>> 0) * 5;
    const high5 = Math.imul(this.#hi1, 5) + Math.floor(low5 / TWO_32);
    const high7 = (high5 << 7) | ((low5 >>> 0) >>> 25);
    const low7 = (((low5 >>> 0) << 7) | (high5 >>> 25)) >>> 0;
    const low = low7 * 9;
    const high = (Math.imul(high7, 9) + Math.floor(low / TWO_32)) >>> 0;
    this.#step();
    // The sum rounds once, to nearest, as a conversion of the 64-bit word does.
    return (high * TWO_32 + (low >>> 0)) / TWO_64;
  }

  /** The next integer in 0 to `count` - 1. */
  nextBelow(count: number): number {
    return Math.min(Math.floor(this.nextDouble() * count), count - 1);
  }

  #step(): void {
    const high = (this.#hi1 << 17) | (this.#lo1 >>> 15);
    const low = this.#lo1 << 17;
    this.#hi2 ^= this.#hi0;
    this.#lo2 ^= this.#lo0;
    this.#hi3 ^= this.#hi1;
    this.#lo3 ^= this.#lo1;
    this.#hi1 ^= this.#hi2;
    this.#lo1 ^= this.#lo2;
    this.#hi0 ^= this.#hi3;
    this.#lo0 ^= this.#lo3;
    this.#hi2 ^= high;
    this.#lo2 ^= low;
    // rotl(s3, 45): the halves change places, then 13 more.
    const [hi3, lo3] = [this.#hi3, this.#lo3];
    this.#hi3 = (lo3 << 13) | (hi3 >>> 19);
    this.#lo3 = (hi3 << 13) | (lo3 >>> 19);
  }
}
