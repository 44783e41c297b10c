/**
 * Our coins as blocks have shown them, and what was seen of transactions that are none of ours. Observations, without audit
 * rows: a reorganisation takes them back. What is concluded from them is audited.
 */
import type { AccountId } from "../core/account.ts";
import { parseUnits, type Amount } from "../core/amount.ts";
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
  run(
    tx,
    "DELETE FROM early_transaction WHERE height > ? AND plan IN (SELECT plan.id FROM plan JOIN wallet ON wallet.name = plan.wallet WHERE wallet.chain = ?)",
    height,
    chain,
  );
}

/** Notes a coin of ours. One that is known stays as it is. */
export function insertCoin(tx: Tx, coin: Omit<Coin, "spentBy">): void {
  run(
    tx,
    "INSERT INTO coin (coin, wallet, account, asset, units, origin, height) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (coin) DO NOTHING",
    coin.coin,
    coin.wallet,
    coin.account ?? null,
    coin.amount.asset,
    coin.amount.units.toString(),
    coin.origin,
    coin.height,
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
    spentBy: row.spent_by ?? undefined,
  };
}

/** Notes which transaction of a block spends a coin. */
export function spendCoin(tx: Tx, coin: string, transaction: string, height: number): void {
  run(tx, "UPDATE coin SET spent_by = ?, spent_height = ? WHERE coin = ?", transaction, height, coin);
}

/** Whether a transaction is an attempt of ours, or a rung of ours whose receipt has not come back. */
export function isOwnTransaction(reader: Reader, transaction: string): boolean {
  const sql =
    "SELECT 1 FROM attempt WHERE txid = ? UNION ALL SELECT 1 FROM early_transaction WHERE transaction_id = ?";
  return get(reader, sql, transaction, transaction) !== undefined;
}

/** The plan of the attempt that a transaction is. */
export function planOfTransaction(reader: Reader, transaction: string): Id | undefined {
  return get<{ plan: Id }>(reader, "SELECT plan FROM attempt WHERE txid = ?", transaction)?.plan;
}

/** The plan that holds a conflict key. */
export function planHolding(reader: Reader, coin: string): Id | undefined {
  return get<{ plan: Id }>(reader, "SELECT plan FROM lease WHERE conflict_key = ?", coin)?.plan;
}

/** Notes a rung of ours that a block holds before its receipt has come back. */
export function insertEarlyTransaction(tx: Tx, transaction: string, plan: Id, height: number): void {
  const sql =
    "INSERT INTO early_transaction (transaction_id, plan, height) VALUES (?, ?, ?) ON CONFLICT (transaction_id) DO NOTHING";
  run(tx, sql, transaction, plan, height);
}

export type ForeignPayment = {
  readonly coin: string;
  readonly transaction: string;
  readonly account: AccountId;
  readonly amount: Amount;
  readonly height: number;
};

/** Notes what a transaction that is none of ours has paid from our coins. */
export function insertForeignPayment(tx: Tx, payment: ForeignPayment): void {
  const { coin, transaction, account, amount, height } = payment;
  run(
    tx,
    "INSERT INTO foreign_payment (coin, transaction_id, account, asset, units, height) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (coin) DO NOTHING",
    coin,
    transaction,
    account,
    amount.asset,
    amount.units.toString(),
    height,
  );
}

/** A foreign payment that is what a withdrawal asks for: to the same account, of the same amount. */
export type Sighting = { readonly withdrawal: Id; readonly coin: string; readonly transaction: string };

/** Withdrawals that have ended and will never be paid, and those that are paid: no payment is looked for. */
const ENDED = "('INVALID', 'REJECTED', 'CANCELLED', 'BLOCKED')";

/**
 * Withdrawals that a foreign payment may have paid, each payment with the oldest one that none is matched to yet. Whatever
 * its state: one that is COMPLETED is paid by its own attempt, and leaves the payment to the next.
 */
export function newSightings(reader: Reader): readonly Sighting[] {
  const sql =
    "SELECT w.id AS withdrawal, f.coin, f.transaction_id AS 'transaction' FROM foreign_payment AS f JOIN withdrawal AS w" +
    " ON w.account = f.account AND w.asset = f.asset AND w.units = f.units" +
    ` WHERE w.state NOT IN ${ENDED} AND w.state <> 'COMPLETED'` +
    " AND NOT EXISTS (SELECT 1 FROM sighting WHERE coin = f.coin)" +
    " AND NOT EXISTS (SELECT 1 FROM sighting WHERE withdrawal = w.id) ORDER BY f.height, f.coin, w.seq";
  const [coins, withdrawals] = [new Set<string>(), new Set<Id>()];
  return all<Sighting>(reader, sql).filter(({ coin, withdrawal }) => {
    if (coins.has(coin) || withdrawals.has(withdrawal)) return false;
    coins.add(coin);
    withdrawals.add(withdrawal);
    return true;
  });
}

