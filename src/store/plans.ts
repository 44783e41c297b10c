import { makerOf } from "../chains/keys.ts";
import { sha256, type Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { PlanState } from "../core/states/edges.ts";
import { moveRow, type Step } from "./move.ts";
import { pageOf, placeAfter, where, type Page } from "./page.ts";
import type { Spending } from "../core/policy/limits.ts";
import type { PlanIntentTable, PlanTable } from "./schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** A batch of intents with leased conflict keys. The plan document itself lies in the documents, by `digest`. */
export type StoredPlan = {
  readonly id: Id;
  readonly wallet: Name;
  readonly digest: Digest;
  readonly state: PlanState;
  readonly version: number;
  /** Digest of the request that carried it out of this machine. */
  readonly request: Digest | undefined;
  /** The chain facts that it was built from, canonical JSON: it can be built again and compared byte for byte. */
  readonly snapshot: Uint8Array;
  /** Task and options beside them, canonical JSON (`src/withdrawals/planning/build-record.ts`). */
  readonly build: Uint8Array;
  /** What its inputs spend, canonical JSON of base64 texts, for the request. */
  readonly previous: Uint8Array;
  /** The plan whose place this one takes; both hold the same conflict keys, so that one settles at most (I4). */
  readonly replaces: Id | undefined;
  readonly changeIndex: number | undefined;
  readonly feeUnits: bigint;
  readonly created: Instant;
  readonly updated: Instant;
};

export const PLAN_UNKNOWN = declareError("PLAN_UNKNOWN", "notFound", "There is no plan with this id.");
export const CONFLICT_KEY_LEASED = declareError(
  "CONFLICT_KEY_LEASED",
  "conflict",
  "A coin is taken by another plan.",
);

/** What a plan settles, with what counts against the policy row's limits. */
export type PlanIntent = {
  readonly intent: Digest;
  readonly withdrawal: Id | undefined;
  readonly row: Name;
  readonly units: bigint;
};

export type NewPlan = Pick<
  StoredPlan,
  "id" | "wallet" | "digest" | "snapshot" | "build" | "previous" | "replaces" | "changeIndex" | "feeUnits"
> & { readonly intents: readonly PlanIntent[] };

/**
 * Stores a plan as DRAFT and leases its conflict keys to it, in one transaction, so that no two plans offer the same
 * coin (F7, F9). Keys that a plan of its own line holds stay with that one.
 * @throws CONFLICT_KEY_LEASED naming the plan that has it
 */
export function insertPlan(tx: Tx, plan: NewPlan, conflictKeys: readonly string[]): StoredPlan {
  const { id, wallet, digest, snapshot, build, previous, replaces, changeIndex, intents } = plan;
  const feeUnits = plan.feeUnits.toString();
  const members = intents.map(({ intent, row, units }) => ({ intent, row, units: units.toString() }));
  const after = {
    build: toHex(sha256(build)),
    changeIndex,
    conflictKeys,
    digest,
    feeUnits,
    intents: members,
    replaces,
    state: "DRAFT",
    wallet,
  };
  tx.audit({ entity: "plan", entityId: id, version: 1, event: "built", after });
  const line = replaces === undefined ? [] : lineOf(tx, replaces).map((other) => other.id);
  run(
    tx,
    INSERT,
    id,
    wallet,
    digest,
    snapshot,
    build,
    previous,
    replaces ?? null,
    changeIndex ?? null,
    feeUnits,
    tx.now,
    tx.now,
  );
  for (const key of conflictKeys) {
    run(tx, "INSERT INTO plan_conflict_key (conflict_key, plan) VALUES (?, ?)", key, id);
    lease(tx, key, id, line);
  }
  for (const txid of parentsAmong(tx, conflictKeys))
    run(tx, "INSERT INTO plan_parent (plan, txid) VALUES (?, ?)", id, txid);
  intents.forEach(({ intent, withdrawal, row, units }, place) => {
    run(tx, INSERT_INTENT, id, place, intent, withdrawal ?? null, row, units.toString());
  });
  return getPlan(tx, id);
}

const INSERT =
  "INSERT INTO plan (id, wallet, digest, state, version, snapshot, build, previous, replaces, change_index, fee_units, created, updated)" +
  " VALUES (?, ?, ?, 'DRAFT', 1, ?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_INTENT =
  "INSERT INTO plan_intent (plan, place, intent, withdrawal, policy_row, units) VALUES (?, ?, ?, ?, ?, ?)";

/**
 * Moves a plan along an edge. A plan that is DROPPED never left the machine, and one that is DEAD can never settle: both
 * give the conflict keys back that they hold.
 * @throws PLAN_UNKNOWN, STATE_CONFLICT
 */
export function movePlan(
  tx: Tx,
  id: Id,
  step: Step<"plan">,
  changes: { readonly request?: Digest | undefined } = {},
): StoredPlan {
  moveRow(
    tx,
    "plan",
    getPlan(tx, id),
    step,
    changes.request === undefined ? {} : { request: changes.request },
  );
  if (step.to === "DROPPED" || step.to === "DEAD") run(tx, "DELETE FROM lease WHERE plan = ?", id);
  return getPlan(tx, id);
}

/** @throws PLAN_UNKNOWN */
export function getPlan(reader: Reader, id: Id): StoredPlan {
  const row = get<PlanTable>(reader, "SELECT * FROM plan WHERE id = ?", id);
  if (row !== undefined) return planOf(row);
  throw PLAN_UNKNOWN(`there is no plan ${id}`, { field: "plan", hint: "custody status" });
}

export function findPlanByDigest(reader: Reader, digest: Digest): StoredPlan | undefined {
  const row = get<PlanTable>(reader, "SELECT * FROM plan WHERE digest = ?", digest);
  return row === undefined ? undefined : planOf(row);
}

/** Plans that spend an output of a transaction of ours that no block held when they were built, the oldest first. */
export function childrenOf(reader: Reader, transaction: Digest): readonly StoredPlan[] {
  const sql =
    "SELECT plan.* FROM plan_parent AS p JOIN plan ON plan.id = p.plan WHERE p.txid = ? ORDER BY plan.seq";
  return all<PlanTable>(reader, sql, transaction).map(planOf);
}

// Those that an attempt of ours makes which no block holds.
function parentsAmong(tx: Tx, conflictKeys: readonly string[]): ReadonlySet<string> {
  const spent = conflictKeys.flatMap((key) => makerOf(key) ?? []);
  const sql = "SELECT txid FROM attempt WHERE txid = ? AND state <> 'FINAL'";
  return new Set(spent.filter((txid) => get(tx, sql, txid) !== undefined));
}

/** Every plan that was ever built over a conflict key, whatever has become of it: what was signed can be sent for ever. */
export function plansOver(reader: Reader, key: string): readonly Id[] {
  const sql = "SELECT plan FROM plan_conflict_key WHERE conflict_key = ?";
  return all<{ plan: Id }>(reader, sql, key).map(({ plan }) => plan);
}

/** What a plan settles, in its order. */
export function intentsOfPlan(reader: Reader, plan: Id): readonly PlanIntent[] {
  const sql = "SELECT * FROM plan_intent WHERE plan = ? ORDER BY place";
  return all<PlanIntentTable>(reader, sql, plan).map((row) => ({
    intent: row.intent,
    withdrawal: row.withdrawal ?? undefined,
    row: row.policy_row,
    units: BigInt(row.units),
  }));
}

/**
 * All plans that compete with `plan`, itself included, the oldest first: those whose places it took, and those that took
 * its own. A dropped one is not among them.
 */
export function lineOf(reader: Reader, plan: Id): readonly StoredPlan[] {
  const sql =
    "WITH RECURSIVE line (id) AS (SELECT ? UNION SELECT other.id FROM plan AS other, line, plan AS own" +
    " WHERE own.id = line.id AND (other.id = own.replaces OR other.replaces = own.id))" +
    " SELECT plan.* FROM plan JOIN line USING (id) WHERE plan.state <> 'DROPPED' ORDER BY plan.seq";
  return all<PlanTable>(reader, sql, plan).map(planOf);
}

/** Plans that settle `withdrawal`, the oldest first; dropped ones are not among them. */
export function plansOfWithdrawal(reader: Reader, withdrawal: Id): readonly StoredPlan[] {
  const sql =
    "SELECT plan.* FROM plan JOIN plan_intent AS i ON i.plan = plan.id WHERE i.withdrawal = ? AND plan.state <> 'DROPPED' ORDER BY plan.seq";
  return all<PlanTable>(reader, sql, withdrawal).map(planOf);
}

/** What plans since `from` pay and cost, for the windows of limits: each intent once, in the newest plan that has it. */
export function spendingsSince(reader: Reader, from: Instant, except: readonly Id[]): readonly Spending[] {
  const sql =
    "SELECT i.plan, i.place, i.policy_row, i.units, plan.state, plan.fee_units, plan.created FROM plan_intent AS i JOIN plan ON plan.id = i.plan" +
    " WHERE plan.created >= ? AND plan.state NOT IN ('DROPPED', 'DEAD')" +
    " AND NOT EXISTS (SELECT 1 FROM plan AS next WHERE next.replaces = plan.id AND next.state <> 'DROPPED') ORDER BY plan.seq, i.place";
  type Row = Pick<PlanIntentTable, "plan" | "place" | "policy_row" | "units"> &
    Pick<PlanTable, "state" | "fee_units" | "created">;
  const counted = all<Row>(reader, sql, from).filter(({ plan }) => !except.includes(plan));
  return counted.map((row) => ({
    row: row.policy_row,
    // A cancelled plan has cost its fee and paid nobody.
    units: row.state === "CANCELLED" ? 0n : BigInt(row.units),
    feeUnits: row.place === 0 ? BigInt(row.fee_units) : 0n,
    at: row.created,
  }));
}

/** Plans that may still settle, drafts among them, the oldest first. Each is read by itself: their snapshots are large. */
export function unsettledPlans(reader: Reader): readonly Id[] {
  const sql = "SELECT id FROM plan WHERE state IN ('DRAFT', 'EXPORTED', 'SIGNED', 'REPLACED') ORDER BY seq";
  return all<{ id: Id }>(reader, sql).map(({ id }) => id);
}

/** Plans, the oldest first. @throws PAGE_MALFORMED */
export function listPlans(
  reader: Reader,
  filter: { readonly state?: PlanState | undefined },
  page: Page<Id>,
): readonly StoredPlan[] {
  const after = placeAfter(reader, "plan", page.after);
  const kept = [where("seq", ">", after), where("state", "=", filter.state)];
  return pageOf<PlanTable>(reader, { select: "SELECT * FROM plan", order: "seq" }, kept, page).map(planOf);
}

/** Every conflict key that a plan has: coins that no other plan may offer. Those of `except` are not among them. */
export function leasedKeys(reader: Reader, except: readonly Id[] = []): ReadonlySet<string> {
  return new Set(
    all<{ conflict_key: string; plan: Id }>(reader, "SELECT conflict_key, plan FROM lease")
      .filter(({ plan }) => !except.includes(plan))
      .map((row) => row.conflict_key),
  );
}

function lease(tx: Tx, key: string, plan: Id, line: readonly Id[]): void {
  const taken = get<{ plan: Id }>(tx, "SELECT plan FROM lease WHERE conflict_key = ?", key);
  if (taken !== undefined && line.includes(taken.plan)) return;
  if (taken !== undefined) {
    throw CONFLICT_KEY_LEASED(`${key} is taken by plan ${taken.plan}`, {
      field: "conflictKeys",
      hint: "build again: another plan has taken this coin meanwhile",
      details: { conflictKey: key, plan: taken.plan },
    });
  }
  run(tx, "INSERT INTO lease (conflict_key, plan) VALUES (?, ?)", key, plan);
}

function planOf(row: PlanTable): StoredPlan {
  const { id, wallet, digest, state, version, created, updated } = row;
  return {
    id,
    wallet,
    digest,
    state,
    version,
    request: row.request ?? undefined,
    snapshot: new Uint8Array(row.snapshot),
    build: new Uint8Array(row.build),
    previous: new Uint8Array(row.previous),
    replaces: row.replaces ?? undefined,
    changeIndex: row.change_index ?? undefined,
    feeUnits: BigInt(row.fee_units),
    created,
    updated,
  };
}
