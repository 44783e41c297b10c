/**
 * Row `restart`: from `kill -9` to the verdict of the first comparison, with 100,000 withdrawals in the books, each paid by
 * a plan of its own: 95,000 settled, 5,000 under way. Ours opens the database after the kill and compares ledger, chain and
 * attempts, as the watcher does before it sends anything. The floor reads the rows of the tables that are compared, and nothing more.
 */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import Database from "better-sqlite3";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { assert } from "../../src/core/errors.ts";
import { RECONCILE_PORTS } from "../../src/home/chain-ports.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { atOnce } from "../../src/store/statement.ts";
import { reconcile } from "../../src/withdrawals/settling/reconcile.ts";
import { beneficiary, BTC } from "../factory/documents.ts";
import { at, fixtureDigest } from "../factory/identities.ts";
import { benchFolder } from "./folder.ts";
import { median, type Row } from "./row.ts";

const WITHDRAWALS = 100_000;
const UNDER_WAY = 5_000;
const ROUNDS = 5;
const CHAIN = BITCOIN_CHAINS.regtest;
const TIP = { height: 1000, hash: fixtureDigest("tip") };
const DEPOSIT = 1_000_000n;
const PAID = 100_000n;
const FEE = 1_000n;

export async function restart(): Promise<Row> {
  const folder = benchFolder("restart");
  const path = `${folder.path}/custody-regtest.db`;
  try {
    const store = openStore(path, { network: "regtest", create: true });
    fill(store);
    closeStore(store);
    const times: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
    for (let round = 0; round < ROUNDS; round++) {
      killWriter(path);
      times.ours.push(timed(() => compare(path)));
      killWriter(path);
      times.floor.push(timed(() => readRaw(path)));
    }
    const [ours, floor] = [median(times.ours), median(times.floor)];
    return {
      name: "restart",
      unit: "ms",
      ours,
      floor,
      peers: {},
      ratio: ours / floor,
      goal: "under 10 s; at most 4x the same rows read raw",
      notes: [`${WITHDRAWALS} withdrawals; each time after a writer that was killed inside a transaction`],
    };
  } finally {
    folder.remove();
  }
}