/** Keeps a match for ever: the withdrawal is planned no more. */
export function insertSighting(tx: Tx, { withdrawal, coin, transaction }: Sighting): void {
  const after = { coin, transaction };
  tx.audit({ entity: "sighting", entityId: withdrawal, version: 1, event: "paid by a stranger", after });
  const sql = "INSERT INTO sighting (withdrawal, coin, transaction_id, at) VALUES (?, ?, ?, ?)";
  run(tx, sql, withdrawal, coin, transaction, tx.now);
}

/** The foreign payment that a withdrawal is matched with. */
export function findSighting(reader: Reader, withdrawal: Id): Sighting | undefined {
  const sql = "SELECT withdrawal, coin, transaction_id AS 'transaction' FROM sighting WHERE withdrawal = ?";
  return get<Sighting>(reader, sql, withdrawal);
}

/** Every match whose withdrawal has not ended, the oldest first; at most a thousand. */
export function openSightings(reader: Reader): readonly Sighting[] {
  const sql =
    "SELECT s.withdrawal, s.coin, s.transaction_id AS 'transaction' FROM sighting AS s JOIN withdrawal AS w ON w.id = s.withdrawal" +
    ` WHERE w.state NOT IN ${ENDED} ORDER BY s.at, s.withdrawal LIMIT 1000`;
  return all<Sighting>(reader, sql);
}

/** A coin with what the database can say of where it comes from and where it went. */
export type CoinFlow = {
  readonly wallet: Name;
  readonly amount: Amount;
  /** stranger: somebody paid us. customer: the same, and a deposit was credited for it. Else an attempt of ours made it. */
  readonly from: "stranger" | "customer" | Ours;
  readonly to: "nobody" | "stranger" | Ours;
};

/** Whether the books have an attempt of ours: from its settlement on. */
type Ours = "settled" | "under-way";

/** Every coin of ours on `chain`, one by one. */
export function* coinFlows(reader: Reader, chain: ChainId): Generator<CoinFlow> {
  const sql =
    "SELECT c.wallet, c.asset, c.units, d.coin IS NOT NULL AS credited, a.customer IS NOT NULL AS customers," +
    " o.state AS maker, oe.plan IS NOT NULL AS made_early," +
    " c.spent_by IS NOT NULL AS spent, s.state AS spender, se.plan IS NOT NULL AS spent_early" +
    " FROM coin AS c JOIN wallet AS w ON w.name = c.wallet LEFT JOIN deposit AS d ON d.coin = c.coin" +
    " LEFT JOIN address AS a ON a.account = c.account LEFT JOIN attempt AS o ON o.txid = c.origin" +
    " LEFT JOIN early_transaction AS oe ON oe.transaction_id = c.origin LEFT JOIN attempt AS s ON s.txid = c.spent_by" +
    " LEFT JOIN early_transaction AS se ON se.transaction_id = c.spent_by WHERE w.chain = ?";
  type Row = Pick<CoinTable, "wallet" | "asset" | "units"> & {
    [Flag in "credited" | "customers" | "made_early" | "spent" | "spent_early"]: 0 | 1;
  } & { maker: AttemptState | null; spender: AttemptState | null };
  for (const row of each<Row>(reader, sql, chain)) {
    // What an attempt of ours pays to a customer's address is a deposit like any other.
    const made = row.customers === 1 ? undefined : oursOf(row.maker, row.made_early);
    yield {
      wallet: row.wallet,
      amount: parseUnits(row.units, row.asset),
      from: row.credited === 1 ? "customer" : (made ?? "stranger"),
      to: row.spent === 0 ? "nobody" : (oursOf(row.spender, row.spent_early) ?? "stranger"),
    };
  }
}

function oursOf(state: AttemptState | null, early: 0 | 1): Ours | undefined {
  if (state === "FINAL") return "settled";
  return state !== null || early === 1 ? "under-way" : undefined;
}

/** Ids of transactions that attempts say a block holds, and that no block has shown spending a coin of ours. */
export function attemptsUnseen(reader: Reader, limit: number): readonly string[] {
  const sql =
    "SELECT txid FROM attempt WHERE state IN ('CONFIRMING', 'FINAL') AND NOT EXISTS (SELECT 1 FROM coin WHERE spent_by = attempt.txid) ORDER BY seq LIMIT ?";
  return all<{ txid: string }>(reader, sql, limit).map(({ txid }) => txid);
}
