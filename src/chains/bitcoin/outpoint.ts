/** A transaction's output, as what other transactions compete for: its conflict key is written and read here alone (law 4). */
import { BITCOIN_CHAINS, type Network } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import { declareError } from "../../core/errors.ts";
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

export const OUTPOINT_MALFORMED = declareError(
  "OUTPOINT_MALFORMED",
  "usage",
  "A coin is named by its transaction's id and the number of its output: TXID:VOUT.",
);

/**
 * The conflict key of a coin as people name it: `<txid>:<vout>`, or its whole key.
 * @throws OUTPOINT_MALFORMED
 */
export function namedKey(text: string, network: Network): string {
  const key = text.startsWith("bip122:") ? text : conflictKey(BITCOIN_CHAINS[network], "outpoint", text);
  const outpoint = outpointOf(key);
  if (outpoint !== undefined && outpointKey(outpoint, network) === key) return key;
  throw OUTPOINT_MALFORMED(`${JSON.stringify(text)} names no coin of ${network}`, {
    field: "coin",
    hint: "TXID:VOUT, as bitcoin-cli and block explorers write it",
  });
}

/** The transaction that makes the coin of a conflict key. */
export function makerOf(key: string): Digest | undefined {
  return outpointOf(key)?.txid;
}

/** The coin of a conflict key, as people compare it; another key as it is. */
export function keyInWords(key: string): string {
  const outpoint = outpointOf(key);
  return outpoint === undefined ? key : `${outpoint.txid} output ${outpoint.vout}`;
}

/** The coins whose keys are not among `taken`. */
export function freeCoins<Coin extends Outpoint>(
  coins: readonly Coin[],
  taken: ReadonlySet<string>,
  network: Network,
): readonly Coin[] {
  return coins.filter((coin) => !taken.has(outpointKey(coin, network)));
}
