/** A bitcoin chain in memory: blocks, a mempool with replacement by fee, reorganisations, and nothing about custody. */
import {
  parseTransaction,
  transactionId,
  type Transaction,
} from "../../../../src/chains/bitcoin/transaction.ts";
import { strippedBytes, transactionBytes } from "../../../../src/chains/bitcoin/transaction.ts";
import { toHex } from "../../../../src/core/hex.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import type { Taker } from "../chain.ts";
import { MemoryChain, type OneBlock, type OneTransaction } from "../memory-chain.ts";
import { paymentsIn } from "./payments.ts";

export type Mined = OneTransaction & { readonly transaction: Transaction };
export type Block = OneBlock<Mined>;

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

export class BitcoinChain extends MemoryChain<Mined, Mined, Block> {
  constructor(time: Instant, forger = "the simulator") {
    super(forger);
    this.blocks = [this.forge(0, time, [])];
  }

  offer(bytes: Uint8Array): string | undefined {
    return this.take(parseTransaction(bytes));
  }

  /** Coins from outside, paid in the next block. */
  fund(transaction: Transaction, time: Instant): void {
    const funding = { id: transactionId(transaction), transaction, funding: true };
    this.seen.set(funding.id, funding);
    this.extend([funding], time);
  }

  bytesOf(id: string): Uint8Array | undefined {
    const known = this.seen.get(id);
    return known && transactionBytes(known.transaction);
  }

  override evict(id: string): void {
    super.evict(id);
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

  protected begun(time: Instant, forger?: string): BitcoinChain {
    return new BitcoinChain(time, forger);
  }

  protected offerAgain({ transaction }: Mined): void {
    this.take(transaction);
  }

  protected paidIn(blocks: readonly Block[]): ReadonlyMap<string, number> {
    return paymentsIn(blocks);
  }

  protected extend(chosen: readonly Mined[], time: Instant): void {
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

  private take(transaction: Transaction): string | undefined {
    const id = transactionId(transaction);
    const offered = { id, transaction, funding: false };
    const { fee, trouble } = accepted(this.blocks, this.pool, offered);
    if (trouble !== undefined) return trouble;
    this.seen.set(id, offered);
    const spends = new Set(pointsOf(transaction));
    const rest = [...this.pool.values()].filter(
      (other) => !pointsOf(other.transaction).some((point) => spends.has(point)),
    );
    const conflicts = [...this.pool.values()].filter((other) => !rest.includes(other));
    const unspent = unspentOf(this.blocks, this.pool);
    const paid = conflicts.reduce((sum, other) => sum + feeOf(unspent, this.seen, other.transaction), 0n);
    if (conflicts.length > 0 && fee < paid + INCREMENTAL_RATE * BigInt(virtualSize(transaction)))
      return "insufficient fee";
    this.pool = new Map([...rest, offered].map((one) => [one.id, one]));
    this.settle();
    return undefined;
  }

  // What a block has spent, and what was built on what is gone, is in no mempool any more.
  private settle(): void {
    let kept: ReadonlyMap<string, Mined> = new Map();
    for (const one of this.pool.values()) {
      const { trouble } = accepted(this.blocks, kept, one);
      if (trouble === undefined) kept = new Map([...kept, [one.id, one]]);
    }
    this.pool = kept;
  }

  private forge(height: number, time: Instant, transactions: readonly Mined[]): Block {
    return { hash: this.nextHash(), height, time, transactions };
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
