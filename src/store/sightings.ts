/**
 * Payments from our coins by transactions that are no attempts of ours, and the withdrawals that each may have been for. A
 * match stops its withdrawal until two admins have said which payment it was (F3, F9).
 */
import { stateList } from "./state-list.ts";
import type { AccountId } from "../core/account.ts";
import { parseUnits, type Amount } from "../core/amount.ts";
import type { Digest } from "../core/digest.ts";
import type { Id } from "../core/identifier.ts";
import { ENDED } from "../core/states/withdrawal.ts";
import { placeOf } from "./lost-rows.ts";
import { SETTLES_SQL } from "./settles.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";
import type { ForeignPaymentTable } from "./watch-schema.ts";

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

/** What one such transaction has paid to others, in the order of its outputs. */
export function foreignPayments(reader: Reader, transaction: string): readonly ForeignPayment[] {
  const sql = "SELECT * FROM foreign_payment WHERE transaction_id = ? ORDER BY length(coin), coin";
  return all<ForeignPaymentTable>(reader, sql, transaction).map(
    ({ coin, account, asset, units, height }) => ({
      coin,
      transaction,
      account,
      amount: parseUnits(units, asset),
      height,
    }),
  );
}

/** A foreign payment that may be what a withdrawal asks for: to the same account. */
export type Sighting = { readonly withdrawal: Id; readonly coin: string; readonly transaction: string };

/** What is BLOCKED comes back, and is matched like any other; what has one of these states is never paid. */
const ENDED_SQL = stateList(ENDED);

const OPEN =
  "NOT EXISTS (SELECT 1 FROM sighting_end AS e WHERE e.withdrawal = s.withdrawal AND e.coin = s.coin)";

type Match = Sighting & {
  /** Whether the amount is the same, to the unit. */
  readonly same: boolean;
};

/**
 * Withdrawals that a foreign payment may have paid, whatever their state. Of those that were born before people had signed
 * the transaction off (by places in the audit log, for a clock can be set back): all that ask for the same destination, for
 * a customer who asks again after a restore may ask for another amount. Of later ones: all that ask for the same amount,
 * until two admins have said which withdrawal the payment was. That another was matched with it, and has ended, is no
 * answer: its client may ask again. One that is COMPLETED is paid by its own attempt.
 */
export function newSightings(reader: Reader): readonly Match[] {
  const early =
    "NOT EXISTS (SELECT 1 FROM quarantine AS q WHERE q.cause = 'foreign-spend' AND q.subject = f.transaction_id" +
    ` AND ${placeOf("quarantine", "q.id", 2)} < ${placeOf("withdrawal", "w.id", 1)})`;
  const sql =
    "SELECT w.id AS withdrawal, f.coin, f.transaction_id AS 'transaction', w.units = f.units AS same" +
    " FROM foreign_payment AS f JOIN withdrawal AS w ON w.account = f.account AND w.asset = f.asset" +
    ` WHERE w.state NOT IN ${ENDED_SQL} AND w.state <> 'COMPLETED' AND (w.units = f.units OR ${early})` +
    ` AND NOT EXISTS (SELECT 1 FROM foreign_settlement AS t WHERE t.coin = f.coin AND ${SETTLES_SQL})` +
    " AND NOT EXISTS (SELECT 1 FROM sighting WHERE withdrawal = w.id AND coin = f.coin)" +
    " ORDER BY f.height, f.coin, w.seq LIMIT 10000";
  type Row = Sighting & { readonly same: 0 | 1 };
  return all<Row>(reader, sql).map(({ same, ...sighting }) => ({ ...sighting, same: same === 1 }));
}

/** Keeps a match, once: the withdrawal is planned no more, until people have said what the payment was. */
export function insertSighting(tx: Tx, { withdrawal, coin, transaction }: Sighting): void {
  const after = { coin, transaction };
  const known = "SELECT 1 FROM sighting WHERE withdrawal = ? AND coin = ?";
  if (get(tx, known, withdrawal, coin) !== undefined) return;
  const entityId = `${withdrawal}:${coin}`;
  tx.audit({ entity: "sighting", entityId, version: 1, event: "paid by a stranger", after });
  const sql = "INSERT INTO sighting (withdrawal, coin, transaction_id, at) VALUES (?, ?, ?, ?)";
  run(tx, sql, withdrawal, coin, transaction, tx.now);
}

/** Two admins have said that a payment was not this withdrawal's. */
export function endSighting(tx: Tx, { withdrawal, coin }: Sighting, warrant: Digest): void {
  const entityId = `${withdrawal}:${coin}`;
  tx.audit({ entity: "sighting-end", entityId, version: 1, event: "another payment", after: { warrant } });
  const sql = "INSERT INTO sighting_end (withdrawal, coin, warrant, at) VALUES (?, ?, ?, ?)";
  run(tx, sql, withdrawal, coin, warrant, tx.now);
}

/** The foreign payments that a withdrawal is matched with and that nobody has said to be others. */
export function sightingsOf(reader: Reader, withdrawal: Id): readonly Sighting[] {
  const sql = `SELECT s.withdrawal, s.coin, s.transaction_id AS 'transaction' FROM sighting AS s WHERE s.withdrawal = ? AND ${OPEN} ORDER BY s.at, s.coin`;
  return all<Sighting>(reader, sql, withdrawal);
}

/** The first of them. */
export function findSighting(reader: Reader, withdrawal: Id): Sighting | undefined {
  const sql = `SELECT s.withdrawal, s.coin, s.transaction_id AS 'transaction' FROM sighting AS s WHERE s.withdrawal = ? AND ${OPEN} ORDER BY s.at, s.coin LIMIT 1`;
  return get<Sighting>(reader, sql, withdrawal);
}

/** Every match that waits for people, the oldest first; at most a thousand. What has ended or is paid waits for nobody. */
export function openSightings(reader: Reader): readonly Sighting[] {
  const sql =
    "SELECT s.withdrawal, s.coin, s.transaction_id AS 'transaction' FROM sighting AS s JOIN withdrawal AS w ON w.id = s.withdrawal" +
    ` WHERE w.state NOT IN ${ENDED_SQL} AND ${OPEN} AND NOT EXISTS (SELECT 1 FROM foreign_settlement AS t WHERE t.withdrawal = w.id AND ${SETTLES_SQL})` +
    " ORDER BY s.at, s.withdrawal, s.coin LIMIT 1000";
  return all<Sighting>(reader, sql);
}
