import type { AccountId } from "../core/account.ts";
import { parseUnits, type Amount } from "../core/amount.ts";
import type { ChainId } from "../core/chain.ts";
import type { Id } from "../core/identifier.ts";
import type { DepositTable } from "./records-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** A payment to a customer's address, deep enough to be credited. `coin` is the conflict key that spending it will use. */
export type Deposit = {
  readonly coin: string;
  readonly account: AccountId;
  readonly customer: Id;
  readonly amount: Amount;
  readonly blockHash: string;
  readonly height: number;
  readonly operation: Id;
};

/**
 * Notes a deposit; its posting follows in the same transaction. A coin counts once, however often it is reported.
 * @returns false when it is here already
 */
export function insertDeposit(tx: Tx, deposit: Omit<Deposit, "operation">): boolean {
  const { coin, account, customer, amount, blockHash, height } = deposit;
  if (findDeposit(tx, coin) !== undefined) return false;
  const units = amount.units.toString();
  const after = { account, asset: amount.asset, blockHash, customer, height, units };
  tx.audit({ entity: "deposit", entityId: coin, version: 1, event: "credited", after });
  run(
    tx,
    "INSERT INTO deposit (coin, account, customer, asset, units, block_hash, height, operation) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    coin,
    account,
    customer,
    amount.asset,
    units,
    blockHash,
    height,
    tx.operation,
  );
  return true;
}

export function findDeposit(reader: Reader, coin: string): Deposit | undefined {
  const row = get<DepositTable>(reader, "SELECT * FROM deposit WHERE coin = ?", coin);
  return row === undefined ? undefined : depositOf(row);
}

export function depositsOf(reader: Reader, customer: Id): readonly Deposit[] {
  return all<DepositTable>(reader, "SELECT * FROM deposit WHERE customer = ? ORDER BY seq", customer).map(
    depositOf,
  );
}

/** The deposit in the highest block. */
export function newestDeposit(reader: Reader): Deposit | undefined {
  const row = get<DepositTable>(reader, "SELECT * FROM deposit ORDER BY height DESC, seq DESC LIMIT 1");
  return row === undefined ? undefined : depositOf(row);
}

/** How far a chain has been read for deposits. */
export type ChainCursor = { readonly chain: ChainId; readonly height: number; readonly hash: string };

export function findCursor(reader: Reader, chain: ChainId): ChainCursor | undefined {
  return get<ChainCursor>(reader, "SELECT chain, height, hash FROM chain_cursor WHERE chain = ?", chain);
}

/** Notes how far a chain has been read, in the transaction that credits what was found there. No audit row: nothing changed hands. */
export function saveCursor(tx: Tx, { chain, height, hash }: ChainCursor): void {
  run(
    tx,
    "INSERT INTO chain_cursor (chain, height, hash) VALUES (?, ?, ?) ON CONFLICT (chain) DO UPDATE SET height = excluded.height, hash = excluded.hash",
    chain,
    height,
    hash,
  );
}

function depositOf(row: DepositTable): Deposit {
  const { coin, account, customer, block_hash: blockHash, height, operation } = row;
  return { coin, account, customer, amount: parseUnits(row.units, row.asset), blockHash, height, operation };
}
