/**
 * What the database refuses by itself, whoever asks: illegal edges (I13), a change without a version step and its
 * audit row (I9), changes to what is append-only. The triggers are made from code, so that they and the table `edge`
 * always say what `src/core/states/edges.ts` says, and a table that a migration rebuilds gets its triggers back.
 */
import type { Database } from "better-sqlite3";
import { EDGES } from "../core/states/edges.ts";
import type { HoldState } from "./schema.ts";

/** A hold is used once: released or sent, never both (F12, F13). A reorganisation may take a settlement back. */
export const HOLD_EDGES: Readonly<Record<HoldState, readonly HoldState[]>> = Object.freeze({
  PLACED: ["RELEASED", "SENT"],
  RELEASED: [],
  SENT: ["SETTLED"],
  SETTLED: ["SENT"],
});

/** Each entity with states: where a row begins, and along which edges it moves. */
const STATEFUL = {
  withdrawal: { initial: "REQUESTED", edges: EDGES.withdrawal },
  plan: { initial: "DRAFT", edges: EDGES.plan },
  attempt: { initial: "SIGNED", edges: EDGES.attempt },
  hold: { initial: "PLACED", edges: HOLD_EDGES },
} as const;

const APPEND_ONLY = [
  "audit_row",
  "audit_head",
  "operation",
  "document",
  "policy_active",
  "address",
  "deposit",
  "receipt",
  "withdrawal_approval",
  "posting",
  "entry",
  "migration",
];
const NEVER_DELETED = [
  "withdrawal",
  "plan",
  "attempt",
  "customer",
  "wallet",
  "session",
  "account_balance",
  "hold",
  "audit_frontier",
];

/** Columns that never change once they are written. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  withdrawal: [
    "seq",
    "id",
    "customer",
    "asset",
    "units",
    "account",
    "beneficiary",
    "client_key",
    "body_hash",
    "created",
  ],
  plan: ["seq", "id", "wallet", "digest", "snapshot", "change_index", "fee_units", "created"],
  attempt: ["seq", "id", "plan", "rung", "txid", "bytes", "created"],
  customer: ["seq", "id", "created"],
  wallet: ["name", "chain", "descriptor", "registered"],
  session: ["id", "operator", "public_key", "delegation", "started", "expires"],
  lease: ["conflict_key", "plan"],
  hold: ["withdrawal"],
};

/** Columns that are written once, later than their row. */
const SET_ONCE: readonly (readonly [table: string, column: string])[] = [
  ["withdrawal", "intent"],
  ["plan", "request"],
  ["session", "ended"],
];

/** Rows with a version: every change takes one step and has its audit row. An attempt's observations are no change. */
const VERSIONED: readonly { readonly table: string; readonly id: string; readonly columns?: string }[] = [
  { table: "withdrawal", id: "id" },
  { table: "plan", id: "id" },
  { table: "attempt", id: "id", columns: "state, version, block_hash, height" },
  { table: "customer", id: "id" },
  { table: "wallet", id: "name" },
  { table: "session", id: "id" },
];

/** Rows that are written once, with the entity and id of their audit row. */
const RECORDED: readonly { readonly table: string; readonly entity: string; readonly id: string }[] = [
  { table: "document", entity: "document", id: "NEW.content" },
  { table: "policy_active", entity: "policy", id: "CAST(NEW.number AS TEXT)" },
  { table: "deposit", entity: "deposit", id: "NEW.coin" },
  { table: "receipt", entity: "receipt", id: "NEW.request" },
  { table: "withdrawal_approval", entity: "approval", id: "NEW.approval" },
  { table: "posting", entity: "posting", id: "NEW.subject || ':' || NEW.reason || ':' || NEW.turn" },
];

/** The rows of table `edge`. */
export function edgeRows(): readonly EdgeRow[] {
  return Object.entries(STATEFUL).flatMap(([entity, { edges }]) =>
    Object.entries<readonly string[]>(edges).flatMap(([from_state, targets]) =>
      targets.map((to_state) => ({ entity, from_state, to_state })),
    ),
  );
}

