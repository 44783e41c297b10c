/** A transaction's output, as what other transactions compete for: its conflict key is written and read here alone (law 4). */
import { BITCOIN_CHAINS, type Network } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import type { Digest } from "../../core/digest.ts";

type Outpoint = { readonly txid: string; readonly vout: number };

/** `<txid>:<vout>`. */
export function outpointText({ txid, vout }: Outpoint): string {
  return `${txid}:${vout}`;
}

/** Its name among conflict keys: `<chain>:outpoint:<txid>:<vout>`. */
export function outpointKey(outpoint: Outpoint, network: Network): string {
  return conflictKey(BITCOIN_CHAINS[network], "outpoint", outpointText(outpoint));
}

/** The output that a conflict key names; undefined where it is another chain's, or of another kind. */
export function outpointOf(key: string): { readonly txid: Digest; readonly vout: number } | undefined {
  const [, txid, vout] = OUTPOINT_KEY.exec(key) ?? [];
  return txid === undefined ? undefined : { txid: txid as Digest, vout: Number(vout) };
}

const OUTPOINT_KEY = /^bip122:[0-9a-f]{32}:outpoint:([0-9a-f]{64}):(0|[1-9][0-9]{0,9})$/;

/** The transaction that makes the coin of a conflict key. */
export function makerOf(key: string): Digest | undefined {
  return outpointOf(key)?.txid;
}

/** The coins whose keys are not among `taken`. */
export function freeCoins<Coin extends Outpoint>(
  coins: readonly Coin[],
  taken: ReadonlySet<string>,
  network: Network,
): readonly Coin[] {
  return coins.filter((coin) => !taken.has(outpointKey(coin, network)));
}
