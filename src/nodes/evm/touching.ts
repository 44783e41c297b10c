/**
 * What one block did to accounts of ours, as one endpoint has it: transactions from them and to them, and what tokens moved.
 * Ether that a contract pays in the course of a call leaves no such trace; whoever compares balances finds it.
 */
import type { Address } from "../../chains/evm/address.ts";
import type { EvmTransaction } from "../../chains/evm/transaction.ts";
import { encodeSigned, transactionHash } from "../../chains/evm/transaction.ts";
import type { Digest } from "../../core/digest.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { NODE_ANSWER_MALFORMED, NODE_REFUSED } from "../failure.ts";
import type { Rpc } from "../bitcoind/rpc.ts";
import { blockTransactionsAnswer, logsAnswer, type BlockTransactionAnswer } from "./answers.ts";
import { executionsOf } from "./executions.ts";
import { readReceipt, TRANSFER_TOPIC, transfersOf, type Receipt, type Transfer } from "./receipt.ts";

export type Ours = {
  readonly accounts: readonly Address[];
  /** Contracts whose Transfer logs are read. */
  readonly tokens: readonly Address[];
  /** Those of the accounts that are Safes: what they execute is called by others. */
  readonly safes?: readonly Address[] | undefined;
};

/** A transaction that a Safe of ours has executed, by the Safe's own log of it. */
export type Executed = { readonly safe: Address; readonly name: Digest; readonly failed: boolean };

/** A transaction of a block from, to, or about an account of ours. */
export type TouchingTransaction = {
  readonly hash: Digest;
  readonly from: Address;
  readonly nonce: bigint;
  readonly to: Address | undefined;
  /** Wei; moved only with `success`. */
  readonly value: bigint;
  readonly success: boolean;
  /** Wei that the sender has paid for gas. */
  readonly feePaid: bigint;
  /** Its signed bytes in hex, put together from its fields, where it is of a type that we sign; they hash to `hash`. */
  readonly bytes: string | undefined;
  /** Of the tokens asked for, from or to accounts of ours. */
  readonly transfers: readonly Transfer[];
  readonly executed: readonly Executed[];
  /** Hex without `0x`, where it calls a Safe of ours. */
  readonly calls: string | undefined;
};

/** In the order of the block. @throws NODE_REFUSED where the endpoint has not that block */
export async function readTouching(
  rpc: Rpc,
  hash: Digest,
  { accounts, tokens, safes = [] }: Ours,
): Promise<readonly TouchingTransaction[]> {
  const block = await rpc.read("eth_getBlockByHash", [`0x${hash}`, true], blockTransactionsAnswer, {
    isLarge: true,
  });
  if (block === null) throw NODE_REFUSED(`the endpoint has no block ${hash}`, { details: { hash } });
  if (block.hash !== hash)
    throw NODE_ANSWER_MALFORMED(`the endpoint was asked for block ${hash} and gave ${block.hash}`);
  const own = new Set(accounts);
  const logged = new Set([
    ...(tokens.length === 0 ? [] : await moversOf(rpc, hash, tokens, own)),
    ...(safes.length === 0 ? [] : await executionsIn(rpc, hash, safes)),
  ]);
  const touching = block.transactions.filter(
    (one) => own.has(one.from) || (one.to !== null && own.has(one.to)) || logged.has(one.hash),
  );
  const read: TouchingTransaction[] = [];
  for (const one of touching)
    read.push(described(one, await receiptIn(rpc, hash, one), { own, tokens, safes }));
  return read;
}

/** The transactions in which one of `tokens` says that an account of ours has paid or was paid. */
async function moversOf(
  rpc: Rpc,
  blockHash: Digest,
  tokens: readonly Address[],
  own: ReadonlySet<Address>,
): Promise<ReadonlySet<Digest>> {
  const asked = { blockHash: `0x${blockHash}`, address: tokens, topics: [`0x${TRANSFER_TOPIC}`] };
  const logs = await rpc.read("eth_getLogs", [asked], logsAnswer, { isLarge: true });
  const found = new Set<Digest>();
  for (const log of logs) {
    if (log.blockHash !== blockHash)
      throw NODE_ANSWER_MALFORMED(`the endpoint was asked for logs of block ${blockHash} and gave others`);
    const moved = transfersOf({ logs: [{ ...log, index: log.logIndex }] });
    if (moved.some(({ from, to }) => own.has(from) || own.has(to))) found.add(log.transactionHash);
  }
  return found;
}

