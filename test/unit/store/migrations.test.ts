import { cpSync, appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { DEPOSIT_EDGES } from "../../../src/core/states/deposit.ts";
import { EDGES } from "../../../src/core/states/edges.ts";
import { closeStore, openStore } from "../../../src/store/database.ts";
import { HOLD_EDGES } from "../../../src/core/states/holds.ts";
import { LETTER_EDGES } from "../../../src/core/states/letters.ts";
import { guardProblems, guards } from "../../../src/store/guards.ts";
import { databaseProblems } from "../../../src/store/integrity.ts";
import { MIGRATION_CHANGED, MIGRATION_FAILED, migrate, migrations } from "../../../src/store/migrate.ts";
import type { Schema } from "../../../src/store/schema.ts";
import { another, scratch } from "./scratch.ts";

const SOURCE = join(import.meta.dirname, "../../../src/store/migrations");

const LAST = migrations().length;

/** A copy of the migrations with one more. */
function withAnother(folder: string, files: { up: string; before?: string; after?: string }) {
  const copy = join(folder, "migrations");
  cpSync(SOURCE, copy, { recursive: true });
  const more = join(copy, `${String(LAST + 1).padStart(4, "0")}-more`);
  mkdirSync(more);
  writeFileSync(join(more, "note.md"), "# more\n");
  for (const [name, text] of Object.entries({ before: "", after: "", ...files }))
    writeFileSync(join(more, `${name}.sql`), text);
  return migrations(copy);
}

/** The columns of each table as `schema.ts` declares them; the type checker holds this list against the types. */
const COLUMNS: { readonly [Table in keyof Schema]: readonly (keyof Schema[Table])[] } = {
  meta: ["key", "value"],
  edge: ["entity", "from_state", "to_state"],
  migration: ["number", "name", "checksum", "applied"],
  operation: ["id", "command", "actor", "started"],
  audit_row: [
    "seq",
    "at",
    "actor",
    "operation",
    "entity",
    "entity_id",
    "version",
    "event",
    "before",
    "after",
    "leaf",
  ],
  audit_head: ["size", "root", "at"],
  audit_frontier: ["id", "size", "peaks"],
  document: ["content", "digest", "kind", "bytes", "imported", "operation"],
  policy_active: ["number", "digest", "activated"],
  customer: ["seq", "id", "ref", "state", "version", "created"],
  kyc: ["id", "state", "tier", "expires", "reason", "version", "created", "updated"],
  wallet: ["name", "chain", "descriptor", "registered", "next_receive", "next_change", "version"],
  address: ["account", "wallet", "branch", "idx", "customer", "issued"],
  beneficiary: ["digest", "customer", "account"],
  rates: ["digest", "currency", "issued", "expires", "imported"],
  limit_use: [
    "seq",
    "withdrawal",
    "at",
    "customer",
    "account",
    "tier",
    "chain",
    "asset",
    "units",
    "currency",
    "minor_units",
    "rates",
    "released",
  ],
  limit_sum: ["scope", "subject", "span", "start", "asset", "currency", "units", "minor_units", "payments"],
  deposit: [
    "seq",
    "coin",
    "account",
    "customer",
    "asset",
    "units",
    "block_hash",
    "height",
    "operation",
    "state",
    "version",
    "warrant",
  ],
  chain_cursor: ["chain", "height", "hash"],
  quarantine: ["seq", "id", "cause", "subject", "detail", "since", "ended", "warrant", "version"],
  reconciliation: [
    "seq",
    "id",
    "at",
    "instance",
    "tip_height",
    "tip_hash",
    "audit_size",
    "audit_root",
    "verdict",
    "digest",
    "report",
    "operation",
  ],
  seen_block: ["chain", "height", "hash"],
  coin: [
    "coin",
    "wallet",
    "account",
    "asset",
    "units",
    "origin",
    "height",
    "spent_by",
    "spent_height",
    "block_hash",
  ],
  foreign_booking: ["transaction_id", "wallet", "asset", "units", "warrant", "operation"],
  foreign_settlement: ["warrant", "withdrawal", "coin", "transaction_id", "wallet", "units"],
  foreign_settlement_end: ["settlement", "warrant", "at"],
  sighting_end: ["withdrawal", "coin", "warrant", "at"],
  foreign_payment: ["coin", "transaction_id", "account", "asset", "units", "height"],
  sighting: ["withdrawal", "coin", "transaction_id", "at"],
  session: [
    "id",
    "operator",
    "public_key",
    "delegation",
    "started",
    "expires",
    "ended",
    "version",
    "last_used",
  ],
  plan: [
    "seq",
    "id",
    "wallet",
    "digest",
    "state",
    "version",
    "request",
    "snapshot",
    "change_index",
    "fee_units",
    "created",
    "updated",
    "previous",
    "replaces",
    "build",
  ],
  movement: [
    "seq",
    "id",
    "type",
    "wallet",
    "destination",
    "target",
    "asset",
    "units",
    "intent",
    "state",
    "reason",
    "version",
    "created",
    "updated",
    "expires",
    "child_of",
  ],
  movement_decision: ["subject", "content", "movement", "kind", "digest", "at"],
  plan_intent: ["plan", "place", "intent", "withdrawal", "policy_row", "units"],
  plan_parent: ["plan", "txid"],
  plan_conflict_key: ["conflict_key", "plan"],
  request: ["request", "plan", "audit_epoch", "audit_size", "exported", "operation"],
  signer_head: ["subject", "signer", "epoch", "number", "head"],
  rung_signature: ["subject", "plan", "rung", "source", "txid", "signatures", "at"],
  lease: ["conflict_key", "plan"],
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
    "intent",
    "state",
    "reason",
    "plan",
    "version",
    "created",
    "updated",
    "expires",
    "code",
    "warrant",
    "holder",
  ],
  earlier_intent: ["intent", "withdrawal"],
  decision: ["subject", "content", "withdrawal", "kind", "digest", "at"],
  attempt: [
    "seq",
    "id",
    "plan",
    "rung",
    "txid",
    "bytes",
    "state",
    "version",
    "block_hash",
    "height",
    "confirmations_seen",
    "last_error",
    "created",
    "updated",
    "kind",
    "fee_units",
    "wanted",
  ],
  receipt: [
    "seq",
    "receipt",
    "request",
    "signer",
    "epoch",
    "outcome",
    "gate",
    "rule",
    "audit_epoch",
    "audit_size",
    "imported",
    "operation",
  ],
  account_balance: ["account", "asset", "units"],
  posting: ["seq", "reason", "subject", "turn", "operation", "at"],
  entry: ["posting", "line", "account", "asset", "side", "units"],
  retry: ["entity", "entity_id", "step", "failures", "code", "first_failed", "next_try"],
  dead_letter: [
    "seq",
    "id",
    "entity",
    "entity_id",
    "step",
    "class",
    "code",
    "why",
    "payload",
    "attempts",
    "first_failed",
    "last_failed",
    "state",
    "version",
  ],
  halt_flag: ["seq", "id", "scope", "subject", "code", "detail", "raised_by", "raised", "ended", "version"],
  alert: ["seq", "id", "kind", "subject", "severity", "text", "next", "first_seen", "last_seen", "cleared"],
  delivery: ["seq", "id", "alert", "event", "channel", "state", "created"],
  hold: ["withdrawal", "state", "updated"],
};

