/** A snapshot's coins: which may be spent, which a task names, and the proof that each is what the node said. */
import { counted } from "../../core/count.ts";
import type { Network } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes, fromHex } from "../../core/hex.ts";
import { compareTies, distinct, type WalletShape } from "./coins/candidates.ts";
import { outpointKey } from "./outpoint.ts";
import { deriveKey, type Branch, type Descriptor, type WalletKey } from "./descriptor.ts";
import type { BitcoinCoin, BitcoinSnapshot, SpentCoin } from "./snapshot.ts";
import { parseTransaction, strippedBytes, type Transaction } from "./transaction.ts";
import { inputWeight, outputWeight, overheadWeight, STANDARD_WEIGHT_MAX } from "./weight.ts";
import { hash256, txidText } from "./wire.ts";

export const SNAPSHOT_INCONSISTENT = declareError(
  "SNAPSHOT_INCONSISTENT",
  "verification",
  "A snapshot's coin is not what its parent transaction says, or is not the wallet's.",
);
export const COIN_MISSING = declareError(
  "COIN_MISSING",
  "conflict",
  "A coin that must be spent is not among the wallet's confirmed coins.",
);
export const COINS_TOO_FEW = declareError(
  "COINS_TOO_FEW",
  "notFound",
  "There are not two coins to consolidate within the amount allowed.",
);

/** Consensus COINBASE_MATURITY: a coinbase output can be spent in the hundredth block after its own. */
const COINBASE_MATURITY = 100;
/** A consolidation of more would be megabytes for a signer to read, and can wait for the next. */
const CONSOLIDATED_COINS_MAX = 1000;

/** Previous transactions by id, each with its bytes without witnesses. */
export type Parents = ReadonlyMap<
  string,
  { readonly transaction: Transaction; readonly stripped: Uint8Array }
>;

export function parentsOf({ parents }: BitcoinSnapshot): Parents {
  return new Map(
    parents.map((hex) => {
      const transaction = parseTransaction(fromHex(hex, "snapshot.parents"), "snapshot.parents");
      const stripped = strippedBytes(transaction);
      return [txidText(hash256(stripped)), { transaction, stripped }];
    }),
  );
}

export function matureCoins({ coins, tip }: Pick<BitcoinSnapshot, "coins" | "tip">): readonly BitcoinCoin[] {
  return coins.filter(({ coinbase, height }) => !coinbase || tip.height + 1 - height >= COINBASE_MATURITY);
}

/** The coins behind conflict keys, in the keys' order. @throws COIN_MISSING naming the key */
export function coinsBehind(
  keys: readonly string[],
  coins: readonly SpentCoin[],
  network: Network,
): readonly SpentCoin[] {
  const byKey = new Map(coins.map((coin) => [outpointKey(coin, network), coin]));
  return [...new Set(keys)].map((key) => {
    const coin = byKey.get(key);
    if (coin !== undefined) return coin;
    throw COIN_MISSING(`${key} is not a confirmed coin of the wallet`, {
      field: "conflictKeys",
      hint: "take a new snapshot; if the coin is spent, a block says by what: custody-watcher once, custody status",
    });
  });
}

/**
 * Asserts that a block holds each coin that people name, deep enough to be spent. Change that waits may never exist: it
 * could even be of the transaction whose place the new one takes.
 * @throws COIN_MISSING
 */
export function assertNameable(
  keys: readonly string[],
  snapshot: Pick<BitcoinSnapshot, "coins" | "tip">,
  network: Network,
): void {
  coinsBehind(keys, matureCoins(snapshot), network);
}

/**
 * The smallest coins that one transaction can gather. Coins that cost more than they bring at `feeRateMilli` stay where
 * they are.
 * @param unitsMax satoshis in all
 * @throws COINS_TOO_FEW
 */
export function smallestCoins(
  coins: readonly SpentCoin[],
  shape: WalletShape,
  { unitsMax, feeRateMilli }: { readonly unitsMax: bigint; readonly feeRateMilli: bigint },
): readonly SpentCoin[] {
  const each = inputWeight(shape.input);
  const fixed = overheadWeight(CONSOLIDATED_COINS_MAX, 1) + outputWeight(shape.changeScript);
  const countMax = Math.min(CONSOLIDATED_COINS_MAX, Math.floor((STANDARD_WEIGHT_MAX - fixed) / each));
  const order = [...distinct(coins)].sort((a, b) => compareUnits(a, b) || compareTies(a, b, shape));
  const chosen: SpentCoin[] = [];
  let total = 0n;
  for (const coin of order) {
    const units = BigInt(coin.units);
    if (chosen.length >= countMax || total + units > unitsMax) break;
    if (units * 4000n <= BigInt(each) * feeRateMilli) continue;
    chosen.push(coin);
    total += units;
  }
  if (chosen.length >= 2) return chosen;
  throw COINS_TOO_FEW(
    `${counted(chosen.length, "coin")} of ${total} sat can be gathered within ${unitsMax} sat and ${countMax} inputs, two are needed`,
    { field: "unitsMax", hint: "allow a larger amount, or wait until fees are lower" },
  );
}

/** What the node said about a coin, checked against the parent's bytes here, as the signer will check it again. */
export function provenCoinKey(coin: SpentCoin, descriptor: Descriptor, parents: Parents): WalletKey {
  const output = parents.get(coin.txid)?.transaction.outputs[coin.vout];
  const key = deriveKey(descriptor, coin.branch as Branch, coin.index);
  if (output?.units === BigInt(coin.units) && equalBytes(output.script, key.script)) return key;
  throw SNAPSHOT_INCONSISTENT(
    `coin ${coin.txid}:${coin.vout} is not the wallet's ${key.path} with ${coin.units} sat`,
    {
      field: "snapshot.coins",
      hint: "take a new snapshot; if this happens again, ask another node",
    },
  );
}

/** The coins' parents, each once, in ascending order of their base64 text, which is the order of a request. */
export function previousOf(coins: readonly SpentCoin[], parents: Parents): readonly Uint8Array[] {
  const ids = [...new Set(coins.map(({ txid }): Digest => txid))];
  return ids
    .map((txid) => (parents.get(txid) as { readonly stripped: Uint8Array }).stripped)
    .map((bytes) => ({ bytes, text: Buffer.from(bytes).toString("base64") }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ bytes }) => bytes);
}

function compareUnits(a: SpentCoin, b: SpentCoin): number {
  const difference = BigInt(a.units) - BigInt(b.units);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
