/** A bitcoin chain in memory: blocks, a mempool with replacement by fee, reorganisations, and nothing about custody. */
import {
  parseTransaction,
  transactionId,
  type Transaction,
} from "../../../../src/chains/bitcoin/transaction.ts";
import { strippedBytes, transactionBytes } from "../../../../src/chains/bitcoin/transaction.ts";
import { sha256 } from "../../../../src/core/digest.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import { assert } from "../../../../src/core/errors.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import type { Chain, Taker } from "../chain.ts";
import { paymentsIn } from "./payments.ts";

export type Mined = {
  readonly id: string;
  readonly transaction: Transaction;
  /** Brings coins from outside: nobody looks where they come from. */
  readonly funding: boolean;
};

export type Block = {
  readonly hash: string;
  readonly height: number;
  readonly time: Instant;
  readonly transactions: readonly Mined[];
};

/** An output that nothing in the chain spends. */
export type Unspent = {
  readonly txid: string;
  readonly vout: number;
  readonly units: bigint;
  readonly script: string;
  /** Undefined in the mempool. */
  readonly height: number | undefined;
};

/** Satoshis per virtual byte that a replacement must pay on top of what it replaces (BIP-125, rule 4). */
const INCREMENTAL_RATE = 1n;

export const pointOf = (txid: string, vout: number) => `${txid}:${vout}`;
/** The outpoint that a conflict key stands for. */
export const pointIn = (conflictKey: string) => conflictKey.split(":outpoint:")[1] as string;

export class BitcoinChain implements Chain {
  /** The best chain from its first block on. Every change makes a new array, so that a node may keep the one before. */
  blocks: readonly Block[];
  mempool: ReadonlyMap<string, Mined> = new Map();
  readonly seen = new Map<string, Mined>();
  private forged = 0;
  private readonly forger: string;

  constructor(time: Instant, forger = "the simulator") {
    this.forger = forger;
    this.blocks = [this.forge(0, time, [])];
  }

  copy(): BitcoinChain {
    const other = new BitcoinChain((this.blocks[0] as Block).time);
    other.become(this);
    return other;
  }

  become(other: Chain): void {
    assert(other instanceof BitcoinChain, "a chain becomes one of its kind");
    this.blocks = other.blocks;
    this.mempool = other.mempool;
    this.forged = other.forged;
    for (const [id, one] of other.seen) this.seen.set(id, one);
  }

  get height(): number {
    return this.blocks.length - 1;
  }

  offer(bytes: Uint8Array): string | undefined {
    return this.take(parseTransaction(bytes));
  }

  private take(transaction: Transaction): string | undefined {
    const id = transactionId(transaction);
    const offered = { id, transaction, funding: false };
    const { fee, trouble } = accepted(this.blocks, this.mempool, offered);
    if (trouble !== undefined) return trouble;
    this.seen.set(id, offered);
    const spends = new Set(pointsOf(transaction));
    const rest = [...this.mempool.values()].filter(
      (other) => !pointsOf(other.transaction).some((point) => spends.has(point)),
    );
    const conflicts = [...this.mempool.values()].filter((other) => !rest.includes(other));
    const unspent = unspentOf(this.blocks, this.mempool);
    const paid = conflicts.reduce((sum, other) => sum + feeOf(unspent, this.seen, other.transaction), 0n);
    if (conflicts.length > 0 && fee < paid + INCREMENTAL_RATE * BigInt(virtualSize(transaction)))
      return "insufficient fee";
    this.mempool = new Map([...rest, offered].map((one) => [one.id, one]));
    this.settle();
    return undefined;
  }

  /** Coins from outside, paid in the next block. */
  fund(transaction: Transaction, time: Instant): void {
    const funding = { id: transactionId(transaction), transaction, funding: true };
    this.seen.set(funding.id, funding);
    this.extend([funding], time);
  }

  pending(): readonly string[] {
    return [...this.mempool.keys()];
  }

