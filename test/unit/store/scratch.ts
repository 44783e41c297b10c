/** A fresh database in a temporary folder for each test, and the rows that most tests begin with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { bitcoinAsset } from "../../../src/core/asset.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { taggedDigest, type Digest } from "../../../src/core/digest.ts";
import type { Id, Name } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { postDeposit, postHold } from "../../../src/core/ledger.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { closeStore, openStore, type Store } from "../../../src/store/database.ts";
import { insertPlan, type StoredPlan } from "../../../src/store/plans.ts";
import { post } from "../../../src/store/postings.ts";
import { write, type Context, type Tx } from "../../../src/store/transaction.ts";
import { insertWallet } from "../../../src/store/wallets.ts";
import { insertWithdrawal, type NewWithdrawal, type Withdrawal } from "../../../src/store/withdrawals.ts";

export const BTC = bitcoinAsset("regtest");
export const CHAIN = BITCOIN_CHAINS.regtest;
export const VAULT = "vault" as Name;
export const NOW = "2026-11-22T08:00:00Z" as Instant;
export const CONTEXT: Context = { operation: id(0xfeed), command: "test", actor: "olga", now: NOW };

/** An id from a number. */
export function id(number: number): Id {
  return number.toString(16).padStart(32, "0") as Id;
}

export function digest(text: string): Digest {
  return taggedDigest("test", new TextEncoder().encode(text));
}

export function account(text: string): AccountId {
  return `${CHAIN}:bcrt1q${text}` as AccountId;
}

export type Scratch = { readonly folder: string; readonly path: string; readonly store: Store };
const made: Scratch[] = [];
const extra: Store[] = [];

afterEach(() => {
  for (const store of [...extra.splice(0), ...made.map((scratch) => scratch.store)]) closeStore(store);
  for (const { folder } of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new database's file as `openStore` made it: every migration and trigger anew takes a tenth of a second. */
let pristine: Uint8Array | undefined;

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "custody-store-"));
  const path = join(folder, "custody-regtest.db");
  if (pristine === undefined) {
    closeStore(openStore(path, { network: "regtest", create: true }));
    pristine = readFileSync(path);
  } else writeFileSync(path, pristine, { mode: 0o600 });
  const store = openStore(path, { network: "regtest" });
  // Two homes are never one instance (migration 0010 draws it).
  store.database.exec("UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'instance'");
  made.push({ folder, path, store });
  return { folder, path, store };
}

/** A second connection to the same file, as another process would have it. */
export function another(path: string): Store {
  const store = openStore(path, { network: "regtest", busyTimeoutMs: 1 });
  extra.push(store);
  return store;
}

export const CUSTOMER = id(0xc1);

/** A wallet and a customer with `units` available. */
export function furnish(store: Store, units: bigint): void {
  write(store, CONTEXT, (tx) => {
    insertWallet(tx, { name: VAULT, chain: CHAIN, descriptor: "wpkh(tpub/<0;1>/*)#00000000" });
    insertCustomer(tx, { id: CUSTOMER, ref: "c-1001" });
    post(tx, postDeposit({ coin: "coin-0", wallet: VAULT, customer: CUSTOMER, asset: BTC, units }));
  });
}

export function request(number: number, units: bigint, customer = CUSTOMER): NewWithdrawal {
  return {
    id: id(number),
    customer,
    amount: { asset: BTC, units },
    account: account(`payee${number}`),
    beneficiary: digest("beneficiary"),
    clientKey: `order-${number}`,
    bodyHash: digest(`body ${number}`),
    intent: digest(`intent ${number}`),
  };
}

/** A request with its hold. */
export function requested(tx: Tx, number: number, units: bigint, customer = CUSTOMER): Withdrawal {
  const { withdrawal } = insertWithdrawal(tx, request(number, units, customer));
  post(tx, postHold({ withdrawal: withdrawal.id, customer, asset: BTC, units }));
  return withdrawal;
}

export function draftPlan(
  tx: Tx,
  number: number,
  keys: readonly string[] = [`coin-${number}`],
  withdrawals: readonly Withdrawal[] = [],
  replaces?: Id,
): StoredPlan {
  const plan = {
    id: id(number),
    wallet: VAULT,
    digest: digest(`plan ${number}`),
    snapshot: Uint8Array.of(1),
    build: Uint8Array.of(1),
    previous: Uint8Array.of(1),
    replaces,
    intents: withdrawals.map(({ id: withdrawal, intent, amount }) => ({
      intent: intent as Digest,
      withdrawal,
      row: "small" as Name,
      units: amount.units,
    })),
    changeIndex: 0,
    feeUnits: 100n,
  };
  return insertPlan(tx, plan, keys);
}
