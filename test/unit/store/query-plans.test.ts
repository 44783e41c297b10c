import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { availableAccount } from "../../../src/core/ledger.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import { closeStore, openStore, type Store } from "../../../src/store/database.ts";
import { listBeneficiaries } from "../../../src/store/beneficiaries.ts";
import { listCustomers } from "../../../src/store/customers.ts";
import { listLetters } from "../../../src/store/dead-letters.ts";
import { decisionsOf } from "../../../src/store/decisions.ts";
import { unclaimedCoins } from "../../../src/store/coins.ts";
import { depositsOf } from "../../../src/store/deposits.ts";
import { findBeneficiaries } from "../../../src/store/documents.ts";
import { standingBefore } from "../../../src/store/figures.ts";
import { accountsEndingAlike } from "../../../src/store/known-accounts.ts";
import { overdueMovements, overdueWithdrawals } from "../../../src/store/overdue.ts";
import { listPlans, plansOfWithdrawal, plansOver } from "../../../src/store/plans.ts";
import { listBalances, listPostings, postingsAbout } from "../../../src/store/postings.ts";
import type { Reader } from "../../../src/store/statement.ts";
import { timelineOf } from "../../../src/store/timeline.ts";
import { listMovements } from "../../../src/store/treasury.ts";
import { addressesOf } from "../../../src/store/wallets.ts";
import { write } from "../../../src/store/transaction.ts";
import { listWithdrawals, similarWithdrawals } from "../../../src/store/withdrawal-lists.ts";
import {
  findWithdrawal,
  findWithdrawalByIntent,
  findWithdrawalByKey,
  withdrawalsOf,
  type Withdrawal,
} from "../../../src/store/withdrawals.ts";
import {
  account,
  BTC,
  CONTEXT,
  CUSTOMER,
  digest,
  furnish,
  id,
  NOW,
  requested,
  scratch,
  VAULT,
} from "./scratch.ts";

const page = { limit: 50 };
const later = { limit: 50, after: id(1) };
const seen = (reader: Reader) => findWithdrawal(reader, id(1)) as Withdrawal;
const payer = { wallet: VAULT, bands: [{ asset: BTC, aboveUnits: "0", upToUnits: "99" }] };

/** Everything that a command lists or looks up, by the command. */
const READINGS: readonly (readonly [what: string, read: (reader: Reader) => unknown])[] = [
  ["withdraw queue", (r) => listWithdrawals(r, {}, later)],
  ["withdraw queue --state", (r) => listWithdrawals(r, { state: "READY" }, later)],
  ["withdraw queue of a customer", (r) => listWithdrawals(r, { customer: CUSTOMER }, later)],
  ["withdraw queue --wallet", (r) => listWithdrawals(r, { payer }, later)],
  ["withdraw queue --wallet --state", (r) => listWithdrawals(r, { payer, state: "READY" }, later)],
  ["withdraw show: similar ones", (r) => similarWithdrawals(r, seen(r), 10)],
  ["withdraw show: decisions", (r) => decisionsOf(r, id(1), "approval")],
  ["withdraw request: its key", (r) => findWithdrawalByKey(r, "order-1")],
  ["withdraw request: beneficiaries", (r) => findBeneficiaries(r, CUSTOMER, account("x"))],
  ["withdraw import: by intent", (r) => findWithdrawalByIntent(r, digest("intent 1"))],
  ["withdraw build: of a plan", (r) => withdrawalsOf(r, id(2))],
  ["intent list", (r) => listMovements(r, {}, page)],
  ["intent list --state", (r) => listMovements(r, { state: "READY" }, page)],
  ["plans", (r) => listPlans(r, {}, page)],
  ["plans of a state", (r) => listPlans(r, { state: "EXPORTED" }, page)],
  ["deposit list", (r) => depositsOf(r, CUSTOMER)],
  ["ledger entries", (r) => listPostings(r, {}, { limit: 50, after: 1 })],
  ["ledger entries --account", (r) => listPostings(r, { account: availableAccount(CUSTOMER) }, page)],
  ["ledger balances of customers", (r) => listBalances(r, { prefix: "customer:" }, page)],
  ["audit show", (r) => listAuditRows(r, {}, { limit: 50, after: 1 })],
  ["audit show --operation", (r) => listAuditRows(r, { operation: id(1) }, page)],
  ["audit rows of one row", (r) => listAuditRows(r, { entity: "withdrawal", entityId: id(1) }, page)],
  ["customer list", (r) => listCustomers(r, page)],
  ["beneficiary list", (r) => listBeneficiaries(r, {}, { limit: 50, after: digest("x") })],
  ["beneficiary list --customer", (r) => listBeneficiaries(r, { customer: CUSTOMER }, page)],
  ["dlq list", (r) => listLetters(r, undefined, page)],
  ["dlq list --state", (r) => listLetters(r, "OPEN", page)],
];