function timed(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

function compare(path: string): void {
  const store = openStore(path, { network: "regtest", create: false });
  try {
    const { verdict, differences } = atOnce(store, () =>
      reconcile(RECONCILE_PORTS, store, { chain: CHAIN, tip: TIP }),
    );
    assert(verdict === "even", `ledger, chain and attempts say the same: ${differences.join("; ")}`);
  } finally {
    closeStore(store);
  }
}

function readRaw(path: string): void {
  const database = new Database(path);
  let rows = 0;
  for (const table of ["attempt", "coin", "deposit", "address"])
    for (const row of database.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().iterate())
      rows += Math.sign(row.length);
  database.close();
  assert(rows >= 4 * WITHDRAWALS, "all rows were read");
}

/** A process that has committed, is writing again, and is killed: what it left in the log is recovered by who opens next. */
function killWriter(path: string): void {
  const script = `
    const database = new (require("better-sqlite3"))(process.argv[1]);
    database.pragma("wal_autocheckpoint = 0");
    database.exec("UPDATE attempt SET updated = updated WHERE seq % 10 = 0");
    database.exec("BEGIN IMMEDIATE; UPDATE coin SET height = height");
    process.kill(process.pid, "SIGKILL");`;
  const { signal } = spawnSync(process.execPath, ["-e", script, path], { cwd: process.cwd() });
  assert(signal === "SIGKILL", "the writer was killed");
}

/** Written past the guards, which are put back when the store is opened again: only the comparison reads here. */
function fill({ database }: Store): void {
  const guards = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .all();
  for (const name of guards) database.exec(`DROP TRIGGER "${name}"`);
  database.pragma("synchronous = OFF");
  database.pragma("foreign_keys = OFF");
  database.transaction(() => {
    const insert = inserter(database);
    insert("wallet", { name: "vault", chain: CHAIN, descriptor: "d", registered: TIME, next_receive: 0 });
    insert("customer", { id: idOf(0), ref: "c-1", state: "OPEN", version: 1, created: TIME });
    insert("seen_block", { chain: CHAIN, ...TIP });
    for (let number = 1; number <= WITHDRAWALS; number++) paid(insert, number);
    // What settled has left the books; what is under way has not.
    const left = BigInt(WITHDRAWALS) * DEPOSIT - BigInt(WITHDRAWALS - UNDER_WAY) * (PAID + FEE);
    insert("account_balance", { account: "wallet:vault", asset: BTC, units: left.toString() });
  })();
}

type Insert = (table: string, row: Readonly<Record<string, unknown>>) => void;

/** Inserts rows of any table; a column that must have a value and is not named is zero or empty. */
function inserter(database: Store["database"]): Insert {
  const statements = new Map<string, { run(row: object): unknown; blank: object }>();
  return (table, row) => {
    let statement = statements.get(table);
    if (statement === undefined) {
      type Column = { name: string; type: string; notnull: 0 | 1; pk: 0 | 1; dflt_value: unknown };
      const columns = database
        .prepare<[], Column>(`PRAGMA table_info(${table})`)
        .all()
        .filter(({ name, notnull, dflt_value }) => name in row || (notnull === 1 && dflt_value === null));
      const blanks = columns.map(({ name, type }) => [name, type === "INTEGER" ? 0 : BLANKS[type]]);
      const names = columns.map(({ name }) => name);
      const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((name) => `@${name}`).join(", ")})`;
      const prepared = database.prepare<[object]>(sql);
      statement = { run: (values) => prepared.run(values), blank: Object.fromEntries(blanks) as object };
      statements.set(table, statement);
    }
    statement.run({ ...statement.blank, ...row });
  };
}

const BLANKS: Readonly<Record<string, unknown>> = { TEXT: "", BLOB: Buffer.alloc(0) };
const TIME = at("09:00:00");
const PAYEE = beneficiary().body.account;
const idOf = (number: number) => number.toString(16).padStart(32, "0");
const digestOf = (kind: number, number: number) => kind.toString(16) + number.toString(16).padStart(63, "0");

/** One customer's deposit, the withdrawal that it pays, its plan and attempt, and the change that came back. */
function paid(insert: Insert, number: number): void {
  const settled = number > UNDER_WAY;
  const [plan, txid, origin] = [idOf(number), digestOf(1, number), digestOf(2, number)];
  const coin = `${CHAIN}:outpoint:${origin}:0`;
  const account = `${CHAIN}:bcrt1q${number}`;
  const common = { wallet: "vault", asset: BTC, version: 1, created: TIME, updated: TIME };
  insert("address", { account, wallet: "vault", idx: number, customer: idOf(0), issued: TIME });
  insert("deposit", {
    ...{ coin, account, customer: idOf(0), asset: BTC, units: DEPOSIT.toString(), state: "CREDITED" },
    ...{ block_hash: TIP.hash, height: 10, operation: idOf(0), version: 1 },
  });
  const row = { ...common, id: plan, digest: digestOf(3, number), fee_units: FEE.toString() };
  insert("plan", { ...row, state: settled ? "SETTLED" : "SIGNED", change_index: number });
  insert("withdrawal", {
    ...{ ...common, id: idOf(number), customer: idOf(0), units: PAID.toString(), account: PAYEE, plan },
    ...{ beneficiary: digestOf(4, number), client_key: `k-${number}`, body_hash: digestOf(5, number) },
    ...{ intent: digestOf(6, number), state: settled ? "COMPLETED" : "BROADCAST" },
  });
  insert("attempt", {
    ...{ id: idOf(number), plan, rung: 0, txid, bytes: Buffer.alloc(222, 1), kind: "rung" },
    ...{ state: settled ? "FINAL" : "BROADCAST", version: 1, fee_units: FEE.toString() },
    ...{ block_hash: settled ? TIP.hash : null, height: settled ? 20 : null },
    ...{ confirmations_seen: settled ? 6 : 0, created: TIME, updated: TIME },
  });
  const seen = { wallet: "vault", asset: BTC };
  const spent = settled ? { spent_by: txid, spent_height: 20 } : { spent_by: null, spent_height: null };
  insert("coin", { ...seen, ...spent, coin, account, units: DEPOSIT.toString(), origin, height: 10 });
  if (!settled) return;
  const change = { coin: `${CHAIN}:outpoint:${txid}:1`, account: null, origin: txid, height: 20 };
  insert("coin", {
    ...seen,
    ...change,
    ...{ spent_by: null, spent_height: null, units: (DEPOSIT - PAID - FEE).toString() },
  });
}
