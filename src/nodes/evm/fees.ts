/** What one endpoint says of fees. Nothing of it is believed here: the policy's caps and other sources weigh it (F15). */
import type { Rpc } from "../bitcoind/rpc.ts";
import { refusalCode } from "../bitcoind/rpc.ts";
import { middleOf } from "../middle.ts";
import { feeHistoryAnswer, quantityField } from "./answers.ts";
import { readBlock } from "./block.ts";

/** Wei for each gas. */
export type EvmFees = {
  /** Of the newest block; undefined on a chain without base fees (EIP-1559). */
  readonly baseFee: bigint | undefined;
  /** What blocks with transactions were paid above the base fee lately, by percentile of gas: the middle of the blocks. */
  readonly rewards: readonly { readonly percentile: number; readonly wei: bigint }[];
  /** What the endpoint would put above the base fee; undefined where it says nothing. */
  readonly tip: bigint | undefined;
  /** What it would pay in a transaction of type 0. */
  readonly gasPrice: bigint;
};

const HISTORY_BLOCKS = 20;
export const REWARD_PERCENTILES: readonly number[] = [25, 50, 75];
const METHOD_NOT_FOUND = -32601;

export async function readFees(rpc: Rpc): Promise<EvmFees> {
  const latest = await readBlock(rpc, "latest");
  const baseFee = latest?.baseFee;
  const gasPrice = await rpc.read("eth_gasPrice", [], quantityField);
  if (baseFee === undefined) return { baseFee, rewards: [], tip: undefined, gasPrice };
  return { baseFee, rewards: await readRewards(rpc), tip: await readTip(rpc), gasPrice };
}

/** @returns none where no block of late had a transaction */
async function readRewards(rpc: Rpc): Promise<EvmFees["rewards"]> {
  const asked = [`0x${HISTORY_BLOCKS.toString(16)}`, "latest", REWARD_PERCENTILES];
  const { reward } = await rpc.read("eth_feeHistory", asked, feeHistoryAnswer);
  // An empty block is listed with zeros: nobody paid that.
  const paid = (reward ?? []).filter((block) => block.some((wei) => wei > 0n));
  return REWARD_PERCENTILES.flatMap((percentile, place) => {
    const wei = middleOf(paid.flatMap((block) => block[place] ?? []));
    return wei === undefined ? [] : [{ percentile, wei }];
  });
}

async function readTip(rpc: Rpc): Promise<bigint | undefined> {
  try {
    return await rpc.read("eth_maxPriorityFeePerGas", [], quantityField);
  } catch (error) {
    if (refusalCode(error) === METHOD_NOT_FOUND) return undefined;
    throw error;
  }
}