/** What belongs to one customer, withdrawal or plan, or is overdue at this moment: a handful, which may be sorted. */
const OF_ONE: typeof READINGS = [
  ["withdraw show: its timeline", (r) => timelineOf(r, id(1))],
  ["withdraw show: plans", (r) => plansOfWithdrawal(r, id(1))],
  ["withdraw request: look-alikes", (r) => accountsEndingAlike(r, account("x"))],
  ["what is overdue", (r) => [overdueWithdrawals(r, NOW, 50), overdueMovements(r, NOW, 50)]],
  ["what stands too long", (r) => standingBefore(r, "READY", NOW, 50)],
  ["ledger entries of a withdrawal", (r) => postingsAbout(r, id(1))],
  ["deposit unclaimed", (r) => unclaimedCoins(r)],
  ["a block's spends: plans over a coin", (r) => plansOver(r, "coin")],
  ["customer show: addresses", (r) => addressesOf(r, CUSTOMER)],
];

/** Tables that a policy or an operator bounds: reading all of one costs nothing. */
const SMALL = ["wallet", "policy_active", "session", "chain_cursor", "halt_flag"];

/**
 * The plan of every query of `read`. A database that was never ANALYZEd knows no sizes: the plan over these few rows is
 * the plan over a million of them.
 */
function plansOf(reader: Reader, read: (reader: Reader) => unknown): readonly string[] {
  const { database } = reader;
  const asked = new Set<string>();
  const watching = new Proxy(database, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      if (name !== "prepare") return value.bind(target) as unknown;
      return (sql: string) => {
        asked.add(sql);
        return target.prepare(sql);
      };
    },
  });
  read({ ...reader, database: watching });
  return [...asked].flatMap((sql) => {
    const places = sql.split("?").length - 1;
    const explained = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    return explained.all(...Array.from({ length: places }, () => "1")).map(({ detail }) => detail);
  });
}

const SORTED = "USE TEMP B-TREE FOR ORDER BY";
const scans = (detail: string) =>
  /^SCAN /.test(detail) && !SMALL.some((table) => detail.split(" ")[1] === table);
const bad = (detail: string) => detail === SORTED || scans(detail);

// One for all of the tests, which only read.
let store: Store;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "custody-plans-"));
  store = openStore(join(folder, "custody-regtest.db"), { network: "regtest", create: true });
  furnish(store, 1000n);
  write(store, CONTEXT, (tx) => requested(tx, 1, 10n));
});
afterAll(() => {
  closeStore(store);
  rmSync(folder, { recursive: true, force: true });
});

test.each(READINGS)("%s reads by an index, in order", (_what, read) => {
  const plans = plansOf(store, read);
  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter(bad)).toEqual([]);
});

test.each(OF_ONE)("%s reads by an index, and sorts the few rows of one thing", (_what, read) => {
  const plans = plansOf(store, read);
  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter(scans)).toEqual([]);
});

test("ledger balances are read in the order of their key until the page is full", () => {
  const read = (reader: Reader) => listBalances(reader, {}, page);
  expect(plansOf(store, read)).toEqual(["SCAN account_balance"]);
  const next = (reader: Reader) =>
    listBalances(
      reader,
      {},
      { limit: 50, after: { account: availableAccount(CUSTOMER), asset: BTC, units: 0n } },
    );
  expect(plansOf(store, next).filter(bad)).toEqual([]);
});

test("a query without an index, or with a sort, is told from those", () => {
  const unindexed = (r: Reader) =>
    r.database.prepare("SELECT * FROM withdrawal WHERE reason = 'x' ORDER BY id").all();
  const sorted = (r: Reader) =>
    r.database.prepare("SELECT * FROM withdrawal WHERE state = 'READY' ORDER BY body_hash").all();
  expect(plansOf(store, unindexed).filter(bad)).not.toEqual([]);
  expect(plansOf(store, sorted).filter(bad)).toEqual(["USE TEMP B-TREE FOR ORDER BY"]);
});

test("withdrawals like one are those of its customer, destination or amount, the newest first, each once", () => {
  const own = scratch().store;
  furnish(own, 1000n);
  const like = write(own, CONTEXT, (tx) => {
    for (const [number, units] of [
      [1, 5n],
      [2, 7n],
      [3, 5n],
      [4, 9n],
    ] as const)
      requested(tx, number, units);
    return similarWithdrawals(tx, findWithdrawal(tx, id(3)) as Withdrawal, 2).map((row) => row.id);
  });
  expect(like).toEqual([id(4), id(2)]);
});