type EdgeRow = { readonly entity: string; readonly from_state: string; readonly to_state: string };

/** Every trigger by name. */
export function guards(): ReadonlyMap<string, string> {
  return new Map([
    ...APPEND_ONLY.flatMap((table) => [
      refuse(`${table}_no_update`, `UPDATE ON ${table}`, `${table} is append-only`),
      refuse(`${table}_no_delete`, `DELETE ON ${table}`, `${table} is append-only`),
    ]),
    ...NEVER_DELETED.map((table) =>
      refuse(`${table}_no_delete`, `DELETE ON ${table}`, `${table} rows are never deleted`),
    ),
    ...Object.entries(FIXED).map(([table, columns]) =>
      refuse(
        `${table}_fixed`,
        `UPDATE OF ${columns.join(", ")} ON ${table}`,
        `${table}: this column never changes`,
      ),
    ),
    ...SET_ONCE.map(([table, column]) =>
      refuse(
        `${table}_${column}_once`,
        `UPDATE OF ${column} ON ${table}`,
        `${table}.${column} is set once`,
        `OLD.${column} IS NOT NULL AND NEW.${column} IS NOT OLD.${column}`,
      ),
    ),
    ...Object.entries(STATEFUL).flatMap(([table, { initial }]) => stateGuards(table, initial)),
    ...VERSIONED.flatMap(versionGuards),
    ...RECORDED.map(({ table, entity, id }) =>
      refuse(
        `${table}_audited`,
        `INSERT ON ${table}`,
        `${table}: its audit row is missing`,
        unaudited(entity, id, "1"),
      ),
    ),
    ...SPECIAL.map(([name, on, message, when]) => refuse(name, on, message, when)),
  ]);
}

/** Brings triggers and edges up to date. @returns whether anything had to be written */
export function syncGuards(database: Database): boolean {
  if (guardProblems(database).length === 0) return false;
  for (const name of presentGuards(database).keys())
    database.exec(`DROP TRIGGER "${name.replaceAll('"', '""')}"`);
  for (const sql of guards().values()) database.exec(sql);
  database.exec("DELETE FROM edge");
  const insert = database.prepare<[string, string, string]>(
    "INSERT INTO edge (entity, from_state, to_state) VALUES (?, ?, ?)",
  );
  for (const { entity, from_state, to_state } of edgeRows()) insert.run(entity, from_state, to_state);
  return true;
}

/** What differs between the database's triggers and edges and the code's, in words. */
export function guardProblems(database: Database): readonly string[] {
  const [present, wanted] = [presentGuards(database), guards()];
  const names = [...new Set([...present.keys(), ...wanted.keys()])];
  const triggers = names
    .filter((name) => present.get(name) !== wanted.get(name))
    .map((name) => `trigger ${name} is not as it should be`);
  const stored = database
    .prepare<[], string>("SELECT entity || ' ' || from_state || ' ' || to_state FROM edge")
    .pluck()
    .all();
  const ours = edgeRows().map(({ entity, from_state, to_state }) => `${entity} ${from_state} ${to_state}`);
  const edges = [
    ...stored.filter((edge) => !ours.includes(edge)),
    ...ours.filter((edge) => !stored.includes(edge)),
  ];
  return [...triggers, ...edges.map((edge) => `edge ${edge} is not as it should be`)];
}

