/** What accounts have after a block, and what one transaction does to it: plain transfers, as Ethereum has them. */
import type { Address } from "../../../../src/chains/evm/address.ts";
import { feesOf, type Sent } from "./transaction.ts";

export type Account = { readonly nonce: bigint; readonly balance: bigint };
export type State = ReadonlyMap<Address, Account>;

export type Executed = Sent & {
  /** Wei for each gas that were paid. */
  readonly gasPrice: bigint;
  readonly gasUsed: bigint;
};

export const PLAIN_GAS = 21_000n;
const NOTHING: Account = { nonce: 0n, balance: 0n };

export const accountIn = (state: State, address: Address): Account => state.get(address) ?? NOTHING;

/** What the sender must have at least. */
export function costOf({ transaction }: Sent): bigint {
  return transaction.gasLimit * feesOf(transaction).max + transaction.value;
}

/** @returns undefined where a block of this base fee cannot hold it next */
export function execute(
  state: State,
  sent: Sent,
  baseFee: bigint,
): { readonly state: State; readonly executed: Executed } | undefined {
  const { transaction, from, funding } = sent;
  const { max, priority } = feesOf(transaction);
  const sender = accountIn(state, from);
  const tip = max - baseFee < priority ? max - baseFee : priority;
  const gasPrice = funding ? 0n : baseFee + tip;
  if (!funding) {
    const early = transaction.nonce !== sender.nonce;
    if (early || max < baseFee || sender.balance < costOf(sent) || transaction.gasLimit < PLAIN_GAS)
      return undefined;
  }
  const next = new Map(state);
  if (!funding) {
    const balance = sender.balance - transaction.value - PLAIN_GAS * gasPrice;
    next.set(from, { nonce: sender.nonce + 1n, balance });
  }
  const receiver = accountIn(next, transaction.to);
  next.set(transaction.to, { ...receiver, balance: receiver.balance + transaction.value });
  return { state: next, executed: { ...sent, gasPrice, gasUsed: PLAIN_GAS } };
}
