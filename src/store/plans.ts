import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { PlanState } from "../core/states/edges.ts";
import { moveRow, type Step } from "./move.ts";
import { from, pageLimit, placeAfter, rows, type Page } from "./query.ts";
import type { PlanTable } from "./schema.ts";
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

/**
 * Stores a plan as DRAFT and leases its conflict keys to it, in one transaction, so that no two plans offer the same
 * coin (F7, F9).
 * @throws CONFLICT_KEY_LEASED naming the plan that has it
 */
export function insertPlan(
  tx: Tx,
  plan: Pick<StoredPlan, "id" | "wallet" | "digest" | "snapshot" | "changeIndex" | "feeUnits">,
  conflictKeys: readonly string[],
): StoredPlan {
  const { id, wallet, digest, snapshot, changeIndex, feeUnits } = plan;
  const after = { changeIndex, conflictKeys, digest, feeUnits: feeUnits.toString(), state: "DRAFT", wallet };
  tx.audit({ entity: "plan", entityId: id, version: 1, event: "built", after });
  run(tx, INSERT, id, wallet, digest, snapshot, changeIndex ?? null, feeUnits.toString(), tx.now, tx.now);
  for (const key of conflictKeys) lease(tx, key, id);
  return getPlan(tx, id);
}

const INSERT =
  "INSERT INTO plan (id, wallet, digest, state, version, snapshot, change_index, fee_units, created, updated)" +
  " VALUES (?, ?, ?, 'DRAFT', 1, ?, ?, ?, ?, ?)";

/**
 * Moves a plan along an edge. A plan that is DROPPED gives its conflict keys back; it never left the machine.
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
  if (step.to === "DROPPED") run(tx, "DELETE FROM lease WHERE plan = ?", id);
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

/** Plans, the oldest first. @throws PAGE_MALFORMED */
export function listPlans(
  reader: Reader,
  filter: { readonly state?: PlanState | undefined },
  page: Page<Id>,
): readonly StoredPlan[] {
  const start = from
    .selectFrom("plan")
    .selectAll()
    .where("seq", ">", placeAfter(reader, "plan", page.after));
  const query = filter.state === undefined ? start : start.where("state", "=", filter.state);
  return rows(reader, query.orderBy("seq").limit(pageLimit(page))).map(planOf);
}

/** Every conflict key that a plan has: coins that no other plan may offer. */
export function leasedKeys(reader: Reader): ReadonlySet<string> {
  return new Set(
    all<{ conflict_key: string }>(reader, "SELECT conflict_key FROM lease").map((row) => row.conflict_key),
  );
}

function lease(tx: Tx, key: string, plan: Id): void {
  const taken = get<{ plan: Id }>(tx, "SELECT plan FROM lease WHERE conflict_key = ?", key);
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
    changeIndex: row.change_index ?? undefined,
    feeUnits: BigInt(row.fee_units),
    created,
    updated,
  };
}
