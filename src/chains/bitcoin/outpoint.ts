import { BITCOIN_CHAINS, type Network } from "../../core/chain.ts";

/** A transaction's output: what a bitcoin transaction competes for (law 4). */
type Outpoint = { readonly txid: string; readonly vout: number };

/** Its name among conflict keys: `<chain>:outpoint:<txid>:<vout>`. */
export function outpointKey({ txid, vout }: Outpoint, network: Network): string {
  return `${BITCOIN_CHAINS[network]}:outpoint:${txid}:${vout}`;
}

/** The coins whose keys are not among `taken`. */
export function freeCoins<Coin extends Outpoint>(
  coins: readonly Coin[],
  taken: ReadonlySet<string>,
  network: Network,
): readonly Coin[] {
  return coins.filter((coin) => !taken.has(outpointKey(coin, network)));
}
