/** An EVM chain in memory: accounts, a pool by nonce with replacement, blocks with a base fee, reorganisations. */
import { nonceOf } from "../../../../src/chains/evm/nonce-key.ts";
import { accountId } from "../../../../src/core/account.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import type { Chain, Taker } from "../chain.ts";
import { MemoryChain, type OneBlock } from "../memory-chain.ts";
import { accountIn, costOf, execute, type Executed, type State } from "./state.ts";
import { feesOf, sentOf, type Sent } from "./transaction.ts";

export type Block = OneBlock<Executed> & {
  /** Wei for each gas. */
  readonly baseFee: bigint;
  readonly state: State;
};

const GWEI = 10n ** 9n;
/** A replacement pays a tenth more, of both fees (geth's `--txpool.pricebump`). */
const [BUMP, OF] = [110n, 100n];

export class EvmChain extends MemoryChain<Sent, Executed, Block> {
  /** Of the next block. */
  baseFee = 3n * GWEI;

  constructor(time: Instant, forger = "the simulator") {
    super(forger);
    this.blocks = [this.forge(time, [], new Map())];
  }

  override become(other: Chain): void {
    super.become(other);
    this.baseFee = (other as EvmChain).baseFee;
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

  bytesOf(id: string): Uint8Array | undefined {
    return this.seen.get(id)?.bytes;
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

  protected begun(time: Instant, forger?: string): EvmChain {
    return new EvmChain(time, forger);
  }

  protected offerAgain({ bytes }: Sent): void {
    this.offer(bytes);
  }

  protected paidIn(blocks: readonly Block[]): ReadonlyMap<string, number> {
    const payments = new Map<string, number>();
    for (const { transaction } of blocks.flatMap(({ transactions }) => transactions)) {
      const name = `${accountId(ANVIL, transaction.to)} ${transaction.value}`;
      payments.set(name, (payments.get(name) ?? 0) + 1);
    }
    return payments;
  }

  // One lane for each account: what comes before its turn waits.
  protected extend(chosen: readonly Sent[], time: Instant): void {
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
    const { baseFee } = this;
    return { hash: this.nextHash(), height: this.blocks.length, time, baseFee, transactions, state };
  }
}

function isBumped(before: Sent, sent: Sent): boolean {
  const [old, next] = [feesOf(before.transaction), feesOf(sent.transaction)];
  return OF * next.max >= BUMP * old.max && OF * next.priority >= BUMP * old.priority;
}
