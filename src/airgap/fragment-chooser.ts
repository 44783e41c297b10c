/** Which fragments a frame mixes: sender and receiver compute it from the frame's number alone (BCR-2024-001). */
import { degreeTable, drawIndex, type AliasTable } from "./degree-sampler.ts";
import { Xoshiro } from "./xoshiro.ts";

export class FragmentChooser {
  readonly #count: number;
  readonly #seed = new DataView(new ArrayBuffer(8));
  readonly #inOrder: Uint16Array;
  readonly #remaining: Uint16Array;
  #degrees: AliasTable | undefined;

  /** For a message of `count` fragments, at most 65,535, and the CRC-32 `checksum`. */
  constructor(count: number, checksum: number) {
    this.#count = count;
    this.#seed.setUint32(4, checksum);
    this.#inOrder = Uint16Array.from({ length: count }, (_, index) => index);
    this.#remaining = new Uint16Array(count);
  }

  /**
   * Indexes of the fragments mixed in frame `seqNum` (1 and up), in no promised order; valid until the next call. The
   * first frames, as many as there are fragments, are the fragments themselves.
   */
  choose(seqNum: number): Uint16Array {
    if (seqNum <= this.#count) return this.#inOrder.subarray(seqNum - 1, seqNum);
    const random = this.#randomOf(seqNum);
    const degree = this.#drawDegree(random);
    return degree === this.#count ? this.#inOrder : this.#draw(degree, random);
  }

  /** How many fragments frame `seqNum` mixes. */
  degree(seqNum: number): number {
    return seqNum <= this.#count ? 1 : this.#drawDegree(this.#randomOf(seqNum));
  }

  #randomOf(seqNum: number): Xoshiro {
    this.#seed.setUint32(0, seqNum);
    return new Xoshiro(new Uint8Array(this.#seed.buffer));
  }

  #drawDegree(random: Xoshiro): number {
    this.#degrees ??= degreeTable(this.#count);
    return drawIndex(this.#degrees, random) + 1;
  }

  /**
   * The first `degree` items of the standard's shuffle, which takes a random one of the remaining each time and closes
   * the gap. They are kept at the end of the array, where the gap comes free.
   */
  #draw(degree: number, random: Xoshiro): Uint16Array {
    const remaining = this.#remaining;
    remaining.set(this.#inOrder);
    for (let left = this.#count; left > this.#count - degree; left--) {
      const position = random.nextBelow(left);
      const taken = remaining[position] ?? 0;
      remaining.copyWithin(position, position + 1, left);
      remaining[left - 1] = taken;
    }
    return remaining.subarray(this.#count - degree);
  }
}
