/** Coins at addresses of nobody's, as the commands about them read them. */
import { BITCOIN_CHAINS, parseChain } from "../core/chain.ts";
import { chainInKey } from "../core/conflict-key.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { CREDIT_READS } from "../home/chain-ports.ts";
import type { Online } from "../home/online.ts";
import { findCursor } from "../store/deposits.ts";
import type { Reader } from "../store/statement.ts";
import { unclaimedCoin, type Unclaimed } from "../withdrawals/settling/credit.ts";
import { deepHeight } from "./foreign.ts";

/**
 * A coin that people may credit, as deep as deposits wait for. Not above where the watcher has read for deposits: from there
 * down it sees a reorganisation that takes one away (F10).
 * @throws COIN_UNKNOWN, COIN_NOT_OPEN, COIN_SHALLOW
 */
export function readUnclaimed(
  { network }: Pick<Online, "network">,
  policy: PolicyDocument,
  reader: Reader,
  coin: string,
): Unclaimed {
  const named = chainInKey(coin);
  const chain = named === undefined ? BITCOIN_CHAINS[network] : parseChain(named, "coin");
  const credited = findCursor(reader, chain)?.height ?? 0;
  const deep = Math.min(deepHeight(policy, reader, chain), credited);
  return unclaimedCoin(CREDIT_READS, reader, coin, { deep });
}
