/** The one way in which a row with states moves: along an edge, one version on, with its audit row written first (I9). */
import type { JsonObject } from "../core/canonical.ts";
import type { Id } from "../core/identifier.ts";
import { assertEdge, STATE_CONFLICT, type Entity, type StateOf } from "../core/states/edges.ts";
import { run, type Value } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** The row as it was read. */
export type Standing<E extends Entity> = {
  readonly id: Id;
  readonly state: StateOf[E];
  readonly version: number;
};

/** A step: the version that the caller decided on, where to, and what it is called in the audit log. */
export type Step<E extends Entity> = {
  readonly version: number;
  readonly to: StateOf[E];
  readonly event: string;
};

/** Columns that change with the state. Names come from code only. */
export type Columns = Readonly<Record<string, Value>>;

/**
 * Moves a row. The version stops a caller that decided on an older state of it, the conditional update a second one
 * that read the same state (F1: two workers both saw READY, both paid).
 * @throws STATE_CONFLICT
 */
export function moveRow<E extends Entity>(
  tx: Tx,
  entity: E,
  row: Standing<E>,
  step: Step<E>,
  columns: Columns = {},
): void {
  const { id, state, version } = row;
  if (version !== step.version) throw stale(entity, id, `has version ${version}, not ${step.version}`);
  assertEdge(entity, id, state, step.to);
  tx.audit({
    entity,
    entityId: id,
    version: version + 1,
    event: step.event,
    before: { state },
    after: { ...audited(columns), state: step.to },
  });
  const names = Object.keys(columns);
  const assignments = ["state = ?", "version = ?", "updated = ?", ...names.map((name) => `${name} = ?`)].join(
    ", ",
  );
  const sql = `UPDATE ${entity} SET ${assignments} WHERE id = ? AND state = ? AND version = ?`;
  const values = [
    step.to,
    version + 1,
    tx.now,
    ...names.map((name) => columns[name] as Value),
    id,
    state,
    version,
  ];
  if (run(tx, sql, ...values) !== 1) throw stale(entity, id, "was changed by another program meanwhile");
}

function audited(columns: Columns): JsonObject {
  const set = Object.entries(columns).filter(
    ([, value]) => typeof value === "string" || typeof value === "number",
  );
  return Object.fromEntries(set) as JsonObject;
}

function stale(entity: Entity, id: Id, why: string) {
  return STATE_CONFLICT(`${entity} ${id} ${why}`, {
    field: `${entity}.version`,
    hint: "look at it again, then repeat the step if it still makes sense",
    details: { entity, id },
  });
}
