/**
 * Our coins as blocks have shown them, and what was seen of transactions that are none of ours. Observations, without audit
 * rows: a reorganisation takes them back. What is concluded from them is audited.
 */
import type { AccountId } from "../core/account.ts";
import { parseUnits, type Amount } from "../core/amount.ts";
import type { AssetId } from "../core/asset.ts";
import type { ChainId } from "../core/chain.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { AttemptState } from "../core/states/edges.ts";
import type { CoinTable } from "./watch-schema.ts";
import { all, each, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** A coin of ours. `coin` is the conflict key that spending it uses. */
export type Coin = {
  readonly coin: string;
  readonly wallet: Name;
  /** Undefined where it was never given out: then the coin is known by what spends it. */
  readonly account: AccountId | undefined;
  readonly amount: Amount;
  /** The transaction that made it. */
  readonly origin: string;
  readonly height: number;
  /** The block that made it, at `height`; undefined where it is known by its spend alone. */
  readonly blockHash: string | undefined;
  readonly spentBy: string | undefined;
};

/** Blocks whose hashes are kept: how far back a reorganisation can be followed step by step. */
const HASHES_KEPT = 1000;

export type SeenBlock = { readonly height: number; readonly hash: string };

/** The newest block that was read. */
export function seenTip(reader: Reader, chain: ChainId): SeenBlock | undefined {
  const sql = "SELECT height, hash FROM seen_block WHERE chain = ? ORDER BY height DESC LIMIT 1";
  return get<SeenBlock>(reader, sql, chain);
}

/** The oldest block whose hash is kept. */
export function oldestSeen(reader: Reader, chain: ChainId): SeenBlock | undefined {
  const sql = "SELECT height, hash FROM seen_block WHERE chain = ? ORDER BY height LIMIT 1";
  return get<SeenBlock>(reader, sql, chain);
}

/** The hash of the block that was read at `height`, while it is kept. */
export function seenHash(reader: Reader, chain: ChainId, height: number): string | undefined {
  const sql = "SELECT hash FROM seen_block WHERE chain = ? AND height = ?";
  return get<{ hash: string }>(reader, sql, chain, height)?.hash;
}

/** Notes that a block was read, in the transaction that notes what it holds. */
export function saveSeenBlock(tx: Tx, chain: ChainId, { height, hash }: SeenBlock): void {
  run(tx, "INSERT INTO seen_block (chain, height, hash) VALUES (?, ?, ?)", chain, height, hash);
  run(tx, "DELETE FROM seen_block WHERE chain = ? AND height <= ?", chain, height - HASHES_KEPT);
}

/** Takes back everything that was seen above `height`. */
export function forgetBlocksAbove(tx: Tx, chain: ChainId, height: number): void {
  const prefix = `${chain}:`;
  run(tx, "DELETE FROM seen_block WHERE chain = ? AND height > ?", chain, height);
  run(tx, "DELETE FROM coin WHERE height > ? AND substr(coin, 1, length(?)) = ?", height, prefix, prefix);
  run(
    tx,
    "UPDATE coin SET spent_by = NULL, spent_height = NULL WHERE spent_height > ? AND substr(coin, 1, length(?)) = ?",
    height,
    prefix,
    prefix,
  );
  run(
    tx,
    "DELETE FROM foreign_payment WHERE height > ? AND substr(coin, 1, length(?)) = ?",
    height,
    prefix,
    prefix,
  );
}

/** Notes a coin of ours. One that is known stays as it is. */
export function insertCoin(
  tx: Tx,
  coin: Omit<Coin, "spentBy" | "blockHash"> & { readonly blockHash?: string | undefined },
): void {
  run(
    tx,
    "INSERT INTO coin (coin, wallet, account, asset, units, origin, height, block_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (coin) DO NOTHING",
    coin.coin,
    coin.wallet,
    coin.account ?? null,
    coin.amount.asset,
    coin.amount.units.toString(),
    coin.origin,
    coin.height,
    coin.blockHash ?? null,
  );
}

export function findCoin(reader: Reader, coin: string): Coin | undefined {
  const row = get<CoinTable>(reader, "SELECT * FROM coin WHERE coin = ?", coin);
  if (row === undefined) return undefined;
  const { wallet, account, origin, height } = row;
  const amount = parseUnits(row.units, row.asset);
  return {
    coin,
    wallet,
    account: account ?? undefined,
    amount,
    origin,
    height,
    blockHash: row.block_hash ?? undefined,
    spentBy: row.spent_by ?? undefined,
  };
}

/**
 * Coins at receive addresses of nobody's that are no deposits, and that others than us have paid, the oldest first; at most a
 * thousand. What a transaction that spends coins of ours brings back is our change.
 */
export function unclaimedCoins(reader: Reader): readonly string[] {
  const sql =
    "SELECT c.coin FROM address AS a CROSS JOIN coin AS c ON c.account = a.account WHERE a.customer IS NULL AND a.branch = 0" +
    " AND c.block_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deposit AS d WHERE d.coin = c.coin)" +
    " AND NOT EXISTS (SELECT 1 FROM attempt WHERE txid = c.origin)" +
    " AND NOT EXISTS (SELECT 1 FROM coin AS s WHERE s.spent_by = c.origin) ORDER BY c.height, c.coin LIMIT 1000";
  return all<{ coin: string }>(reader, sql).map(({ coin }) => coin);
}

/** Notes which transaction of a block spends a coin. */
export function spendCoin(tx: Tx, coin: string, transaction: string, height: number): void {
  run(tx, "UPDATE coin SET spent_by = ?, spent_height = ? WHERE coin = ?", transaction, height, coin);
}

/** The plan of the attempt that a transaction is; undefined where it is no attempt of ours. */
export function planOfTransaction(reader: Reader, transaction: string): Id | undefined {
  return get<{ plan: Id }>(reader, "SELECT plan FROM attempt WHERE txid = ?", transaction)?.plan;
}

/** A coin with what the database can say of where it comes from and where it went. */
export type CoinFlow = {
  readonly wallet: Name;
  readonly amount: Amount;
  /** stranger: somebody paid us. customer: the same, and a deposit was credited for it. Else an attempt of ours made it. */
  readonly from: "stranger" | "customer" | Ours;
  /** stranger: a transaction that is no attempt of ours took it, and nobody has booked that yet. */
  readonly to: "nobody" | "stranger" | Ours;
};

/** Whether the books have it: an attempt of ours from its settlement on, any other transaction once people have booked it. */
type Ours = "settled" | "under-way";

/** Of a coin that stands for what an account has given (`drawnKey`). */
const DRAWN = "instr(c.coin, ':drawn:') > 0";

/** What blocks have shown that a wallet holds of an asset: coins not spent, without what its account has given. */
export function unitsIn(reader: Reader, wallet: Name, asset: AssetId): bigint {
  const sql =
    `SELECT c.units, ${DRAWN} AS drawn FROM coin AS c WHERE c.wallet = ? AND c.asset = ?` +
    ` AND (c.spent_by IS NULL OR ${DRAWN})`;
  let total = 0n;
  for (const { units, drawn } of each<{ units: string; drawn: 0 | 1 }>(reader, sql, wallet, asset))
    total += drawn === 1 ? -BigInt(units) : BigInt(units);
  return total;
}

/** Every coin of ours on `chain`, one by one, and what its accounts have given. */
export function* coinFlows(reader: Reader, chain: ChainId): Generator<CoinFlow> {
  const sql =
    `SELECT c.wallet, c.asset, c.units, ${DRAWN} AS drawn, d.coin IS NOT NULL AS credited, a.customer IS NOT NULL AS customers,` +
    " o.state AS maker, ob.warrant IS NOT NULL AS made_booked," +
    " c.spent_by IS NOT NULL AS spent, s.state AS spender, sb.warrant IS NOT NULL AS spent_booked" +
    " FROM coin AS c JOIN wallet AS w ON w.name = c.wallet" +
    " LEFT JOIN deposit AS d ON d.coin = c.coin AND d.state <> 'UNCREDITED'" +
    " LEFT JOIN address AS a ON a.account = c.account LEFT JOIN attempt AS o ON o.txid = c.origin" +
    " LEFT JOIN foreign_booking AS ob ON ob.transaction_id = c.origin AND ob.wallet = c.wallet" +
    " LEFT JOIN attempt AS s ON s.txid = c.spent_by" +
    " LEFT JOIN foreign_booking AS sb ON sb.transaction_id = c.spent_by AND sb.wallet = c.wallet WHERE w.chain = ?";
  type Row = Pick<CoinTable, "wallet" | "asset" | "units"> & {
    [Flag in "drawn" | "credited" | "customers" | "made_booked" | "spent" | "spent_booked"]: 0 | 1;
  } & { maker: AttemptState | null; spender: AttemptState | null };
  for (const row of each<Row>(reader, sql, chain)) {
    // What an attempt of ours pays to a customer's address is a deposit like any other.
    const amount = parseUnits(row.units, row.asset);
    const to = row.spent === 0 ? "nobody" : (oursOf(row.spender, row.spent_booked) ?? "stranger");
    if (row.drawn === 1) {
      // It was never received: the account holds so much less.
      const less = { asset: amount.asset, units: -amount.units };
      yield { wallet: row.wallet, amount: less, from: "settled", to: "nobody" };
      yield { wallet: row.wallet, amount, from: "settled", to };
      continue;
    }
    const made = row.customers === 1 ? undefined : oursOf(row.maker, row.made_booked);
    yield {
      wallet: row.wallet,
      amount,
      from: row.credited === 1 ? "customer" : (made ?? "stranger"),
      to,
    };
  }
}

function oursOf(state: AttemptState | null, booked: 0 | 1): Ours | undefined {
  if (state !== null) return state === "FINAL" ? "settled" : "under-way";
  return booked === 1 ? "settled" : undefined;
}

/** Ids of transactions that attempts say a block holds, and that no block has shown spending a coin of ours. */
export function attemptsUnseen(reader: Reader, chain: ChainId, limit: number): readonly string[] {
  const sql =
    "SELECT a.txid FROM attempt AS a JOIN plan ON plan.id = a.plan JOIN wallet ON wallet.name = plan.wallet" +
    " WHERE a.state IN ('CONFIRMING', 'FINAL') AND wallet.chain = ?" +
    " AND NOT EXISTS (SELECT 1 FROM coin WHERE spent_by = a.txid) ORDER BY a.seq LIMIT ?";
  return all<{ txid: string }>(reader, sql, chain, limit).map(({ txid }) => txid);
}
