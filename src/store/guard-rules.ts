/**
 * What the database refuses by itself, as data: which tables are append-only, which columns never change, and which
 * rows carry versions and audit rows. `special-rules.ts` has those that concern one table alone; `guards.ts` makes the triggers.
 */
import { DEPOSIT_EDGES } from "../core/states/deposit.ts";
import { EDGES } from "../core/states/edges.ts";
import { HOLD_EDGES } from "../core/states/holds.ts";
import { LETTER_EDGES } from "../core/states/letters.ts";

/** Each entity with states: where a row begins, and along which edges it moves. */
export const STATEFUL = {
  withdrawal: { initial: "REQUESTED", edges: EDGES.withdrawal },
  movement: { initial: "PENDING_APPROVAL", edges: EDGES.movement },
  plan: { initial: "DRAFT", edges: EDGES.plan },
  attempt: { initial: "SIGNED", edges: EDGES.attempt },
  kyc: { initial: "NONE", edges: EDGES.kyc },
  hold: { initial: "PLACED", edges: HOLD_EDGES },
  dead_letter: { initial: "OPEN", edges: LETTER_EDGES },
  deposit: { initial: "CREDITED", edges: DEPOSIT_EDGES },
} as const;

export const APPEND_ONLY = [
  "audit_row",
  "audit_head",
  "operation",
  "document",
  "beneficiary",
  "rates",
  "policy_active",
  "address",
  "decision",
  "movement_decision",
  "plan_intent",
  "plan_parent",
  "plan_conflict_key",
  "earlier_intent",
  "request",
  "request_plan",
  "receipt",
  "signer_head",
  "rung_signature",
  "posting",
  "entry",
  "reconciliation",
  "sighting",
  "sighting_end",
  "foreign_booking",
  "foreign_settlement",
  "foreign_settlement_end",
  "migration",
];
export const NEVER_DELETED = [
  "limit_use",
  "limit_sum",
  "withdrawal",
  "movement",
  "plan",
  "attempt",
  "kyc",
  "customer",
  "wallet",
  "session",
  "account_balance",
  "deposit",
  "hold",
  "audit_frontier",
  "quarantine",
  "dead_letter",
  "halt_flag",
];

/** Columns that never change once they are written. */
export const FIXED: Readonly<Record<string, readonly string[]>> = {
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
  movement: [
    "seq",
    "id",
    "type",
    "wallet",
    "destination",
    "target",
    "child_of",
    "asset",
    "units",
    "intent",
    "expires",
    "created",
  ],
  plan: [
    "seq",
    "id",
    "wallet",
    "digest",
    "snapshot",
    "build",
    "previous",
    "replaces",
    "change_index",
    "fee_units",
    "created",
  ],
  attempt: ["seq", "id", "plan", "rung", "kind", "fee_units", "txid", "bytes", "created"],
  kyc: ["id", "created"],
  deposit: ["seq", "coin", "account", "customer", "asset", "units", "operation", "warrant"],
  customer: ["seq", "id", "created"],
  wallet: ["name", "chain", "registered"],
  session: ["id", "operator", "public_key", "delegation", "started", "expires"],
  lease: ["conflict_key", "plan"],
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
  ],
  limit_sum: ["scope", "subject", "span", "start", "asset", "currency"],
  hold: ["withdrawal"],
  quarantine: ["seq", "id", "cause", "subject", "detail", "since"],
  dead_letter: ["seq", "id", "entity", "entity_id", "step"],
  halt_flag: ["seq", "id", "scope", "subject", "code", "raised_by", "raised"],
};

/** Columns that are written once, later than their row. */
export const SET_ONCE: readonly (readonly [table: string, column: string])[] = [
  ["plan", "request"],
  ["attempt", "wanted"],
  ["session", "ended"],
  ["limit_use", "released"],
  ["quarantine", "ended"],
  ["quarantine", "warrant"],
  ["halt_flag", "ended"],
];

// Rows with a version: every change takes one step and has its audit row. An attempt's observations are no change, nor is
// a session's last use: what was done under it has audit rows.
export const VERSIONED: readonly {
  readonly table: string;
  readonly id: string;
  readonly columns?: string;
}[] = [
  { table: "withdrawal", id: "id" },
  { table: "movement", id: "id" },
  { table: "plan", id: "id" },
  {
    table: "attempt",
    id: "id",
    columns: "state, version, block_hash, height, wanted, failed, paid_units, network_id, shortfalls",
  },
  { table: "kyc", id: "id" },
  { table: "customer", id: "id" },
  { table: "wallet", id: "name" },
  { table: "session", id: "id", columns: "ended, version" },
  { table: "quarantine", id: "id" },
  { table: "dead_letter", id: "id" },
  { table: "halt_flag", id: "id" },
  { table: "deposit", id: "coin" },
];

/** Rows that are written once, with the entity and id of their audit row. */
export const RECORDED: readonly { readonly table: string; readonly entity: string; readonly id: string }[] = [
  { table: "document", entity: "document", id: "NEW.content" },
  { table: "policy_active", entity: "policy", id: "CAST(NEW.number AS TEXT)" },
  { table: "rates", entity: "rates", id: "NEW.digest" },
  { table: "limit_use", entity: "limit-use", id: "NEW.withdrawal" },
  { table: "decision", entity: "decision", id: "NEW.subject" },
  { table: "movement_decision", entity: "decision", id: "NEW.subject" },
  { table: "request", entity: "request", id: "NEW.request" },
  { table: "receipt", entity: "receipt", id: "NEW.receipt" },
  { table: "signer_head", entity: "signer-head", id: "NEW.subject" },
  { table: "rung_signature", entity: "rung-signature", id: "NEW.subject" },
  { table: "reconciliation", entity: "reconciliation", id: "NEW.id" },
  { table: "sighting", entity: "sighting", id: "NEW.withdrawal || ':' || NEW.coin" },
  { table: "sighting_end", entity: "sighting-end", id: "NEW.withdrawal || ':' || NEW.coin" },
  { table: "foreign_booking", entity: "foreign-booking", id: "NEW.transaction_id || ':' || NEW.wallet" },
  { table: "foreign_settlement", entity: "foreign-settlement", id: "NEW.warrant" },
  { table: "foreign_settlement_end", entity: "foreign-settlement-end", id: "NEW.settlement" },
  { table: "posting", entity: "posting", id: "NEW.subject || ':' || NEW.reason || ':' || NEW.turn" },
];
