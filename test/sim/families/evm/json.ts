/** Blocks and receipts as endpoints write them (Ethereum JSON-RPC). */
import { seconds } from "../../../../src/core/instant.ts";
import { toHex } from "../../../../src/core/hex.ts";
import type { Block } from "./chain.ts";
import type { Executed } from "./state.ts";
import { feesOf, type Sent } from "./transaction.ts";

export const quantity = (value: bigint | number): string => `0x${value.toString(16)}`;
export const hash = (digest: string): string => `0x${digest}`;

const NO_PARENT = "00".repeat(32);
const GAS_LIMIT = 30_000_000n;

export function blockJson(block: Block, parent: Block | undefined, whole: boolean): unknown {
  return {
    number: quantity(block.height),
    hash: hash(block.hash),
    parentHash: hash(parent?.hash ?? NO_PARENT),
    timestamp: quantity(seconds(block.time)),
    baseFeePerGas: quantity(block.baseFee),
    gasLimit: quantity(GAS_LIMIT),
    transactions: block.transactions.map((one) => (whole ? transactionJson(one, block) : hash(one.id))),
  };
}

export function transactionJson(one: Sent, block: Block | undefined): unknown {
  const { transaction, signature, from, id } = one;
  const { max, priority } = feesOf(transaction);
  const legacy = transaction.type === 0;
  const v = legacy ? 35n + 2n * transaction.chainId + BigInt(signature.yParity) : signature.yParity;
  return {
    hash: hash(id),
    type: quantity(transaction.type),
    from,
    to: transaction.to,
    nonce: quantity(transaction.nonce),
    value: quantity(transaction.value),
    gas: quantity(transaction.gasLimit),
    input: `0x${toHex(transaction.data)}`,
    chainId: quantity(transaction.chainId),
    ...(transaction.type === 2
      ? { maxFeePerGas: quantity(max), maxPriorityFeePerGas: quantity(priority) }
      : { gasPrice: quantity(max) }),
    r: quantity(signature.r),
    s: quantity(signature.s),
    v: quantity(v),
    blockHash: block === undefined ? null : hash(block.hash),
    blockNumber: block === undefined ? null : quantity(block.height),
  };
}

export function receiptJson(one: Executed, block: Block): unknown {
  return {
    transactionHash: hash(one.id),
    blockHash: hash(block.hash),
    blockNumber: quantity(block.height),
    from: one.from,
    to: one.transaction.to,
    status: "0x1",
    gasUsed: quantity(one.gasUsed),
    effectiveGasPrice: quantity(one.gasPrice),
    logs: [],
  };
}
