/**
 * Transactions that spend coins of ours and are no attempts of ours (F3, F9): what each has taken, and what people have
 * decided of it. Rows of decisions are written once, with the warrant of two admins.
 */
import type { AssetId } from "../core/asset.ts";
import type { Digest } from "../core/digest.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Entry } from "../core/ledger.ts";
import { lossSubject } from "../core/losses.ts";
import { postingsAbout } from "./postings.ts";
import { SETTLES_SQL } from "./settles.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";
import type { ForeignBookingTable, ForeignSettlementTable } from "./watch-schema.ts";

/** What a foreign transaction has taken from one wallet, in base units. */
export type Taken = {
  readonly transaction: string;
  readonly wallet: Name;
  readonly asset: AssetId;
  /** What the wallet holds less: coins spent, without what came back to it. What came to a customer's address is a deposit. */
  readonly units: bigint;
  /** Of the block that holds it. */
  readonly height: number;
};

type CoinRow = { wallet: Name; asset: AssetId; units: string; height: number };

/** What a transaction has taken from each wallet, by name; none where no block that was read holds it. */
export function takenBy(reader: Reader, transaction: string): readonly Taken[] {
  const spent = all<CoinRow>(
    reader,
    "SELECT wallet, asset, units, spent_height AS height FROM coin WHERE spent_by = ? ORDER BY wallet",
    transaction,
  );
  const back = all<CoinRow>(
    reader,
    "SELECT c.wallet, c.asset, c.units, c.height FROM coin AS c LEFT JOIN address AS a ON a.account = c.account WHERE c.origin = ? AND a.customer IS NULL",
    transaction,
  );
  return [...new Set(spent.map(({ wallet }) => wallet))].map((wallet) => {
    const [first, ...others] = spent.filter((coin) => coin.wallet === wallet) as [CoinRow, ...CoinRow[]];
    const returned = back.filter((coin) => coin.wallet === wallet);
    const units = sum([first, ...others]) - sum(returned);
    return { transaction, wallet, asset: first.asset, units, height: first.height };
  });
}

/** What a transaction leaves to the network: the coins of ours that it spends, without everything that it pays. */
export function feeOf(reader: Reader, transaction: string): bigint {
  const spent = all<CoinRow>(reader, "SELECT units FROM coin WHERE spent_by = ?", transaction);
  const ours = all<CoinRow>(reader, "SELECT units FROM coin WHERE origin = ?", transaction);
  const others = all<CoinRow>(
    reader,
    "SELECT units FROM foreign_payment WHERE transaction_id = ?",
    transaction,
  );
  return sum(spent) - sum(ours) - sum(others);
}

function sum(rows: readonly Pick<CoinRow, "units">[]): bigint {
  return rows.reduce((total, { units }) => total + BigInt(units), 0n);
}

/** What foreign transactions have taken and nobody has booked yet: the books owe coins that are gone. At most a thousand. */
export function unbookedLosses(reader: Reader): readonly Taken[] {
  const sql =
    "SELECT DISTINCT q.subject FROM quarantine AS q WHERE q.cause = 'foreign-spend' AND EXISTS (SELECT 1 FROM coin AS c" +
    " WHERE c.spent_by = q.subject AND NOT EXISTS (SELECT 1 FROM foreign_booking AS b" +
    " WHERE b.transaction_id = c.spent_by AND b.wallet = c.wallet))" +
    " AND NOT EXISTS (SELECT 1 FROM attempt WHERE txid = q.subject) ORDER BY q.seq LIMIT 1000";
  return all<{ subject: string }>(reader, sql)
    .flatMap(({ subject }) => takenBy(reader, subject))
    .filter(({ transaction, wallet, units }) => {
      return units > 0n && findForeignBooking(reader, transaction, wallet) === undefined;
    });
}

export type ForeignBooking = {
  readonly transaction: string;
  readonly wallet: Name;
  readonly asset: AssetId;
  readonly units: bigint;
  readonly warrant: Digest;
};