/** The transactions in which one of the Safes says that it has executed something. */
async function executionsIn(
  rpc: Rpc,
  blockHash: Digest,
  safes: readonly Address[],
): Promise<ReadonlySet<Digest>> {
  const asked = { blockHash: `0x${blockHash}`, address: safes };
  const logs = await rpc.read("eth_getLogs", [asked], logsAnswer, { isLarge: true });
  const stray = logs.find((log) => log.blockHash !== blockHash);
  if (stray !== undefined)
    throw NODE_ANSWER_MALFORMED(`the endpoint was asked for logs of block ${blockHash} and gave others`);
  return new Set(logs.map(({ transactionHash }) => transactionHash));
}

async function receiptIn(rpc: Rpc, hash: Digest, one: BlockTransactionAnswer): Promise<Receipt> {
  const receipt = await readReceipt(rpc, one.hash);
  if (receipt?.blockHash === hash) return receipt;
  throw NODE_REFUSED(`the endpoint has no receipt of ${one.hash} in block ${hash}`, { details: { hash } });
}

function described(
  one: BlockTransactionAnswer,
  receipt: Receipt,
  {
    own,
    tokens,
    safes,
  }: {
    readonly own: ReadonlySet<Address>;
    readonly tokens: readonly Address[];
    readonly safes: readonly Address[];
  },
): TouchingTransaction {
  const { hash, from, nonce, value } = one;
  return {
    hash,
    from,
    nonce,
    to: one.to ?? undefined,
    value,
    success: receipt.success,
    feePaid: receipt.gasUsed * receipt.gasPrice,
    bytes: own.has(from) ? signedBytes(one) : undefined,
    transfers: transfersOf(receipt).filter(
      ({ token, from: payer, to }) => tokens.includes(token) && (own.has(payer) || own.has(to)),
    ),
    executed: executionsOf(receipt, safes),
    calls: one.to !== null && safes.includes(one.to) ? one.input : undefined,
  };
}

/** The bytes as they were sent. Fields that do not hash to the transaction's id are of a form that we never sign. */
function signedBytes(one: BlockTransactionAnswer): string | undefined {
  const fields = fieldsOf(one);
  if (fields === undefined) return undefined;
  const { transaction, yParity } = fields;
  const bytes = encodeSigned(transaction, { r: one.r, s: one.s, yParity });
  return toHex(transactionHash(bytes)) === one.hash ? toHex(bytes) : undefined;
}

function fieldsOf(
  one: BlockTransactionAnswer,
): { readonly transaction: EvmTransaction; readonly yParity: 0 | 1 } | undefined {
  const { to, nonce, gas: gasLimit, value, v } = one;
  if (to === null) return undefined;
  const common = { nonce, gasLimit, to, value, data: fromHex(one.input) };
  const type = Number(one.type ?? 0n);
  if (type === 0) {
    // EIP-155: v = 35 + 2 · chain id + parity.
    if (v < 35n || one.gasPrice === undefined) return undefined;
    const transaction = { ...common, type, chainId: (v - 35n) / 2n, gasPrice: one.gasPrice } as const;
    return { transaction, yParity: v % 2n === 1n ? 0 : 1 };
  }
  const yParity = v === 0n ? 0 : 1;
  const { chainId, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = one;
  if (chainId === undefined) return undefined;
  // One with an access list is none of ours.
  const listed = { ...common, chainId, accessList: [] } as const;
  if (type === 1 && gasPrice !== undefined) return { transaction: { ...listed, type, gasPrice }, yParity };
  if (type !== 2 || maxFeePerGas === undefined || maxPriorityFeePerGas === undefined) return undefined;
  return { transaction: { ...listed, type, maxFeePerGas, maxPriorityFeePerGas }, yParity };
}
