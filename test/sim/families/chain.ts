/** A chain in memory, of whatever kind, and nothing about custody. */
import type { Instant } from "../../../src/core/instant.ts";

/** Two names of one transaction: that of the chain, and that of plans and signers, who know it before it is signed. */
export type Taker = { readonly id: string; readonly name: string };

export type Chain = {
  /** The best chain from its first block on. Every change makes a new array, so that a node may keep the one before. */
  readonly blocks: readonly { readonly hash: string; readonly height: number }[];
  /** Transactions that were ever shown to anybody. */
  readonly seen: { readonly size: number };
  readonly height: number;
  /** Another chain with the same past. */
  copy(): Chain;
  /** Goes back, or on, to where `other` of the same kind is. */
  become(other: Chain): void;
  /** Takes signed bytes into the pool. @returns why it does not; undefined when it does */
  offer(bytes: Uint8Array): string | undefined;
  /** What waits for a block. */
  pending(): readonly string[];
  /** What was seen once and is in no block. */
  rivals(): readonly string[];
  /** Whom it paid and how, as it was handed over; undefined where it was never seen. */
  bytesOf(id: string): Uint8Array | undefined;
  /** A block with those of `ids` that it can hold; with all that waits when none are named. */
  mine(time: Instant, ids?: readonly string[]): void;
  /**
   * The last `depth` blocks leave the best chain; `depth + 1` others take their place, the first of which holds what it can
   * of `instead`. What has left its block waits again, unless it conflicts with that or is `forgotten`.
   */
  reorganise(depth: number, time: Instant, instead: readonly string[], forgotten: boolean): void;
  /** The pool forgets a transaction, as nodes do when it is full or after a while. */
  evict(id: string): void;
  /** The block that holds a transaction, by either of its names. */
  blockOf(id: string): { readonly hash: string; readonly height: number } | undefined;
  /** What has taken, in the best chain, what a conflict key stands for. */
  takerOf(conflictKey: string): Taker | undefined;
  /** How often the best chain pays an account an amount, by `account units`: nobody but the chain is asked. */
  payments(): ReadonlyMap<string, number>;
};
