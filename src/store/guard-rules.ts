/**
 * What the database refuses by itself, as data: which tables are append-only, which columns never change, which rows
 * carry versions and audit rows, and the few rules that concern one table alone. `guards.ts` makes the triggers of it.
 */
import { EDGES } from "../core/states/edges.ts";
import { HOLD_EDGES, HOLD_OF } from "../core/states/holds.ts";
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
  "deposit",
  "decision",
  "movement_decision",
  "plan_intent",
  "plan_parent",
  "earlier_intent",
  "request",
  "receipt",
  "signer_head",
  "rung_signature",
  "posting",
  "entry",
  "reconciliation",
  "sighting",
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
  customer: ["seq", "id", "created"],
  wallet: ["name", "chain", "descriptor", "registered"],
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
  halt_flag: ["seq", "id", "scope", "subject", "code", "detail", "raised_by", "raised"],
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
  { table: "attempt", id: "id", columns: "state, version, block_hash, height, wanted" },
  { table: "kyc", id: "id" },
  { table: "customer", id: "id" },
  { table: "wallet", id: "name" },
  { table: "session", id: "id", columns: "ended, version" },
  { table: "quarantine", id: "id" },
  { table: "dead_letter", id: "id" },
  { table: "halt_flag", id: "id" },
];

/** Rows that are written once, with the entity and id of their audit row. */
export const RECORDED: readonly { readonly table: string; readonly entity: string; readonly id: string }[] = [
  { table: "document", entity: "document", id: "NEW.content" },
  { table: "policy_active", entity: "policy", id: "CAST(NEW.number AS TEXT)" },
  { table: "rates", entity: "rates", id: "NEW.digest" },
  { table: "limit_use", entity: "limit-use", id: "NEW.withdrawal" },
  { table: "deposit", entity: "deposit", id: "NEW.coin" },
  { table: "decision", entity: "decision", id: "NEW.subject" },
  { table: "movement_decision", entity: "decision", id: "NEW.subject" },
  { table: "request", entity: "request", id: "NEW.request" },
  { table: "receipt", entity: "receipt", id: "NEW.receipt" },
  { table: "signer_head", entity: "signer-head", id: "NEW.subject" },
  { table: "rung_signature", entity: "rung-signature", id: "NEW.subject" },
  { table: "reconciliation", entity: "reconciliation", id: "NEW.id" },
  { table: "sighting", entity: "sighting", id: "NEW.withdrawal" },
  { table: "posting", entity: "posting", id: "NEW.subject || ':' || NEW.reason || ':' || NEW.turn" },
];

/** Postings that a later one takes back, and that may then be booked again. */
const IN_TURN = [
  ["send", "unsend"],
  ["settle", "unsettle"],
  ["freeze", "unfreeze"],
  ["fee", "unfee"],
  ["move", "unmove"],
] as const;

function booked(reason: string): string {
  return `(SELECT count(*) FROM posting WHERE subject = NEW.subject AND reason = '${reason}')`;
}

/** A withdrawal's next generation begins (law 4). */
const SUPERSEDED = "OLD.state IN ('EXPIRED', 'FAILED_ONCHAIN') AND NEW.state = 'PENDING_APPROVAL'";

/** Whether a plan's intent is a message. */
const SIGNS_MESSAGE = (plan: string) =>
  "EXISTS (SELECT 1 FROM plan_intent AS i JOIN movement AS m ON m.intent = i.intent" +
  ` WHERE i.plan = ${plan} AND m.type = 'attest')`;

/** Nothing new leaves a database that may not be the whole truth (F9). `failure.ts` makes QUARANTINED of it. */
export const IN_QUARANTINE = "quarantine: the database is not trusted";
const QUARANTINED = "EXISTS (SELECT 1 FROM quarantine WHERE ended IS NULL)";
const ADVANCING =
  "OLD.state IN ('PENDING_APPROVAL', 'COOLING') AND NEW.state IN ('COOLING', 'READY') AND OLD.state <> NEW.state";

/** States in which a withdrawal has ended without a payment. */
export const UNPAID_ENDS: readonly string[] = Object.entries(HOLD_OF).flatMap(([state, hold]) =>
  hold === "RELEASED" ? [state] : [],
);