/** Notes that people have decided of a transaction, once for each wallet; its postings follow in the same transaction. */
export function insertForeignBooking(tx: Tx, booking: ForeignBooking): void {
  const { transaction, wallet, asset, units, warrant } = booking;
  const after = { asset, units: units.toString(), warrant };
  const entityId = lossSubject(transaction, wallet);
  tx.audit({ entity: "foreign-booking", entityId, version: 1, event: "booked", after });
  const sql =
    "INSERT INTO foreign_booking (transaction_id, wallet, asset, units, warrant, operation) VALUES (?, ?, ?, ?, ?, ?)";
  run(tx, sql, transaction, wallet, asset, units.toString(), warrant, tx.operation);
}

export function findForeignBooking(
  reader: Reader,
  transaction: string,
  wallet: Name,
): ForeignBooking | undefined {
  const sql = "SELECT asset, units, warrant FROM foreign_booking WHERE transaction_id = ? AND wallet = ?";
  type Row = Pick<ForeignBookingTable, "asset" | "units" | "warrant">;
  const row = get<Row>(reader, sql, transaction, wallet);
  return row && { ...row, transaction, wallet, units: BigInt(row.units) };
}

/** A withdrawal that an output of a foreign transaction has paid. */
export type ForeignSettlement = {
  readonly withdrawal: Id;
  readonly coin: string;
  readonly transaction: string;
  readonly wallet: Name;
  readonly units: bigint;
  readonly warrant: Digest;
};

/** Notes which output has paid a withdrawal: each pays one, and each is paid by one. */
export function insertForeignSettlement(tx: Tx, settlement: ForeignSettlement): void {
  const { withdrawal, coin, transaction, wallet, units, warrant } = settlement;
  const after = { coin, transaction, units: units.toString(), wallet, withdrawal };
  tx.audit({ entity: "foreign-settlement", entityId: warrant, version: 1, event: "paid by it", after });
  const sql =
    "INSERT INTO foreign_settlement (withdrawal, coin, transaction_id, wallet, units, warrant) VALUES (?, ?, ?, ?, ?, ?)";
  run(tx, sql, withdrawal, coin, transaction, wallet, units.toString(), warrant);
}

/** Its transaction has left the chain: notes that people have taken the settlement back. */
export function endForeignSettlement(tx: Tx, settlement: Digest, warrant: Digest): void {
  const after = { warrant };
  tx.audit({
    entity: "foreign-settlement-end",
    entityId: settlement,
    version: 1,
    event: "left the chain",
    after,
  });
  const sql = "INSERT INTO foreign_settlement_end (settlement, warrant, at) VALUES (?, ?, ?)";
  run(tx, sql, settlement, warrant, tx.now);
}

/** The withdrawals that a transaction has paid out of a wallet. */
export function foreignSettlementsOf(
  reader: Reader,
  transaction: string,
  wallet: Name,
): readonly ForeignSettlement[] {
  const sql = `SELECT * FROM foreign_settlement AS t WHERE transaction_id = ? AND wallet = ? AND ${SETTLES_SQL} ORDER BY withdrawal`;
  return all<ForeignSettlementTable>(reader, sql, transaction, wallet).map(settlementOf);
}

/** By what a withdrawal was paid that no attempt of ours has paid. */
export function findForeignSettlement(reader: Reader, withdrawal: Id): ForeignSettlement | undefined {
  const row = get<ForeignSettlementTable>(
    reader,
    `SELECT * FROM foreign_settlement AS t WHERE withdrawal = ? AND ${SETTLES_SQL}`,
    withdrawal,
  );
  return row && settlementOf(row);
}

function settlementOf({ transaction_id, units, ...row }: ForeignSettlementTable): ForeignSettlement {
  return { ...row, transaction: transaction_id, units: BigInt(units) };
}

/** The entries of a loss as it stands in the books; undefined where none is booked, or it was taken back. */
export function bookedLoss(reader: Reader, subject: string): readonly Entry[] | undefined {
  const last = postingsAbout(reader, subject).at(-1);
  return last?.reason === "loss" ? last.entries : undefined;
}
