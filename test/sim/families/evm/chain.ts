/** An EVM chain in memory: accounts, a pool by nonce with replacement, blocks with a base fee, reorganisations. */
import { nonceOf } from "../../../../src/chains/evm/nonce-key.ts";
import { accountId } from "../../../../src/core/account.ts";
import { sha256 } from "../../../../src/core/digest.ts";
import { assert } from "../../../../src/core/errors.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import type { Chain, Taker } from "../chain.ts";
import { accountIn, costOf, execute, type Executed, type State } from "./state.ts";
import { feesOf, sentOf, type Sent } from "./transaction.ts";

export type Block = {
  readonly hash: string;
  readonly height: number;
  readonly time: Instant;
  /** Wei for each gas. */
  readonly baseFee: bigint;
  readonly transactions: readonly Executed[];
  readonly state: State;
};

const GWEI = 10n ** 9n;
/** A replacement pays a tenth more, of both fees (geth's `--txpool.pricebump`). */
const [BUMP, OF] = [110n, 100n];

export class EvmChain implements Chain {
  blocks: readonly Block[];
  pool: ReadonlyMap<string, Sent> = new Map();
  readonly seen = new Map<string, Sent>();
  /** Of the next block. */
  baseFee = 3n * GWEI;
  private forged = 0;
  private readonly forger: string;
  private counted:
    | { readonly of: readonly Block[]; readonly payments: ReadonlyMap<string, number> }
    | undefined;

  constructor(time: Instant, forger = "the simulator") {
    this.forger = forger;
    this.blocks = [];
    this.blocks = [this.forge(time, [], new Map())];
  }

  copy(): EvmChain {
    const other = new EvmChain((this.blocks[0] as Block).time);
    other.become(this);
    return other;
  }

  become(other: Chain): void {
    assert(other instanceof EvmChain, "a chain becomes one of its kind");
    this.blocks = other.blocks;
    this.pool = other.pool;
    this.baseFee = other.baseFee;
    this.forged = other.forged;
    for (const [id, one] of other.seen) this.seen.set(id, one);
  }

  get height(): number {
    return this.blocks.length - 1;
  }

  get state(): State {
    return (this.blocks.at(-1) as Block).state;
  }

  // The words are geth's (core/txpool/errors.go, core/error.go).
  offer(bytes: Uint8Array): string | undefined {
    const sent = sentOf(bytes);
    const { id, from, transaction } = sent;
    const { nonce, balance } = accountIn(this.state, from);
    if (this.pool.has(id)) return "already known";
    if (transaction.nonce < nonce) return "nonce too low";
    if (balance < costOf(sent)) return "insufficient funds for gas * price + value";
    const before = [...this.pool.values()].find(
      (one) => one.from === from && one.transaction.nonce === transaction.nonce,
    );
    if (before !== undefined && !isBumped(before, sent)) return "replacement transaction underpriced";
    const rest = [...this.pool].filter(([other]) => other !== before?.id);
    this.pool = new Map([...rest, [id, sent]]);
    this.seen.set(id, sent);
    return undefined;
  }

  /** Money from outside, paid in the next block. */
  fund(sent: Sent, time: Instant): void {
    this.seen.set(sent.id, sent);
    this.extend([sent], time);
  }

  pending(): readonly string[] {
    return [...this.pool.keys()];
  }

  rivals(): readonly string[] {
    return [...this.seen.values()]
      .filter(({ funding, id }) => !funding && this.blockOf(id) === undefined)
      .map(({ id }) => id);
  }

  bytesOf(id: string): Uint8Array | undefined {
    return this.seen.get(id)?.bytes;
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
    this.extend(
      left.filter(({ funding }) => funding),
      time,
    );
    for (const id of instead) this.offerAgain(this.seen.get(id));
    this.extend([...this.pool.values()], time);
    for (let more = 1; more < depth; more++) this.extend([], time);
    if (!forgotten) for (const one of [...left, ...before.values()]) this.offerAgain(this.seen.get(one.id));
  }

  /** What a liar shows: the best chain with `count` blocks more, the first of which holds all that could be in one. */
  withMore(count: number): readonly Block[] {
    return this.lie(this.blocks, count, [...this.seen.values()]);
  }

  /** What a liar shows: another branch in place of the last `count` blocks, with the money from outside alone. */
  without(count: number): readonly Block[] {
    const left = this.blocks.slice(-count).flatMap(({ transactions }) => transactions);
    return this.lie(
      this.blocks.slice(0, -count),
      count,
      left.filter(({ funding }) => funding),
    );
  }

  evict(id: string): void {
    this.pool = new Map([...this.pool].filter(([other]) => other !== id));
  }

  blockOf(id: string): Block | undefined {
    return this.blocks.find(({ transactions }) =>
      transactions.some((one) => one.id === id || one.name === id),
    );
  }

  takerOf(conflictKey: string): Taker | undefined {
    const wanted = nonceOf(conflictKey);
    if (wanted === undefined) return undefined;
    for (const { transactions } of this.blocks)
      for (const { id, name, from, funding, transaction } of transactions)
        if (!funding && from === wanted.address && transaction.nonce === wanted.nonce) return { id, name };
    return undefined;
  }

  payments(): ReadonlyMap<string, number> {
    if (this.counted?.of === this.blocks) return this.counted.payments;
    const payments = new Map<string, number>();
    for (const { transaction } of this.blocks.flatMap(({ transactions }) => transactions)) {
      const name = `${accountId(ANVIL, transaction.to)} ${transaction.value}`;
      payments.set(name, (payments.get(name) ?? 0) + 1);
    }
    this.counted = { of: this.blocks, payments };
    return payments;
  }

  private offerAgain(one: Sent | undefined): void {
    if (one !== undefined && !one.funding && this.blockOf(one.id) === undefined) this.offer(one.bytes);
  }

  private lie(base: readonly Block[], count: number, chosen: readonly Sent[]): readonly Block[] {
    const other = new EvmChain((this.blocks[0] as Block).time, "a liar");
    other.blocks = base;
    other.baseFee = this.baseFee;
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

  // One lane for each account: what comes before its turn waits.
  private extend(chosen: readonly Sent[], time: Instant): void {
    let { state } = this;
    const held: Executed[] = [];
    const rising = [...chosen].sort((a, b) => Number(a.transaction.nonce - b.transaction.nonce));
    for (const one of rising) {
      const done = execute(state, one, this.baseFee);
      if (done === undefined) continue;
      state = done.state;
      held.push(done.executed);
    }
    this.blocks = [...this.blocks, this.forge(time, held, state)];
    this.pool = new Map(
      [...this.pool].filter(([, { from, transaction }]) => transaction.nonce >= accountIn(state, from).nonce),
    );
  }

  private forge(time: Instant, transactions: readonly Executed[], state: State): Block {
    this.forged += 1;
    return {
      hash: toHex(sha256(utf8(`block ${this.forged} of ${this.forger}`))),
      height: this.blocks.length,
      time,
      baseFee: this.baseFee,
      transactions,
      state,
    };
  }
}

function isBumped(before: Sent, sent: Sent): boolean {
  const [old, next] = [feesOf(before.transaction), feesOf(sent.transaction)];
  return OF * next.max >= BUMP * old.max && OF * next.priority >= BUMP * old.priority;
}