/** I3, leases, messages and the ledger's order. Each is name, event, message, condition. */
export const SPECIAL: readonly (readonly [string, string, string, string])[] = [
  [
    "withdrawal_one_plan",
    "UPDATE OF plan ON withdrawal",
    "withdrawal: it enters one plan when it is PLANNED and leaves it for READY or a new generation",
    "NEW.plan IS NOT OLD.plan AND NOT (OLD.plan IS NULL AND NEW.state = 'PLANNED' AND OLD.state = 'READY')" +
      " AND NOT (NEW.plan IS NULL AND NEW.state = 'READY' AND OLD.state = 'PLANNED')" +
      ` AND NOT (NEW.plan IS NULL AND ${SUPERSEDED})`,
  ],
  [
    "withdrawal_intent_once",
    "UPDATE OF intent ON withdrawal",
    "withdrawal: its intent is set once for each generation",
    `OLD.intent IS NOT NULL AND NEW.intent IS NOT OLD.intent AND NOT (NEW.intent IS NOT NULL AND ${SUPERSEDED})`,
  ],
  [
    "withdrawal_expiry",
    "UPDATE OF expires ON withdrawal",
    "withdrawal: its intent's end comes with its intent",
    `NEW.expires IS NOT OLD.expires AND NOT (OLD.intent IS NULL OR (${SUPERSEDED}))`,
  ],
  [
    "withdrawal_blocked",
    "UPDATE ON withdrawal",
    "withdrawal: BLOCKED goes by a warrant, which stays until it is ON_HOLD again",
    "(NEW.state = 'BLOCKED' AND NEW.warrant IS NULL) OR" +
      " (NEW.warrant IS NOT OLD.warrant AND NOT (OLD.state = 'ON_HOLD' AND NEW.state = 'BLOCKED')" +
      " AND NOT (OLD.state = 'BLOCKED' AND NEW.state = 'ON_HOLD' AND NEW.warrant IS NULL))",
  ],
  [
    "withdrawal_held",
    "UPDATE OF state ON withdrawal",
    "withdrawal: what is held says why",
    "NEW.state IN ('ON_HOLD', 'BLOCKED') AND NEW.code IS NULL",
  ],
  [
    "withdrawal_next_generation",
    "UPDATE OF state ON withdrawal",
    "withdrawal: a new generation has an intent of its own, and no earlier plan that may still settle",
    `${SUPERSEDED} AND (NEW.intent IS OLD.intent OR NEW.plan IS NOT NULL OR EXISTS (SELECT 1 FROM plan JOIN plan_intent AS i` +
      " ON i.plan = plan.id WHERE i.withdrawal = NEW.id AND plan.state NOT IN ('DEAD', 'CANCELLED', 'DROPPED')))",
  ],
  [
    "withdrawal_planned_in_draft",
    "UPDATE OF state ON withdrawal",
    "withdrawal: PLANNED needs a plan that is DRAFT, READY has none",
    "(NEW.state = 'PLANNED' AND NOT EXISTS (SELECT 1 FROM plan WHERE id = NEW.plan AND state = 'DRAFT'))" +
      " OR (NEW.state = 'READY' AND NEW.plan IS NOT NULL)",
  ],
  [
    "limit_use_released_unpaid",
    "UPDATE OF released ON limit_use",
    "limit_use: only a withdrawal that ended without a payment gives back what it took",
    `NOT EXISTS (SELECT 1 FROM withdrawal WHERE id = NEW.withdrawal AND state IN (${UNPAID_ENDS.map((state) => `'${state}'`).join(", ")}))`,
  ],
  ["withdrawal_no_plan", "INSERT ON withdrawal", "withdrawal: a new one has no plan", "NEW.plan IS NOT NULL"],
  [
    "plan_intent_for_draft",
    "INSERT ON plan_intent",
    "plan_intent: only a DRAFT plan takes intents",
    "NOT EXISTS (SELECT 1 FROM plan WHERE id = NEW.plan AND state = 'DRAFT')",
  ],
  [
    "plan_parent_for_draft",
    "INSERT ON plan_parent",
    "plan_parent: only a DRAFT plan takes parents",
    "NOT EXISTS (SELECT 1 FROM plan WHERE id = NEW.plan AND state = 'DRAFT')",
  ],
  [
    "lease_for_draft",
    "INSERT ON lease",
    "lease: only a DRAFT plan takes conflict keys",
    "NOT EXISTS (SELECT 1 FROM plan WHERE id = NEW.plan AND state = 'DRAFT')",
  ],
  [
    "lease_kept",
    "DELETE ON lease",
    "lease: a plan that may still settle keeps its conflict keys",
    "NOT EXISTS (SELECT 1 FROM plan WHERE id = OLD.plan AND state IN ('DROPPED', 'DEAD'))",
  ],
  [
    "plan_message_never_sent",
    "UPDATE OF state ON plan",
    "plan: one that signs a message is never SIGNED, and only such a one is ATTESTED",
    `(NEW.state = 'ATTESTED' AND NOT ${SIGNS_MESSAGE("NEW.id")}) OR` +
      ` (NEW.state NOT IN ('DRAFT', 'DROPPED', 'EXPORTED', 'ATTESTED', 'DEAD') AND ${SIGNS_MESSAGE("NEW.id")})`,
  ],
  [
    "attempt_of_no_message",
    "INSERT ON attempt",
    "attempt: what signs a message is no transaction to send",
    SIGNS_MESSAGE("NEW.plan"),
  ],
  [
    "movement_attested",
    "UPDATE OF state ON movement",
    "movement: only a message is completed by its signatures, and it is never on its way to a block",
    "(OLD.state IN ('EXPORTED', 'REVOKING') AND NEW.state = 'COMPLETED' AND NEW.type <> 'attest') OR" +
      " (NEW.type = 'attest' AND NEW.state IN ('SIGNED', 'BROADCASTING', 'UNCERTAIN', 'BROADCAST', 'CONFIRMING'))",
  ],
  [
    "wallet_index_grows",
    "UPDATE OF next_receive, next_change ON wallet",
    "wallet: an index is never given out twice",
    "NEW.next_receive < OLD.next_receive OR NEW.next_change < OLD.next_change",
  ],
  [
    "posting_in_turn",
    "INSERT ON posting",
    "posting: what was booked and what takes it back alternate",
    IN_TURN.map(
      ([reason, back]) =>
        `(NEW.reason = '${reason}' AND NEW.turn <> 1 + ${booked(back)}) OR (NEW.reason = '${back}' AND NEW.turn <> ${booked(reason)})`,
    ).join(" OR "),
  ],
  ["quarantine_no_plan", "INSERT ON plan", IN_QUARANTINE, QUARANTINED],
  ["quarantine_no_request", "INSERT ON request", IN_QUARANTINE, QUARANTINED],
  [
    "quarantine_no_first_send",
    "UPDATE OF state ON attempt",
    IN_QUARANTINE,
    `OLD.state = 'SIGNED' AND NEW.state = 'BROADCASTING' AND ${QUARANTINED}`,
  ],
  ...["withdrawal", "movement"].map(
    (table) =>
      [
        `quarantine_${table}_waits`,
        `UPDATE OF state ON ${table}`,
        IN_QUARANTINE,
        `${ADVANCING} AND ${QUARANTINED}`,
      ] as const,
  ),
  [
    "sighting_not_planned",
    "UPDATE OF state ON withdrawal",
    "withdrawal: an unknown transaction has paid what it asks for",
    "NEW.state = 'PLANNED' AND EXISTS (SELECT 1 FROM sighting WHERE withdrawal = NEW.id)",
  ],
  [
    "posting_failure_taken_back",
    "INSERT ON posting",
    "posting: no more failures are taken back than were booked",
    `NEW.reason = 'unfail' AND NEW.turn > ${booked("fail")}`,
  ],
  [
    "audit_row_in_order",
    "INSERT ON audit_row",
    "audit_row: its number does not follow the last one",
    "NEW.seq <> 1 + coalesce((SELECT max(seq) FROM audit_row), 0)",
  ],
];
