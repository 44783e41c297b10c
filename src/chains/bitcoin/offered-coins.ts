/**
 * Which of a wallet's coins plans may be built from. A stranger's payment that lies in a young block can be taken back by a
 * reorganisation and paid otherwise: a plan that spends it then names a coin that never was (F10).
 */
import type { BitcoinCoin, BitcoinFacts } from "./snapshot.ts";
import { parseTransaction, transactionId } from "./transaction.ts";
import { fromHex } from "../../core/hex.ts";

type Offer = {
  /** The policy's depth: the blocks that a payment's own makes final, itself included. */
  readonly confirmations: number;
  /** Whether a coin is offered from its first block on: ours by our own signed bytes, or a plan's already. */
  readonly early: (coin: BitcoinCoin) => boolean;
};

/** The facts with the coins that lie deep enough, and those that need not. */
export function offeredCoins(facts: BitcoinFacts, { confirmations, early }: Offer): BitcoinFacts {
  const depth = (coin: BitcoinCoin) => facts.tip.height - coin.height + 1;
  return withCoins(
    facts,
    facts.coins.filter((coin) => depth(coin) >= confirmations || early(coin)),
  );
}

/** The facts with some of their coins, and these coins' parents. */
export function withCoins(facts: BitcoinFacts, coins: readonly BitcoinCoin[]): BitcoinFacts {
  if (coins.length === facts.coins.length) return facts;
  const kept = new Set<string>(coins.map(({ txid }) => txid));
  const parents = facts.parents.filter((raw) => kept.has(transactionId(parseTransaction(fromHex(raw)))));
  return { ...facts, coins: [...coins], parents };
}
