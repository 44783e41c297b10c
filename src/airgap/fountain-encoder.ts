/** Cuts a message into fragments and mixes them into frames without end (BCR-2024-001 §5). */
import { crc32 } from "./crc32.ts";
import { refuseTooLarge, UINT32_MAX, type FountainPart } from "./fountain-part.ts";
import { FragmentChooser } from "./fragment-chooser.ts";
import { xorInto } from "./xor.ts";

export class FountainEncoder {
  /** Fragments of the message; that many first frames carry it whole. */
  readonly seqLen: number;
  readonly #messageLen: number;
  readonly #checksum: number;
  readonly #fragmentLength: number;
  /** The last one is filled up with zeros, and each to whole words. */
  readonly #fragments: readonly Uint32Array[];
  readonly #chooser: FragmentChooser;

  /**
   * For `message`, one byte or more, in fragments of at most `fragmentBytesMax` bytes, as equal as can be.
   * @throws UR_TOO_LARGE
   */
  constructor(message: Uint8Array, fragmentBytesMax: number) {
    this.seqLen = Math.ceil(message.length / fragmentBytesMax);
    refuseTooLarge(message.length, this.seqLen);
    this.#fragmentLength = Math.ceil(message.length / this.seqLen);
    this.#messageLen = message.length;
    this.#checksum = crc32(message);
    this.#fragments = cut(message, this.#fragmentLength);
    this.#chooser = new FragmentChooser(this.seqLen, this.#checksum);
  }

  /** Frames from number `first` on, for ever: after 2^32 - 1 comes 1. */
  *parts(first = 1): Generator<FountainPart, never> {
    for (let seqNum = first; ; seqNum = (seqNum % UINT32_MAX) + 1) yield this.part(seqNum);
  }

  part(seqNum: number): FountainPart {
    const mixed = new Uint32Array(Math.ceil(this.#fragmentLength / 4));
    for (const index of this.#chooser.choose(seqNum)) {
      const fragment = this.#fragments[index];
      if (fragment !== undefined) xorInto(mixed, fragment);
    }
    const data = new Uint8Array(mixed.buffer, 0, this.#fragmentLength);
    const { seqLen } = this;
    return { seqNum, seqLen, messageLen: this.#messageLen, checksum: this.#checksum, data };
  }
}

function cut(message: Uint8Array, fragmentLength: number): readonly Uint32Array[] {
  const fragments: Uint32Array[] = [];
  for (let start = 0; start < message.length; start += fragmentLength) {
    const fragment = new Uint32Array(Math.ceil(fragmentLength / 4));
    new Uint8Array(fragment.buffer).set(message.subarray(start, start + fragmentLength));
    fragments.push(fragment);
  }
  return fragments;
}