/** I3, leases and the ledger's order. Each is name, event, message, condition. */
const SPECIAL: readonly (readonly [string, string, string, string])[] = [
  [
    "withdrawal_one_plan",
    "UPDATE OF plan ON withdrawal",
    "withdrawal: it enters one plan when it is PLANNED and leaves it for READY",
    "NEW.plan IS NOT OLD.plan AND NOT (OLD.plan IS NULL AND NEW.state = 'PLANNED' AND OLD.state = 'READY')" +
      " AND NOT (NEW.plan IS NULL AND NEW.state = 'READY' AND OLD.state = 'PLANNED')",
  ],
  [
    "withdrawal_planned_in_draft",
    "UPDATE OF state ON withdrawal",
    "withdrawal: PLANNED needs a plan that is DRAFT, READY has none",
    "(NEW.state = 'PLANNED' AND NOT EXISTS (SELECT 1 FROM plan WHERE id = NEW.plan AND state = 'DRAFT'))" +
      " OR (NEW.state = 'READY' AND NEW.plan IS NOT NULL)",
  ],
  ["withdrawal_no_plan", "INSERT ON withdrawal", "withdrawal: a new one has no plan", "NEW.plan IS NOT NULL"],
  [
    "lease_for_draft",
    "INSERT ON lease",
    "lease: only a DRAFT plan takes conflict keys",
    "NOT EXISTS (SELECT 1 FROM plan WHERE id = NEW.plan AND state = 'DRAFT')",
  ],
  [
    "lease_kept",
    "DELETE ON lease",
    "lease: a plan that may have left the machine keeps its conflict keys",
    "NOT EXISTS (SELECT 1 FROM plan WHERE id = OLD.plan AND state = 'DROPPED')",
  ],
  [
    "wallet_index_grows",
    "UPDATE OF next_receive, next_change ON wallet",
    "wallet: an index is never given out twice",
    "NEW.next_receive < OLD.next_receive OR NEW.next_change < OLD.next_change",
  ],
  [
    "posting_settles_in_turn",
    "INSERT ON posting",
    "posting: settle and unsettle alternate",
    "(NEW.reason = 'settle' AND NEW.turn <> 1 + (SELECT count(*) FROM posting WHERE subject = NEW.subject AND reason = 'unsettle'))" +
      " OR (NEW.reason = 'unsettle' AND NEW.turn <> (SELECT count(*) FROM posting WHERE subject = NEW.subject AND reason = 'settle'))",
  ],
  [
    "audit_row_in_order",
    "INSERT ON audit_row",
    "audit_row: its number does not follow the last one",
    "NEW.seq <> 1 + coalesce((SELECT max(seq) FROM audit_row), 0)",
  ],
];

function stateGuards(table: string, initial: string): readonly (readonly [string, string])[] {
  return [
    refuse(
      `${table}_initial`,
      `INSERT ON ${table}`,
      `${table}: it begins as ${initial}`,
      `NEW.state <> '${initial}'`,
    ),
    refuse(
      `${table}_edge`,
      `UPDATE OF state ON ${table}`,
      `${table}: illegal edge`,
      `NOT EXISTS (SELECT 1 FROM edge WHERE entity = '${table}' AND from_state = OLD.state AND to_state = NEW.state)`,
    ),
  ];
}

function versionGuards({
  table,
  id,
  columns,
}: (typeof VERSIONED)[number]): readonly (readonly [string, string])[] {
  const missing = unaudited(table, `NEW.${id}`, "NEW.version");
  const update = columns === undefined ? `UPDATE ON ${table}` : `UPDATE OF ${columns} ON ${table}`;
  return [
    refuse(
      `${table}_first_version`,
      `INSERT ON ${table}`,
      `${table}: it begins at version 1`,
      "NEW.version <> 1",
    ),
    refuse(
      `${table}_next_version`,
      update,
      `${table}: its version takes one step`,
      "NEW.version <> OLD.version + 1",
    ),
    refuse(`${table}_insert_audited`, `INSERT ON ${table}`, `${table}: its audit row is missing`, missing),
    refuse(`${table}_update_audited`, update, `${table}: its audit row is missing`, missing),
  ];
}

function unaudited(entity: string, id: string, version: string): string {
  return `NOT EXISTS (SELECT 1 FROM audit_row WHERE entity = '${entity}' AND entity_id = ${id} AND version = ${version})`;
}

function refuse(name: string, on: string, message: string, when?: string): readonly [string, string] {
  const condition = when === undefined ? "" : ` WHEN ${when}`;
  return [
    name,
    `CREATE TRIGGER ${name} BEFORE ${on}${condition} BEGIN SELECT RAISE(ABORT, '${message}'); END`,
  ];
}

function presentGuards(database: Database): ReadonlyMap<string, string> {
  const rows = database
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  return new Map(rows.map(({ name, sql }) => [name, sql]));
}
