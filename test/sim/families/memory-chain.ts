/** What every chain in memory does alike: blocks one after the other, what waits for one, reorganisations, and what a liar shows. */
import { sha256 } from "../../../src/core/digest.ts";
import { assert } from "../../../src/core/errors.ts";
import { toHex, utf8 } from "../../../src/core/hex.ts";
import type { Instant } from "../../../src/core/instant.ts";
import type { Chain, Taker } from "./chain.ts";

export type OneTransaction = {
  readonly id: string;
  /** Brings money from outside: nobody looks where it comes from. */
  readonly funding: boolean;
};

export type OneBlock<Held extends OneTransaction> = {
  readonly hash: string;
  readonly height: number;
  readonly time: Instant;
  readonly transactions: readonly Held[];
};

/** `Held` is a transaction in a block; `Sent` one that waits, or was seen once. */
export abstract class MemoryChain<
  Sent extends OneTransaction,
  Held extends OneTransaction,
  Block extends OneBlock<Held>,
> implements Chain
{
  blocks: readonly Block[] = [];
  pool: ReadonlyMap<string, Sent> = new Map();
  readonly seen = new Map<string, Sent>();
  protected forged = 0;
  private readonly forger: string;
  private counted:
    | { readonly of: readonly Block[]; readonly payments: ReadonlyMap<string, number> }
    | undefined;

  constructor(forger: string) {
    this.forger = forger;
  }

  abstract offer(bytes: Uint8Array): string | undefined;
  abstract bytesOf(id: string): Uint8Array | undefined;
  abstract blockOf(id: string): Block | undefined;
  abstract takerOf(conflictKey: string): Taker | undefined;

  /** Another one of its kind, at its first block. */
  protected abstract begun(time: Instant, forger?: string): MemoryChain<Sent, Held, Block>;
  /** A block with those of `chosen` that it can hold, in an order of its own. */
  protected abstract extend(chosen: readonly Sent[], time: Instant): void;
  /** Offers what was seen before. */
  protected abstract offerAgain(one: Sent): void;
  /** How often these blocks pay an account an amount. */
  protected abstract paidIn(blocks: readonly Block[]): ReadonlyMap<string, number>;

  copy(): Chain {
    const other = this.begun((this.blocks[0] as Block).time);
    other.become(this);
    return other;
  }

  become(other: Chain): void {
    assert(other instanceof this.constructor, "a chain becomes one of its kind");
    const { blocks, pool, forged, seen } = other as MemoryChain<Sent, Held, Block>;
    this.blocks = blocks;
    this.pool = pool;
    this.forged = forged;
    for (const [id, one] of seen) this.seen.set(id, one);
  }

  get height(): number {
    return this.blocks.length - 1;
  }

  pending(): readonly string[] {
    return [...this.pool.keys()];
  }

  rivals(): readonly string[] {
    return [...this.seen.values()]
      .filter(({ funding, id }) => !funding && this.blockOf(id) === undefined)
      .map(({ id }) => id);
  }

  mine(time: Instant, ids: readonly string[] = this.pending()): void {
    this.extend(
      [...this.pool.values()].filter(({ id }) => ids.includes(id)),
      time,
    );
  }

  reorganise(depth: number, time: Instant, instead: readonly string[], forgotten: boolean): void {
    const left = this.blocks.slice(-depth).flatMap(({ transactions }) => transactions);
    const before = this.pool;
    this.blocks = this.blocks.slice(0, -depth);
    this.pool = new Map();
    // Money from outside comes in every branch.
    this.extend(this.seenOf(left.filter(({ funding }) => funding)), time);
    for (const id of instead) this.again(id);
    this.extend([...this.pool.values()], time);
    for (let more = 1; more < depth; more++) this.extend([], time);
    if (!forgotten) for (const { id } of [...left, ...before.values()]) this.again(id);
  }

  /** What a liar shows: the best chain with `count` blocks more, the first of which holds all that could be in one. */
  withMore(count: number): readonly Block[] {
    return this.lie(this.blocks, count, [...this.seen.values()]);
  }

  /** What a liar shows: another branch in place of the last `count` blocks, with the money from outside alone. */
  without(count: number): readonly Block[] {
    const left = this.blocks.slice(-count).flatMap(({ transactions }) => transactions);
    return this.lie(this.blocks.slice(0, -count), count, this.seenOf(left.filter(({ funding }) => funding)));
  }

  evict(id: string): void {
    this.pool = new Map([...this.pool].filter(([other]) => other !== id));
  }

  payments(): ReadonlyMap<string, number> {
    if (this.counted?.of !== this.blocks)
      this.counted = { of: this.blocks, payments: this.paidIn(this.blocks) };
    return this.counted.payments;
  }

  /** Of the next block: no two branches have the same. */
  protected nextHash(): string {
    this.forged += 1;
    return toHex(sha256(utf8(`block ${this.forged} of ${this.forger}`)));
  }

  private again(id: string): void {
    const one = this.seen.get(id);
    if (one !== undefined && !one.funding && this.blockOf(id) === undefined) this.offerAgain(one);
  }

  private seenOf(held: readonly OneTransaction[]): readonly Sent[] {
    return held.flatMap(({ id }) => this.seen.get(id) ?? []);
  }

  private lie(base: readonly Block[], count: number, chosen: readonly Sent[]): readonly Block[] {
    const other = this.begun((this.blocks[0] as Block).time, "a liar");
    other.become(this);
    other.pool = new Map();
    other.blocks = base;
    const { time } = this.blocks.at(-1) as Block;
    // So that a lie told about another chain has other hashes.
    other.forged = 1000 * this.forged;
    other.extend(
      chosen.filter(({ id }) => other.blockOf(id) === undefined),
      time,
    );
    for (let more = 1; more < count; more++) other.extend([], time);
    return other.blocks;
  }
}