describe("migrations", () => {
  test("each has a number, a note and assertions of its own for before and after", () => {
    for (const { name, before, after } of migrations()) {
      expect(before.length, name).toBeGreaterThan(0);
      expect(after.length, name).toBeGreaterThan(0);
    }
  });

  test("an assertion that returns a row takes the migration back", () => {
    const { store, folder } = scratch();
    const bad = withAnother(folder, {
      up: "CREATE TABLE more (a TEXT) STRICT;",
      after: "SELECT 'because' AS why;",
    });
    expect(() => migrate(store.database, store.path, bad)).toThrow(
      expect.objectContaining({ code: MIGRATION_FAILED.code }),
    );
    expect(store.database.pragma("user_version", { simple: true })).toBe(LAST);
    expect(
      store.database.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").get(),
    ).toBeUndefined();

    const good = withAnother(folder + "/twin", {
      up: "CREATE TABLE more (a TEXT) STRICT;",
      before: "SELECT 1 WHERE 0;\n",
      after: "SELECT a FROM more;",
    });
    migrate(store.database, store.path, good);
    expect(store.database.pragma("user_version", { simple: true })).toBe(LAST + 1);
  });

  test("a migration that fails half way leaves nothing behind", () => {
    const { store, folder } = scratch();
    const broken = withAnother(folder, {
      up: "CREATE TABLE more (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);",
    });
    expect(() => migrate(store.database, store.path, broken)).toThrow(/no such table/);
    expect(
      store.database.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").get(),
    ).toBeUndefined();
    expect(databaseProblems(store)).toEqual([]);
  });

  test("a migration that was edited after it ran is refused, an edited note is not", () => {
    const { store, folder } = scratch();
    const copy = join(folder, "edited");
    cpSync(SOURCE, copy, { recursive: true });
    appendFileSync(join(copy, "0001-begin/note.md"), "More words.\n");
    migrate(store.database, store.path, migrations(copy));
    appendFileSync(join(copy, "0001-begin/up.sql"), "-- one more line\n");
    expect(() => migrate(store.database, store.path, migrations(copy))).toThrow(
      expect.objectContaining({ code: MIGRATION_CHANGED.code }),
    );
  });

  test("a table that a migration rebuilds gets its triggers back", () => {
    const { store, folder } = scratch();
    const rebuild = withAnother(folder, {
      up: "ALTER TABLE chain_cursor ADD COLUMN note TEXT; DROP TABLE receipt; CREATE TABLE receipt (request TEXT PRIMARY KEY, receipt TEXT NOT NULL) STRICT;",
    });
    migrate(store.database, store.path, rebuild);
    expect(guardProblems(store.database)).toEqual([]);
  });

  test("schema.ts names every table and column, and no other", () => {
    const { store } = scratch();
    const tables = store.database
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .pluck()
      .all();
    expect(tables).toEqual(Object.keys(COLUMNS).sort());
    for (const [table, columns] of Object.entries(COLUMNS)) {
      expect(
        store.database.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all(),
        table,
      ).toEqual(columns);
    }
  });

  test("the table of edges is the frozen table of edges", () => {
    const { store } = scratch();
    const stored = store.database
      .prepare<[], string>("SELECT entity || ' ' || from_state || ' ' || to_state FROM edge ORDER BY 1")
      .pluck()
      .all();
    const ours = Object.entries({
      ...EDGES,
      hold: HOLD_EDGES,
      dead_letter: LETTER_EDGES,
      deposit: DEPOSIT_EDGES,
    }).flatMap(([entity, edges]) =>
      Object.entries(edges).flatMap(([from, targets]) =>
        (targets as readonly string[]).map((to) => `${entity} ${from} ${to}`),
      ),
    );
    expect(stored).toEqual(ours.sort());
  });

  test("missing triggers and foreign edges are found, and put right when the database is opened", () => {
    const { store, path } = scratch();
    store.database.exec(
      "DROP TRIGGER audit_row_no_update; INSERT INTO edge VALUES ('withdrawal', 'REJECTED', 'READY')",
    );
    store.database.exec("CREATE TRIGGER planted AFTER INSERT ON deposit BEGIN DELETE FROM lease; END");
    expect(databaseProblems(store)).toHaveLength(3);
    expect(databaseProblems(another(path))).toEqual([]);
    expect(guards().size).toBeGreaterThan(50);
  });

  test("opening again changes nothing", () => {
    const { path } = scratch();
    const before = new BetterSqlite3(path, { readonly: true });
    const changes = before.pragma("data_version", { simple: true });
    closeStore(openStore(path, { network: "regtest" }));
    expect(before.pragma("data_version", { simple: true })).toBe(changes);
    before.close();
  });
});
