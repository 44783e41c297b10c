/** A wallet's facts as several nodes list them: what all of them show. */
import { withCoins } from "../../chains/bitcoin/offered-coins.ts";
import type { BitcoinFacts } from "../../chains/bitcoin/snapshot.ts";
import { assert } from "../../core/errors.ts";
import { middleOf } from "../middle.ts";

/**
 * Coins that every node shows in the same block: a coin's parent is proven by its id, that it is unspent and confirmed only
 * by agreement. The lowest tip; of the floors for relaying the middle one, of two the lower, for one node must not set our
 * fee (F15); and what each of them expects a fee to be, for whoever weighs that.
 */
export function commonFacts(all: readonly BitcoinFacts[]): BitcoinFacts {
  const [first, ...others] = all;
  assert(first !== undefined, "facts come from a node");
  if (others.length === 0) return first;
  const shown = others.map(({ coins }) => new Set(coins.map(coinText)));
  const coins = first.coins.filter((coin) => shown.every((texts) => texts.has(coinText(coin))));
  return {
    ...withCoins(first, coins),
    tip: all.map(({ tip }) => tip).reduce((low, tip) => (tip.height < low.height ? tip : low)),
    relayRateMilli: (middleOf(all.map((facts) => BigInt(facts.relayRateMilli))) ?? 0n).toString(),
    changeIndex: Math.max(...all.map(({ changeIndex }) => changeIndex)),
    estimates: all.flatMap(({ estimates }) => estimates),
  };
}

function coinText({ txid, vout, height }: BitcoinFacts["coins"][number]): string {
  return `${txid}:${vout}@${height}`;
}
