/** Rules of the database that concern one table alone, as data: plans, leases, messages, quarantine, the ledger's order. */
import { ENDED } from "../core/states/withdrawal.ts";
import { LOSS_IS_OPEN, mayLackRowsSql } from "./lost-rows.ts";
import { SETTLES_SQL } from "./settles.ts";
import { stateList } from "./state-list.ts";

/** Postings that a later one takes back, and that may then be booked again. */
const IN_TURN = [
  ["send", "unsend"],
  ["settle", "unsettle"],
  ["freeze", "unfreeze"],
  ["fee", "unfee"],
  ["move", "unmove"],
  ["deposit", "undeposit"],
  ["loss", "unloss"],
] as const;

function booked(reason: string): string {
  return `(SELECT count(*) FROM posting WHERE subject = NEW.subject AND reason = '${reason}')`;
}

/** A withdrawal's next generation begins (law 4). */
const SUPERSEDED = "OLD.state IN ('EXPIRED', 'FAILED_ONCHAIN') AND NEW.state = 'PENDING_APPROVAL'";

/** Whether a block holds a plan's attempt for good, without its effect (F18). */
const FAILED = (plan: string) =>
  `EXISTS (SELECT 1 FROM attempt AS a WHERE a.plan = ${plan} AND a.state = 'FINAL' AND a.failed = 1)`;

/** Whether a plan's intent is a message. */
const SIGNS_MESSAGE = (plan: string) =>
  "EXISTS (SELECT 1 FROM plan_intent AS i JOIN movement AS m ON m.intent = i.intent" +
  ` WHERE i.plan = ${plan} AND m.type = 'attest')`;

/** Nothing new leaves a database that may not be the whole truth (F9). `failure.ts` makes QUARANTINED of it. */
export const IN_QUARANTINE = "quarantine: the database is not trusted";
const QUARANTINED = "EXISTS (SELECT 1 FROM quarantine WHERE ended IS NULL)";
const ADVANCING =
  "OLD.state IN ('SCREENING', 'PENDING_APPROVAL', 'COOLING') AND NEW.state IN ('COOLING', 'READY') AND OLD.state <> NEW.state";

/** Whether a withdrawal may have been paid by a transaction of somebody else's, and nobody has said that it was not. */
const SIGHTED = (withdrawal: string) =>
  `EXISTS (SELECT 1 FROM sighting AS s WHERE s.withdrawal = ${withdrawal}` +
  " AND NOT EXISTS (SELECT 1 FROM sighting_end AS e WHERE e.withdrawal = s.withdrawal AND e.coin = s.coin))";

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
    "withdrawal: BLOCKED goes by a warrant, which stays until it is unblocked",
    "(NEW.state = 'BLOCKED' AND NEW.warrant IS NULL) OR" +
      " (NEW.warrant IS NOT OLD.warrant AND NOT (OLD.state IN ('ON_HOLD', 'EXPIRED', 'REVOKING') AND NEW.state = 'BLOCKED')" +
      " AND NOT (OLD.state = 'BLOCKED' AND NEW.state IN ('ON_HOLD', 'EXPIRED', 'REVOKING') AND NEW.warrant IS NULL))",
  ],
  [
    "withdrawal_holder",
    "UPDATE OF state, holder ON withdrawal",
    "withdrawal: who holds it by hand is named as it goes on hold, and forgotten as it is screened or unblocked",
    "NEW.holder IS NOT OLD.holder AND NOT (OLD.holder IS NULL AND OLD.state <> 'ON_HOLD' AND NEW.state = 'ON_HOLD')" +
      " AND NOT (NEW.holder IS NULL AND ((OLD.state = 'ON_HOLD' AND NEW.state = 'SCREENING') OR OLD.state = 'BLOCKED'))" +
      " OR (NEW.state = 'SCREENING' AND NEW.holder IS NOT NULL)",
  ],
  [
    "withdrawal_paid_elsewhere",
    "UPDATE OF state ON withdrawal",
    "withdrawal: by an attempt of ours, or by what two admins have said",
    "NEW.state = 'COMPLETED' AND OLD.state <> 'CONFIRMING'" +
      ` AND NOT EXISTS (SELECT 1 FROM foreign_settlement AS t WHERE t.withdrawal = NEW.id AND ${SETTLES_SQL})`,
  ],
  [
    "foreign_settlement_once",
    "INSERT ON foreign_settlement",
    "foreign_settlement: one payment settles one withdrawal, and each is settled by one",
    `EXISTS (SELECT 1 FROM foreign_settlement AS t WHERE (t.withdrawal = NEW.withdrawal OR t.coin = NEW.coin) AND ${SETTLES_SQL})`,
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
      " ON i.plan = plan.id WHERE i.withdrawal = NEW.id AND plan.state NOT IN ('DEAD', 'CANCELLED', 'DROPPED')" +
      ` AND NOT ${FAILED("plan.id")}))`,
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
    `NOT EXISTS (SELECT 1 FROM withdrawal WHERE id = NEW.withdrawal AND state IN ${stateList(ENDED)})`,
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
    "plan_conflict_key_for_draft",
    "INSERT ON plan_conflict_key",
    "plan_conflict_key: only a DRAFT plan takes conflict keys",
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
    "deposit_of_its_address",
    "INSERT ON deposit",
    "deposit: to the customer whose address it is, or by a warrant where that is nobody's",
    "(SELECT customer FROM address WHERE account = NEW.account) IS NOT CASE WHEN NEW.warrant IS NULL THEN NEW.customer END",
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
  // That nobody has approved it is what this very database says, and it may have lost the approval (F9, F27).
  [
    "quarantine_no_release",
    "UPDATE OF state ON hold",
    IN_QUARANTINE,
    `NEW.state = 'RELEASED' AND ${QUARANTINED}`,
  ],
  // For ever after: signers may hold a payment whose approval is lost (I10). Each wallet's family takes one void at least.
  [
    "hold_released_by_voids",
    "UPDATE OF state ON hold",
    "hold: an approval of it may be lost here, so that voids alone release it",
    `NEW.state = 'RELEASED' AND NOT ${QUARANTINED} AND ${mayLackRowsSql("withdrawal", "NEW.withdrawal")} AND NOT (` +
      "EXISTS (SELECT 1 FROM withdrawal WHERE id = NEW.withdrawal AND state = 'REVOKING')" +
      " AND EXISTS (SELECT 1 FROM decision WHERE withdrawal = NEW.withdrawal AND kind = 'void'))",
  ],
  // The lost rows may hold its client key, and the address. Change of theirs is learnt from blocks: it is nobody's but ours.
  ["quarantine_no_withdrawal", "INSERT ON withdrawal", IN_QUARANTINE, LOSS_IS_OPEN],
  ["quarantine_no_address", "INSERT ON address", IN_QUARANTINE, `NEW.branch = 0 AND ${LOSS_IS_OPEN}`],
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
    `NEW.state = 'PLANNED' AND ${SIGHTED("NEW.id")}`,
  ],
  // Its client would have the coins and the balance.
  [
    "sighting_not_released",
    "UPDATE OF state ON hold",
    "hold: an unknown transaction may have paid what it is for",
    `NEW.state = 'RELEASED' AND ${SIGHTED("NEW.withdrawal")}`,
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
