import type { FeeEstimate } from "../../chains/adapter.ts";
import { FEE_TARGETS } from "../../chains/bitcoin/fee-sources.ts";
import { parseAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import { estimateAnswer, mempoolAnswer } from "./answers.ts";
import type { Rpc } from "./rpc.ts";

/** Rates are thousandths of a satoshi per virtual byte, which is satoshis per 1,000 virtual bytes. */
export type NodeFees = { readonly estimates: readonly FeeEstimate[]; readonly relayMilli: bigint };

/**
 * What the node estimates for each target, and its floor for relaying. Nothing of it is believed here: `chooseRate`
 * weighs it against other sources and the policy's cap (F15). A target of which the node knows too little is left out.
 */
export async function nodeFees(rpc: Rpc, network: Network): Promise<NodeFees> {
  const rate = (text: string) => parseAmount(text, bitcoinAsset(network), "fee rate").units;
  const mempool = await rpc.read("getmempoolinfo", [], mempoolAnswer);
  const floors = [rate(mempool.mempoolminfee), rate(mempool.minrelaytxfee)] as const;
  const estimates: FeeEstimate[] = [];
  for (const blocks of FEE_TARGETS) {
    const { feerate } = await rpc.read("estimatesmartfee", [blocks, "economical"], estimateAnswer);
    if (feerate === undefined) continue;
    estimates.push({ source: "estimatesmartfee", blocks, rateMilli: rate(feerate) });
  }
  return { estimates, relayMilli: floors[0] > floors[1] ? floors[0] : floors[1] };
}
