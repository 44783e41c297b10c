/**
 * Finds the fragments of a message from frames that mix them: linear equations over GF(2), solved by elimination as they
 * come. It needs hardly more frames than there are fragments, whichever were lost; belief propagation, which peers use,
 * waits for frames that it can take apart one by one and so stands still "at 99 %".
 *
 * Each row is a bit mask of the fragments that it mixes, then their XOR, in 32-bit words. Memory: at most one row for
 * each fragment, and only for what was received.
 */
import { xorInto } from "./xor.ts";

export class FragmentSolver {
  readonly #count: number;
  readonly #fragmentLength: number;
  readonly #maskWords: number;
  readonly #rowWords: number;
  /** By index: the row whose lowest fragment it is. */
  readonly #rows: (Uint32Array | undefined)[];
  #rank = 0;

  constructor(count: number, fragmentLength: number) {
    this.#count = count;
    this.#fragmentLength = fragmentLength;
    this.#maskWords = Math.ceil(count / 32);
    this.#rowWords = this.#maskWords + Math.ceil(fragmentLength / 4);
    this.#rows = new Array<Uint32Array | undefined>(count);
  }

  /** Independent equations so far; the fragments are known when there are as many. */
  get rank(): number {
    return this.#rank;
  }

  /**
   * Takes the equation "the XOR of the fragments at `indexes` is `data`".
   * `new`: it was independent. `known`: it follows from the others. `contradiction`: it cannot be true together with them.
   */
  add(indexes: Uint16Array, data: Uint8Array): "new" | "known" | "contradiction" {
    const row = new Uint32Array(this.#rowWords);
    for (const index of indexes) row[index >>> 5] = word(row, index >>> 5) | (1 << (index & 31));
    bytesOf(row, this.#maskWords, this.#fragmentLength).set(data);
    for (let at = 0; at < this.#maskWords; ) {
      const bits = word(row, at);
      if (bits === 0) {
        at++;
        continue;
      }
      const lowest = at * 32 + lowestBit(bits);
      const pivot = this.#rows[lowest];
      if (pivot === undefined) {
        this.#rows[lowest] = row;
        this.#rank++;
        return "new";
      }
      xorInto(row, pivot, at); // the words before are zero in both
    }
    return row.every((value) => value === 0) ? "known" : "contradiction";
  }

  /** The first `length` bytes of all fragments one after the other. Only when `rank` is the number of fragments. */
  solve(length: number): Uint8Array {
    const message = new Uint8Array(length);
    for (let index = this.#count - 1; index >= 0; index--) {
      const row = this.#rows[index];
      if (row === undefined) continue;
      this.#substitute(row, index);
      const start = index * this.#fragmentLength;
      const bytes = Math.min(this.#fragmentLength, length - start);
      message.set(bytesOf(row, this.#maskWords, bytes), start);
    }
    return message;
  }

  /** Takes out of `row` all fragments above `index`; they are solved. */
  #substitute(row: Uint32Array, index: number): void {
    for (let at = index >>> 5; at < this.#maskWords; at++) {
      let bits = word(row, at);
      if (at === index >>> 5) bits &= ~(1 << (index & 31));
      for (; bits !== 0; bits &= bits - 1) {
        const solved = this.#rows[at * 32 + lowestBit(bits)];
        if (solved !== undefined) xorInto(row, solved, this.#maskWords);
      }
    }
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function word(row: Uint32Array, at: number): number {
  return row[at] ?? 0;
}

function bytesOf(row: Uint32Array, maskWords: number, length: number): Uint8Array {
  return new Uint8Array(row.buffer, maskWords * 4, length);
}
