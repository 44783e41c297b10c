/** Is the database whole? SQLite's own checks, our triggers, and the ledger recounted from its entries. */
import type { AssetId } from "../core/asset.ts";
import { declareError, AssertionError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import {
  balanceChanges,
  frozenAccount,
  heldAccount,
  transitAccount,
  type Entry,
  type LedgerAccount,
} from "../core/ledger.ts";
import { canonicalText } from "../core/canonical.ts";
import { EDGES, type WithdrawalState } from "../core/states/edges.ts";
import { HOLD_OF, type HoldState } from "../core/states/holds.ts";
import { guardProblems } from "./guards.ts";
import { entriesJson, postingId } from "./postings.ts";
import type { EntryTable, PostingTable } from "./records-schema.ts";
import { all, atOnce, each, get, type Reader } from "./statement.ts";

export const LEDGER_BROKEN = declareError(
  "LEDGER_BROKEN",
  "verification",
  "The ledger does not add up: a balance, a hold or a posting is not what its rows say.",
);

/** How many problems are listed before the check stops looking. */
const PROBLEMS_MAX = 100;

/** What SQLite, our own triggers and the audit log find wrong, in words; nothing when the file is whole. */
export function databaseProblems(reader: Reader): readonly string[] {
  const pages = all<{ integrity_check: string }>(reader, `PRAGMA integrity_check(${PROBLEMS_MAX})`).map(
    (row) => row.integrity_check,
  );
  const orphans = all<{ table: string; rowid: number | null; parent: string }>(
    reader,
    "PRAGMA foreign_key_check",
  ).slice(0, PROBLEMS_MAX);
  return [
    ...pages.filter((line) => line !== "ok"),
    ...orphans.map(({ table, parent }) => `a row of ${table} names one of ${parent} that does not exist`),
    ...guardProblems(reader.database),
    ...stateProblems(reader),
  ];
}

// A row with states stands where its last audit row has left it: an exported payment that was moved back to READY would
// be planned again.
function stateProblems(reader: Reader): readonly string[] {
  return Object.keys(EDGES).flatMap((entity) => {
    const newest = `(SELECT max(version) FROM audit_row WHERE entity = '${entity}' AND entity_id = e.id)`;
    const sql =
      `SELECT e.id, e.state, json_extract(a.after, '$.state') AS last FROM ${entity} AS e LEFT JOIN audit_row AS a` +
      ` ON a.entity = '${entity}' AND a.entity_id = e.id AND a.version = ${newest}` +
      " WHERE e.version IS NOT a.version OR e.state IS NOT last LIMIT ?";
    type Row = { id: Id; state: string; last: string | null };
    return all<Row>(reader, sql, PROBLEMS_MAX).map(
      ({ id, state, last }) => `${entity} ${id} is ${state}, its last audit row says ${last ?? "nothing"}`,
    );
  });
}

export type LedgerSummary = { readonly postings: number; readonly accounts: number; readonly assets: number };

/**
 * Recounts everything: each posting balances and is what its audit row says (I1, I9), each balance is the sum of its
 * entries, what is held and in transit is what the holds say, and each hold is what its withdrawal's state says.
 * @throws LEDGER_BROKEN naming the first account, posting or hold that is wrong
 */
export function verifyLedger(reader: Reader): LedgerSummary {
  return atOnce(reader, () => verifyBooks(reader));
}

function verifyBooks(reader: Reader): LedgerSummary {
  const { postings, sums } = recount(reader);
  comparePostings(reader, postings);
  const balances = compareBalances(reader, sums);
  compareHolds(reader, sums);
  const assets = new Set([...sums.keys()].map((key) => splitKey(key).asset));
  return { postings, accounts: balances, assets: assets.size };
}

type Sums = Map<string, bigint>;

const keyOf = (account: LedgerAccount, asset: AssetId): string => `${account} ${asset}`;

function splitKey(key: string): { account: LedgerAccount; asset: AssetId } {
  const cut = key.indexOf(" ");
  return { account: key.slice(0, cut), asset: key.slice(cut + 1) as AssetId };
}

function recount(reader: Reader): { postings: number; sums: Sums } {
  const sums: Sums = new Map();
  let postings = 0;
  for (const { posting, entries } of bookedPostings(reader)) {
    postings += 1;
    const id = postingId(posting.subject, posting.reason, posting.turn);
    for (const [account, change] of changesOf(id, posting, entries)) {
      const key = keyOf(account, (entries[0] as Entry).asset);
      sums.set(key, (sums.get(key) ?? 0n) + change);
    }
    assertAudited(reader, id, entries);
  }
  return { postings, sums };
}

function* bookedPostings(reader: Reader): Generator<{ posting: PostingTable; entries: readonly Entry[] }> {
  const sql =
    "SELECT p.*, e.line, e.account, e.asset, e.side, e.units FROM posting AS p LEFT JOIN entry AS e ON e.posting = p.seq ORDER BY p.seq, e.line";
  let current: { posting: PostingTable; entries: Entry[] } | undefined;
  for (const row of each<PostingTable & { [Column in keyof EntryTable]: EntryTable[Column] | null }>(
    reader,
    sql,
  )) {
    if (current?.posting.seq !== row.seq) {
      if (current !== undefined) yield current;
      current = { posting: row, entries: [] };
    }
    const { account, asset, side, units } = row;
    if (account !== null && asset !== null && side !== null && units !== null)
      current.entries.push({ account, asset, side, units: BigInt(units) });
  }
  if (current !== undefined) yield current;
}

function changesOf(
  id: string,
  { reason, subject }: PostingTable,
  entries: readonly Entry[],
): ReadonlyMap<LedgerAccount, bigint> {
  try {
    const changes = balanceChanges({ reason, subject, entries });
    if (new Set(entries.map(({ asset }) => asset)).size === 1) return changes;
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
  }
  throw broken(`posting ${id} does not balance`, `posting[${id}]`);
}

function assertAudited(reader: Reader, id: string, entries: readonly Entry[]): void {
  const sql = "SELECT after FROM audit_row WHERE entity = 'posting' AND entity_id = ? AND version = 1";
  const row = get<{ after: string | null }>(reader, sql, id);
  if (row?.after === canonicalText({ entries: entriesJson(entries) })) return;
  throw broken(`posting ${id} is not what its audit row says`, `posting[${id}]`);
}

// Each posting has found its audit row; an audit row without its posting is one that somebody took out of the book.
function comparePostings(reader: Reader, postings: number): void {
  const sql = "SELECT count(*) AS count FROM audit_row WHERE entity = 'posting'";
  const audited = get<{ count: number }>(reader, sql)?.count ?? 0;
  if (audited !== postings)
    throw broken(`${audited} postings were audited, the book holds ${postings}`, "posting");
}

function compareBalances(reader: Reader, sums: Sums): number {
  let count = 0;
  for (const row of each<{ account: LedgerAccount; asset: AssetId; units: string }>(
    reader,
    "SELECT account, asset, units FROM account_balance",
  )) {
    count += 1;
    const sum = sums.get(keyOf(row.account, row.asset)) ?? 0n;
    if (sum.toString() === row.units) continue;
    throw broken(
      `account ${row.account} has ${row.units}, its entries add up to ${sum}`,
      `account_balance[${row.account}]`,
    );
  }
  const missing = [...sums.keys()].find((key) => {
    const { account, asset } = splitKey(key);
    return (
      get(reader, "SELECT 1 FROM account_balance WHERE account = ? AND asset = ?", account, asset) ===
      undefined
    );
  });
  if (missing !== undefined)
    throw broken(`account ${missing} has entries and no balance`, `account_balance[${missing}]`);
  return count;
}

const ACCOUNT_OF = {
  PLACED: (customer: Id) => heldAccount(customer),
  FROZEN: (customer: Id) => frozenAccount(customer),
  SENT: (_: Id, withdrawal: Id) => transitAccount(withdrawal),
};

function compareHolds(reader: Reader, sums: Sums): void {
  const expected: Sums = new Map();
  const sql =
    "SELECT w.id, w.customer, w.asset, w.units, w.state, h.state AS hold FROM withdrawal AS w LEFT JOIN hold AS h ON h.withdrawal = w.id";
  type Row = {
    id: Id;
    customer: Id;
    asset: AssetId;
    units: string;
    state: WithdrawalState;
    hold: HoldState | null;
  };
  for (const { id, customer, asset, units, state, hold } of each<Row>(reader, sql)) {
    if (hold !== HOLD_OF[state])
      throw broken(`withdrawal ${id} is ${state}, its hold is ${hold ?? "missing"}`, `hold[${id}]`);
    if (hold === "RELEASED" || hold === "SETTLED") continue;
    const key = keyOf(ACCOUNT_OF[hold](customer, id), asset);
    expected.set(key, (expected.get(key) ?? 0n) + BigInt(units));
  }
  const counted = [...sums].filter(([key]) =>
    /^(customer:[0-9a-f]+:(held|frozen)|transit:[0-9a-f]+) /.test(key),
  );
  for (const [key, units] of [...counted, ...[...expected].filter(([key]) => !sums.has(key))]) {
    const due = expected.get(key) ?? 0n;
    const booked = sums.has(key) ? units : 0n;
    if (due !== booked)
      throw broken(`${key} is ${booked}, the holds say ${due}`, `hold[${splitKey(key).account}]`);
  }
}

function broken(why: string, field: string) {
  return LEDGER_BROKEN(`ledger: ${why}`, {
    field,
    hint: "stop withdrawals, then custody db check and custody audit verify",
  });
}
