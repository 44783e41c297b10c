import type { AccountId } from "../core/account.ts";
import { parseUnits, type Amount } from "../core/amount.ts";
import type { ChainId } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import { DEPOSIT_MOVES, type DepositEvent, type DepositState } from "../core/states/deposit.ts";
import { targetOf } from "../core/states/moves.ts";
import type { DepositTable } from "./records-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export const DEPOSIT_UNKNOWN = declareError(
  "DEPOSIT_UNKNOWN",
  "notFound",
  "No deposit was credited for a coin.",
);

/**
 * A payment to a customer's address, or one of nobody's that two admins have credited, deep enough for that. `coin` is the
 * conflict key that spending it will use.
 */
export type Deposit = {
  readonly coin: string;
  readonly account: AccountId;
  readonly customer: Id;
  readonly amount: Amount;
  readonly blockHash: string;
  readonly height: number;
  readonly operation: Id;
  readonly state: DepositState;
  readonly version: number;
  /** Of the admins who have credited it; undefined where it came to its customer's address. */
  readonly warrant: Digest | undefined;
};

type NewDeposit = Omit<Deposit, "operation" | "state" | "version" | "warrant"> & {
  readonly warrant?: Digest | undefined;
};

/**
 * Notes a deposit; its posting follows in the same transaction. A coin counts once, however often it is reported.
 * @returns false when it is here already
 */
export function insertDeposit(tx: Tx, deposit: NewDeposit): boolean {
  const { coin, account, customer, amount, blockHash, height, warrant } = deposit;
  if (findDeposit(tx, coin) !== undefined) return false;
  const units = amount.units.toString();
  const after = { account, asset: amount.asset, blockHash, customer, height, units, warrant };
  tx.audit({ entity: "deposit", entityId: coin, version: 1, event: "credited", after });
  run(
    tx,
    "INSERT INTO deposit (coin, account, customer, asset, units, block_hash, height, operation, state, version, warrant) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'CREDITED', 1, ?)",
    coin,
    account,
    customer,
    amount.asset,
    units,
    blockHash,
    height,
    tx.operation,
    warrant ?? null,
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

/**
 * Something happens to a deposit that was credited; its posting, if there is one, follows in the same transaction.
 * @param block that holds it now, where one does again
 * @throws STATE_CONFLICT
 */
export function moveDeposit(
  tx: Tx,
  { coin, state, version }: Pick<Deposit, "coin" | "state" | "version">,
  event: DepositEvent,
  block?: { readonly hash: string; readonly height: number },
): Deposit {
  const to = targetOf("deposit", { id: coin, state }, DEPOSIT_MOVES, event);
  const after = {
    ...(block === undefined ? {} : { blockHash: block.hash, height: block.height }),
    state: to,
  };
  tx.audit({
    entity: "deposit",
    entityId: coin,
    version: version + 1,
    event,
    before: { state },
    after,
  });
  run(
    tx,
    "UPDATE deposit SET state = ?, version = ?, block_hash = coalesce(?, block_hash), height = coalesce(?, height) WHERE coin = ? AND version = ?",
    to,
    version + 1,
    block?.hash ?? null,
    block?.height ?? null,
    coin,
    version,
  );
  return getDeposit(tx, coin);
}

/** @throws DEPOSIT_UNKNOWN */
export function getDeposit(reader: Reader, coin: string): Deposit {
  const deposit = findDeposit(reader, coin);
  if (deposit !== undefined) return deposit;
  throw DEPOSIT_UNKNOWN(`no deposit was credited for coin ${coin}`, {
    field: "coin",
    hint: "custody deposit list --customer REF",
  });
}

/** Deposits that the chain does not hold and the books do, the oldest first; at most a thousand. */
export function goneDeposits(reader: Reader): readonly Deposit[] {
  const sql = "SELECT * FROM deposit WHERE state = 'GONE' ORDER BY seq LIMIT 1000";
  return all<DepositTable>(reader, sql).map(depositOf);
}

/** A deposit of a customer that has left the chain, and of which nobody has decided. */
export function findGoneDeposit(reader: Reader, customer: Id): Deposit | undefined {
  const sql = "SELECT * FROM deposit WHERE customer = ? AND state = 'GONE' ORDER BY seq LIMIT 1";
  const row = get<DepositTable>(reader, sql, customer);
  return row && depositOf(row);
}

/** Blocks in which deposits on `chain` are credited, from the highest down; at most a thousand. */
export function creditedBlocks(
  reader: Reader,
  chain: ChainId,
): readonly { readonly height: number; readonly hash: string }[] {
  const sql =
    "SELECT DISTINCT d.height, d.block_hash AS hash FROM deposit AS d JOIN address AS a ON a.account = d.account" +
    " JOIN wallet AS w ON w.name = a.wallet WHERE d.state = 'CREDITED' AND w.chain = ? ORDER BY d.height DESC LIMIT 1000";
  return all<{ height: number; hash: string }>(reader, sql, chain);
}

/** Credited deposits of one block. */
export function creditedIn(reader: Reader, block: string): readonly Deposit[] {
  const sql = "SELECT * FROM deposit WHERE state = 'CREDITED' AND block_hash = ? ORDER BY seq";
  return all<DepositTable>(reader, sql, block).map(depositOf);
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
  const { coin, account, customer, block_hash: blockHash, height, operation, state, version } = row;
  const amount = parseUnits(row.units, row.asset);
  const warrant = row.warrant ?? undefined;
  return { coin, account, customer, amount, blockHash, height, operation, state, version, warrant };
}
