/** What became of a transaction in a block, as one endpoint has it, and what tokens it moved. */
import type { Digest } from "../../core/digest.ts";
import { addressOf, type Address } from "../../chains/evm/address.ts";
import { keccak256 } from "../../chains/evm/keccak.ts";
import { fromHex, toHex, utf8 } from "../../core/hex.ts";
import { NODE_ANSWER_MALFORMED } from "../failure.ts";
import { type Rpc } from "../bitcoind/rpc.ts";
import { receiptAnswer, transactionAnswer } from "./answers.ts";

export type Log = {
  readonly address: Address;
  readonly topics: readonly Digest[];
  /** Hex without `0x`. */
  readonly data: string;
  readonly index: number;
};

export type Receipt = {
  readonly transaction: Digest;
  readonly blockHash: Digest;
  readonly height: number;
  readonly from: Address;
  readonly to: Address | undefined;
  /** Whether it had its effect. Without it the fee is paid and the nonce used all the same (F18). */
  readonly success: boolean;
  readonly gasUsed: bigint;
  /** Wei for each gas that were paid. */
  readonly gasPrice: bigint;
  readonly logs: readonly Log[];
};

export type SeenTransaction = {
  readonly from: Address;
  readonly nonce: bigint;
  /** Absent while it waits in the pool. */
  readonly blockHash: Digest | undefined;
};

export type Transfer = {
  readonly token: Address;
  readonly from: Address;
  readonly to: Address;
  readonly units: bigint;
  readonly logIndex: number;
};

/** Undefined where the endpoint has none: from that nothing may be concluded (F8, F11). */
export async function readReceipt(rpc: Rpc, transaction: Digest): Promise<Receipt | undefined> {
  const answer = await rpc.read("eth_getTransactionReceipt", [`0x${transaction}`], receiptAnswer, {
    isLarge: true,
  });
  if (answer === null) return undefined;
  const { blockHash, blockNumber, from, to, status, gasUsed, effectiveGasPrice } = answer;
  const isOwn = (one: { readonly transactionHash: Digest; readonly blockHash: Digest }) =>
    one.transactionHash === transaction && one.blockHash === blockHash;
  if (!isOwn(answer) || !answer.logs.every(isOwn))
    throw NODE_ANSWER_MALFORMED(
      `the endpoint was asked for the receipt of ${transaction} and gave another one`,
    );
  return {
    transaction,
    blockHash,
    height: blockNumber,
    from,
    to: to ?? undefined,
    success: status === "0x1",
    gasUsed,
    gasPrice: effectiveGasPrice,
    logs: answer.logs.map(({ address, topics, data, logIndex }) => ({
      address,
      topics,
      data,
      index: logIndex,
    })),
  };
}

/** In the pool or in a block; undefined where the endpoint does not know it. */
export async function readTransaction(rpc: Rpc, transaction: Digest): Promise<SeenTransaction | undefined> {
  const answer = await rpc.read("eth_getTransactionByHash", [`0x${transaction}`], transactionAnswer);
  if (answer === null) return undefined;
  if (answer.hash !== transaction)
    throw NODE_ANSWER_MALFORMED(`the endpoint was asked for ${transaction} and gave ${answer.hash}`);
  return { from: answer.from, nonce: answer.nonce, blockHash: answer.blockHash ?? undefined };
}

/** The topic of ERC-20's `Transfer`. */
export const TRANSFER_TOPIC = toHex(keccak256(utf8("Transfer(address,address,uint256)")));

/**
 * The tokens that a transaction moved, by what their contracts logged (ERC-20): what arrived may be less than what was sent
 * where a token takes a fee. Logs of another form under the same name (ERC-721 has a fourth topic) are none.
 */
export function transfersOf({ logs }: Pick<Receipt, "logs">): readonly Transfer[] {
  return logs.flatMap(({ address, topics, data, index }) => {
    const [kind, from, to] = topics;
    if (kind !== TRANSFER_TOPIC || topics.length !== 3 || data.length !== 64) return [];
    const [payer, payee] = [accountIn(from), accountIn(to)];
    if (payer === undefined || payee === undefined) return [];
    return [{ token: address, from: payer, to: payee, units: BigInt(`0x${data}`), logIndex: index }];
  });
}

function accountIn(topic: Digest | undefined): Address | undefined {
  return topic?.startsWith("0".repeat(24)) === true ? addressOf(fromHex(topic.slice(24))) : undefined;
}
