import type { AccountId } from "../core/account.ts";
import type { ChainId } from "../core/chain.ts";
import { assert, declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { AddressTable, WalletTable } from "./records-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export type Wallet = {
  readonly name: Name;
  readonly chain: ChainId;
  readonly descriptor: string;
  readonly registered: Instant;
  /** The first index of each branch that was never given out. */
  readonly nextReceive: number;
  readonly nextChange: number;
  readonly version: number;
};

/** An address that was given out. Branch 0 receives, branch 1 takes change. */
export type Address = {
  readonly account: AccountId;
  readonly wallet: Name;
  readonly branch: 0 | 1;
  readonly index: number;
  readonly customer: Id | undefined;
  readonly issued: Instant;
};

export const WALLET_EXISTS = declareError(
  "WALLET_EXISTS",
  "conflict",
  "There is a wallet with this name or descriptor already.",
);
export const WALLET_UNKNOWN = declareError(
  "WALLET_UNKNOWN",
  "notFound",
  "There is no wallet with this name.",
);
export const ADDRESS_OUT_OF_ORDER = declareError(
  "ADDRESS_OUT_OF_ORDER",
  "conflict",
  "An address does not have its wallet's next index.",
);

/** @throws WALLET_EXISTS */
export function insertWallet(
  tx: Tx,
  { name, chain, descriptor }: Pick<Wallet, "name" | "chain" | "descriptor">,
): Wallet {
  if (get(tx, "SELECT 1 FROM wallet WHERE name = ? OR descriptor = ?", name, descriptor) !== undefined) {
    throw WALLET_EXISTS(`wallet ${name} or its descriptor is registered already`, {
      field: "name",
      hint: "custody wallet list",
    });
  }
  tx.audit({
    entity: "wallet",
    entityId: name,
    version: 1,
    event: "registered",
    after: { chain, descriptor },
  });
  run(
    tx,
    "INSERT INTO wallet (name, chain, descriptor, registered, next_receive, next_change, version) VALUES (?, ?, ?, ?, 0, 0, 1)",
    name,
    chain,
    descriptor,
    tx.now,
  );
  return getWallet(tx, name);
}

/** Others command a contract from now on, at the place where it is. */
export function changeDescriptor(
  tx: Tx,
  { name, version }: Pick<Wallet, "name" | "version">,
  descriptor: string,
): void {
  const after = { descriptor };
  tx.audit({ entity: "wallet", entityId: name, version: version + 1, event: "commanded-otherwise", after });
  const changed = run(
    tx,
    "UPDATE wallet SET descriptor = ?, version = ? WHERE name = ? AND version = ?",
    descriptor,
    version + 1,
    name,
    version,
  );
  assert(changed === 1, "the wallet was read in this transaction");
}

export function findWallet(reader: Reader, name: Name): Wallet | undefined {
  const row = get<WalletTable>(reader, "SELECT * FROM wallet WHERE name = ?", name);
  return row === undefined ? undefined : walletOf(row);
}

/** @throws WALLET_UNKNOWN */
export function getWallet(reader: Reader, name: Name): Wallet {
  const wallet = findWallet(reader, name);
  if (wallet === undefined)
    throw WALLET_UNKNOWN(`there is no wallet ${name}`, { field: "wallet", hint: "custody wallet list" });
  return wallet;
}

/** All wallets by name; a policy names at most `LIMITS.walletsMax`. */
export function listWallets(reader: Reader): readonly Wallet[] {
  return all<WalletTable>(reader, "SELECT * FROM wallet ORDER BY name").map(walletOf);
}

/** The highest index on either branch that was given out; -1 for none. */
export function highestIndex({ nextReceive, nextChange }: Wallet): number {
  return Math.max(nextReceive, nextChange) - 1;
}

/**
 * Gives out an address: the caller derived it at the wallet's next index on its branch, which is checked and taken.
 * @throws WALLET_UNKNOWN, ADDRESS_OUT_OF_ORDER when another program took the index meanwhile
 */
export function insertAddress(
  tx: Tx,
  address: {
    readonly account: AccountId;
    readonly wallet: Name;
    readonly branch: 0 | 1;
    readonly index: number;
    readonly customer?: Id | undefined;
  },
): Address {
  const { account, branch, index, customer } = address;
  const wallet = getWallet(tx, address.wallet);
  const next = branch === 0 ? wallet.nextReceive : wallet.nextChange;
  if (index !== next) {
    throw ADDRESS_OUT_OF_ORDER(`index ${index} is not the next of wallet ${wallet.name}, which is ${next}`, {
      field: "index",
      hint: "run the command again",
      details: { index, next },
    });
  }
  const after = { account, branch, index, customer };
  tx.audit({
    entity: "wallet",
    entityId: wallet.name,
    version: wallet.version + 1,
    event: "address-issued",
    after,
  });
  const column = branch === 0 ? "next_receive" : "next_change";
  const changed = run(
    tx,
    `UPDATE wallet SET ${column} = ?, version = ? WHERE name = ? AND version = ?`,
    index + 1,
    wallet.version + 1,
    wallet.name,
    wallet.version,
  );
  assert(changed === 1, "the wallet that was read in this transaction is still there");
  run(
    tx,
    "INSERT INTO address (account, wallet, branch, idx, customer, issued) VALUES (?, ?, ?, ?, ?, ?)",
    account,
    wallet.name,
    branch,
    index,
    customer ?? null,
    tx.now,
  );
  return { account, wallet: wallet.name, branch, index, customer, issued: tx.now };
}

/** The address of ours that `account` is, if it is one. */
export function findAddress(reader: Reader, account: AccountId): Address | undefined {
  const row = get<AddressTable>(reader, "SELECT * FROM address WHERE account = ?", account);
  return row === undefined ? undefined : addressOf(row);
}

/** A customer's addresses, the newest last. */
export function addressesOf(reader: Reader, customer: Id): readonly Address[] {
  return all<AddressTable>(
    reader,
    "SELECT * FROM address WHERE customer = ? ORDER BY wallet, branch, idx",
    customer,
  ).map(addressOf);
}

function walletOf(row: WalletTable): Wallet {
  const {
    name,
    chain,
    descriptor,
    registered,
    next_receive: nextReceive,
    next_change: nextChange,
    version,
  } = row;
  return { name, chain, descriptor, registered, nextReceive, nextChange, version };
}

function addressOf({ account, wallet, branch, idx, customer, issued }: AddressTable): Address {
  return { account, wallet, branch, index: idx, customer: customer ?? undefined, issued };
}