  rivals(): readonly string[] {
    return [...this.seen.values()]
      .filter(({ funding, id }) => !funding && this.blockOf(id) === undefined)
      .map(({ id }) => id);
  }

  bytesOf(id: string): Uint8Array | undefined {
    const known = this.seen.get(id);
    return known && transactionBytes(known.transaction);
  }

  payments(): ReadonlyMap<string, number> {
    return paymentsIn(this.blocks);
  }

  mine(time: Instant, ids: readonly string[] = [...this.mempool.keys()]): void {
    const chosen = [...this.mempool.values()].filter(({ id }) => ids.includes(id));
    this.extend(chosen, time);
  }

  reorganise(depth: number, time: Instant, instead: readonly string[], forgotten: boolean): void {
    const left = this.blocks.slice(-depth).flatMap(({ transactions }) => transactions);
    const before = this.mempool;
    this.blocks = this.blocks.slice(0, -depth);
    this.mempool = new Map();
    // Coins from outside are paid in every branch.
    this.extend(
      left.filter(({ funding }) => funding),
      time,
    );
    for (const id of instead) this.offerAgain(this.seen.get(id));
    this.extend([...this.mempool.values()], time);
    for (let more = 1; more < depth; more++) this.extend([], time);
    if (!forgotten) for (const one of [...left, ...before.values()]) this.offerAgain(one);
  }

  /** What a liar shows: the best chain with `count` blocks more, the first of which holds all that could be in one. */
  withMore(count: number): readonly Block[] {
    return this.lie(this.blocks, count, [...this.seen.values()]);
  }

  /** What a liar shows: another branch in place of the last `count` blocks, with the coins from outside alone. */
  without(count: number): readonly Block[] {
    const left = this.blocks.slice(-count).flatMap(({ transactions }) => transactions);
    return this.lie(
      this.blocks.slice(0, -count),
      count,
      left.filter(({ funding }) => funding),
    );
  }

