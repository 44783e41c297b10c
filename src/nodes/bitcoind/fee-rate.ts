import { parseAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import { assert, declareError } from "../../core/errors.ts";
import { estimateAnswer, mempoolAnswer } from "./answers.ts";
import type { Rpc } from "./rpc.ts";

export const FEE_FLOOR_ABOVE_CAP = declareError(
  "FEE_FLOOR_ABOVE_CAP",
  "denied",
  "The node relays nothing at the highest fee rate that the policy allows.",
);

/** Rates are thousandths of a satoshi per virtual byte, which is satoshis per 1,000 virtual bytes. */
export type FeeRates = { readonly rateMilli: bigint; readonly source: string; readonly relayMilli: bigint };

/** Blocks within which the estimate hopes to be mined. */
const TARGET_BLOCKS = 6;

/**
 * The node's estimate, at least its floor for relaying, at most the policy's cap. The node is not believed (F15: a fee
 * oracle that lies): the cap is applied here, and again at the signer.
 * @param rateMax satoshis per virtual byte
 * @throws FEE_FLOOR_ABOVE_CAP
 */
export async function feeRates(rpc: Rpc, network: Network, rateMax: number): Promise<FeeRates> {
  assert(Number.isSafeInteger(rateMax) && rateMax > 0, "the cap on fee rates is a whole number above zero");
  const rate = (text: string) => parseAmount(text, bitcoinAsset(network), "fee rate").units;
  const mempool = await rpc.read("getmempoolinfo", [], mempoolAnswer);
  const estimate = await rpc.read("estimatesmartfee", [TARGET_BLOCKS, "economical"], estimateAnswer);
  const floors = [rate(mempool.mempoolminfee), rate(mempool.minrelaytxfee)] as const;
  const relayMilli = floors[0] > floors[1] ? floors[0] : floors[1];
  const capMilli = BigInt(rateMax) * 1000n;
  if (relayMilli > capMilli) {
    throw FEE_FLOOR_ABOVE_CAP(
      `the node relays from ${relayMilli} sat/kvB, the policy's cap is ${capMilli} sat/kvB`,
      {
        field: "rateMax",
        hint: "wait until the mempool empties, or raise fees.rateMax in a new policy",
      },
    );
  }
  const estimated = estimate.feerate === undefined ? undefined : rate(estimate.feerate);
  if (estimated === undefined || estimated <= relayMilli)
    return { rateMilli: relayMilli, source: "relay floor", relayMilli };
  if (estimated > capMilli)
    return { rateMilli: capMilli, source: `cap below estimatesmartfee ${TARGET_BLOCKS}`, relayMilli };
  return { rateMilli: estimated, source: `estimatesmartfee ${TARGET_BLOCKS}`, relayMilli };
}
