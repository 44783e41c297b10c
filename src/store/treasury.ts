import type { AssetId } from "../core/asset.ts";
import type { Digest } from "../core/digest.ts";
import type { MovementType } from "../core/documents/intent-types.ts";
import { declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { MovementState } from "../core/states/edges.ts";
import { moveRow, type Step } from "./move.ts";
import { getPlan, type StoredPlan } from "./plans.ts";
import { pageOf, placeAfter, where, type Page } from "./page.ts";
import type { MovementTable } from "./schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** An intent that is no customer's, on its way. */
export type Movement = {
  readonly id: Id;
  readonly type: MovementType;
  readonly wallet: Name;
  /** Of a transfer. */
  readonly destination: Name | undefined;
  /** Of a cancel: the plan whose coins come back. */
  readonly target: Id | undefined;
  /** Of a consolidation: the waiting plan whose change it spends, so that both are mined (CPFP). */
  readonly childOf: Id | undefined;
  readonly asset: AssetId;
  readonly units: bigint;
  readonly intent: Digest;
  /** When its intent ends. */
  readonly expires: Instant | undefined;
  readonly state: MovementState;
  /** Why it is not wanted any more. */
  readonly reason: string | undefined;
  readonly version: number;
  readonly created: Instant;
  readonly updated: Instant;
};

export type NewMovement = Pick<
  Movement,
  "id" | "type" | "wallet" | "destination" | "target" | "childOf" | "asset" | "units" | "intent" | "expires"
>;

export const MOVEMENT_UNKNOWN = declareError(
  "MOVEMENT_UNKNOWN",
  "notFound",
  "There is no intent of our own with this id.",
);

/** Stores a movement as PENDING_APPROVAL. */
export function insertMovement(tx: Tx, movement: NewMovement): Movement {
  const { id, type, wallet, destination, target, childOf, asset, intent, expires } = movement;
  const units = movement.units.toString();
  const state = "PENDING_APPROVAL";
  const after = { asset, childOf, destination, intent, state, target, type, units, wallet };
  tx.audit({ entity: "movement", entityId: id, version: 1, event: "asked for", after });
  const sql =
    "INSERT INTO movement (id, type, wallet, destination, target, child_of, asset, units, intent, expires, state, version, created, updated)" +
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)";
  const optional = [destination ?? null, target ?? null, childOf ?? null];
  const values = [id, type, wallet, ...optional, asset, units, intent, expires ?? null, state];
  run(tx, sql, ...values, tx.now, tx.now);
  return getMovement(tx, id);
}

/** Moves a movement along an edge. @throws MOVEMENT_UNKNOWN, STATE_CONFLICT */
export function moveMovement(
  tx: Tx,
  id: Id,
  step: Step<"movement">,
  changes: { readonly reason?: string | undefined } = {},
): Movement {
  const columns = changes.reason === undefined ? {} : { reason: changes.reason };
  moveRow(tx, "movement", getMovement(tx, id), step, columns);
  return getMovement(tx, id);
}

/** @throws MOVEMENT_UNKNOWN */
export function getMovement(reader: Reader, id: Id): Movement {
  const found = findMovement(reader, id);
  if (found !== undefined) return found;
  throw MOVEMENT_UNKNOWN(`there is no intent ${id} of our own`, { field: "id", hint: "custody intent list" });
}

export function findMovement(reader: Reader, id: Id): Movement | undefined {
  const row = get<MovementTable>(reader, "SELECT * FROM movement WHERE id = ?", id);
  return row === undefined ? undefined : movementOf(row);
}

export function findMovementByIntent(reader: Reader, intent: Digest): Movement | undefined {
  const row = get<MovementTable>(reader, "SELECT * FROM movement WHERE intent = ?", intent);
  return row === undefined ? undefined : movementOf(row);
}

/** The movement that a plan settles; undefined where it pays withdrawals. */
export function movementOfPlan(reader: Reader, plan: Id): Movement | undefined {
  const sql = "SELECT m.* FROM movement AS m JOIN plan_intent AS i ON i.intent = m.intent WHERE i.plan = ?";
  const row = get<MovementTable>(reader, sql, plan);
  return row === undefined ? undefined : movementOf(row);
}

/** Plans that settle a movement, the oldest first; dropped ones are not among them. */
export function plansOfMovement(reader: Reader, { intent }: Pick<Movement, "intent">): readonly StoredPlan[] {
  const sql =
    "SELECT plan.id FROM plan JOIN plan_intent AS i ON i.plan = plan.id WHERE i.intent = ? AND plan.state <> 'DROPPED' ORDER BY plan.seq";
  return all<{ id: Id }>(reader, sql, intent).map(({ id }) => getPlan(reader, id));
}

/** Movements, the oldest first. @throws PAGE_MALFORMED */
export function listMovements(
  reader: Reader,
  filter: { readonly state?: MovementState | undefined },
  page: Page<Id>,
): readonly Movement[] {
  const after = placeAfter(reader, "movement", page.after);
  const kept = [where("seq", ">", after), where("state", "=", filter.state)];
  return pageOf<MovementTable>(reader, { select: "SELECT * FROM movement", order: "seq" }, kept, page).map(
    movementOf,
  );
}

/** How many movements stand in each state; states without any are left out. */
export function countMovements(reader: Reader): ReadonlyMap<MovementState, number> {
  const counted = all<{ state: MovementState; count: number }>(
    reader,
    "SELECT state, count(*) AS count FROM movement GROUP BY state ORDER BY state",
  );
  return new Map(counted.map(({ state, count }) => [state, count]));
}

/** Ties a stored document to a movement that it is about. The same one again changes nothing. */
export function insertMovementDecision(
  tx: Tx,
  movement: Id,
  decision: { readonly kind: string; readonly digest: Digest; readonly content: Digest },
): void {
  const { kind, digest, content } = decision;
  const subject = `${content}:${movement}`;
  if (get(tx, "SELECT 1 FROM movement_decision WHERE subject = ?", subject) !== undefined) return;
  tx.audit({
    entity: "decision",
    entityId: subject,
    version: 1,
    event: "received",
    after: { digest, kind, movement },
  });
  const sql =
    "INSERT INTO movement_decision (subject, content, movement, kind, digest, at) VALUES (?, ?, ?, ?, ?, ?)";
  run(tx, sql, subject, content, movement, kind, digest, tx.now);
}

/** Digests of the documents of `kind` about a movement, for `findDocuments`. */
export function movementDecisionsOf(reader: Reader, movement: Id, kind: string): readonly Digest[] {
  const sql = "SELECT DISTINCT digest FROM movement_decision WHERE movement = ? AND kind = ? ORDER BY digest";
  return all<{ digest: Digest }>(reader, sql, movement, kind).map(({ digest }) => digest);
}

function movementOf(row: MovementTable): Movement {
  const { seq: _, units, destination, target, child_of, expires, reason, ...plain } = row;
  return {
    ...plain,
    expires: expires ?? undefined,
    units: BigInt(units),
    destination: destination ?? undefined,
    target: target ?? undefined,
    childOf: child_of ?? undefined,
    reason: reason ?? undefined,
  };
}