  private lie(base: readonly Block[], count: number, chosen: readonly Mined[]): readonly Block[] {
    const other = new BitcoinChain((this.blocks[0] as Block).time, "a liar");
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

  evict(id: string): void {
    this.mempool = new Map([...this.mempool].filter(([other]) => other !== id));
    this.settle();
  }

  blockOf(id: string): Block | undefined {
    return blockWith(this.blocks, id);
  }

  takerOf(conflictKey: string): Taker | undefined {
    const point = pointIn(conflictKey);
    for (const { transactions } of this.blocks)
      for (const { id, transaction } of transactions)
        if (pointsOf(transaction).includes(point)) return { id, name: id };
    return undefined;
  }

  private offerAgain(one: Mined | undefined): void {
    if (one !== undefined && !one.funding && this.blockOf(one.id) === undefined) this.take(one.transaction);
  }

  private extend(chosen: readonly Mined[], time: Instant): void {
    const held: Mined[] = [];
    for (const one of chosen) {
      const block = { hash: "", height: this.blocks.length, time, transactions: held };
      const { trouble } = one.funding
        ? { trouble: undefined }
        : accepted([...this.blocks, block], new Map(), one);
      if (trouble === undefined) held.push(one);
    }
    this.blocks = [...this.blocks, this.forge(this.blocks.length, time, held)];
    this.settle();
  }

  // What a block has spent, and what was built on what is gone, is in no mempool any more.
  private settle(): void {
    let kept: ReadonlyMap<string, Mined> = new Map();
    for (const one of this.mempool.values()) {
      const { trouble } = accepted(this.blocks, kept, one);
      if (trouble === undefined) kept = new Map([...kept, [one.id, one]]);
    }
    this.mempool = kept;
  }

  private forge(height: number, time: Instant, transactions: readonly Mined[]): Block {
    this.forged += 1;
    return {
      hash: toHex(sha256(utf8(`block ${this.forged} of ${this.forger}`))),
      height,
      time,
      transactions,
    };
  }
}

export function pointsOf({ inputs }: Transaction): readonly string[] {
  return inputs.map(({ txid, vout }) => pointOf(txid, vout));
}

export function blockWith(blocks: readonly Block[], id: string): Block | undefined {
  return blocks.find(({ transactions }) => transactions.some((one) => one.id === id));
}

/** Outputs that neither the blocks nor the mempool spend, by outpoint. */
export function unspentOf(
  blocks: readonly Block[],
  mempool: ReadonlyMap<string, Mined> = new Map(),
): ReadonlyMap<string, Unspent> {
  const unspent = new Map<string, Unspent>();
  const take = ({ id, transaction }: Mined, height: number | undefined) => {
    for (const point of pointsOf(transaction)) unspent.delete(point);
    transaction.outputs.forEach(({ units, script }, vout) =>
      unspent.set(pointOf(id, vout), { txid: id, vout, units, script: toHex(script), height }),
    );
  };
  for (const { height, transactions } of blocks) for (const one of transactions) take(one, height);
  for (const one of mempool.values()) take(one, undefined);
  return unspent;
}

/** Every output of these blocks, spent or not. */
export function everPaid(blocks: readonly Block[]): readonly Unspent[] {
  return blocks.flatMap(({ height, transactions }) =>
    transactions.flatMap(({ id, transaction }) =>
      transaction.outputs.map(({ units, script }, vout) => ({
        txid: id,
        vout,
        units,
        script: toHex(script),
        height,
      })),
    ),
  );
}

export function virtualSize(transaction: Transaction): number {
  return Math.ceil((3 * strippedBytes(transaction).length + transactionBytes(transaction).length) / 4);
}

/** What the inputs bring over what the outputs take, by transactions that were seen. */
function feeOf(
  unspent: ReadonlyMap<string, Unspent>,
  seen: ReadonlyMap<string, Mined>,
  { inputs, outputs }: Transaction,
): bigint {
  const brought = inputs.reduce((sum, { txid, vout }) => {
    const units =
      unspent.get(pointOf(txid, vout))?.units ?? seen.get(txid)?.transaction.outputs[vout]?.units ?? 0n;
    return sum + units;
  }, 0n);
  return brought - outputs.reduce((sum, { units }) => sum + units, 0n);
}

type Verdict = { readonly fee: bigint; readonly trouble: string | undefined };

// By what it conflicts with in the mempool its coins are spent: only its place could take that one's.
function accepted(
  blocks: readonly Block[],
  mempool: ReadonlyMap<string, Mined>,
  { id, transaction }: Mined,
): Verdict {
  const no = (trouble: string): Verdict => ({ fee: 0n, trouble });
  if (blockWith(blocks, id) !== undefined) return no("txn-already-known");
  if (mempool.has(id)) return no("txn-already-in-mempool");
  const inBlocks = unspentOf(blocks);
  const pending = new Map([...mempool.values()].flatMap((one) => outputsOf(one)));
  let brought = 0n;
  for (const { txid, vout, witness } of transaction.inputs) {
    const point = pointOf(txid, vout);
    const coin = inBlocks.get(point)?.units ?? pending.get(point);
    if (coin === undefined) return no("bad-txns-inputs-missingorspent");
    if (witness.length === 0) return no("mandatory-script-verify-flag-failed");
    brought += coin;
  }
  const fee = brought - transaction.outputs.reduce((sum, { units }) => sum + units, 0n);
  if (fee < 0n) return no("bad-txns-in-belowout");
  if (fee < BigInt(virtualSize(transaction))) return no("min relay fee not met");
  if (transaction.lockTime >= 1 && transaction.lockTime >= blocks.length) return no("non-final");
  return { fee, trouble: undefined };
}

function outputsOf({ id, transaction }: Mined): readonly (readonly [string, bigint])[] {
  return transaction.outputs.map(({ units }, vout) => [pointOf(id, vout), units] as const);
}
