/** What intents of our own need of a store, beside what withdrawals need; `Tx` is opaque here. */
import type { AssetId } from "../core/asset.ts";
import type { Digest } from "../core/digest.ts";
import type { MovementType } from "../core/documents/intent-types.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { MovementState } from "../core/states/edges.ts";
import type { PlanRow } from "../withdrawals/rows.ts";

/** An intent that is no customer's, on its way. */
export type MovementRow = {
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
};

export type MovementPorts<Tx> = {
  insertMovement(tx: Tx, movement: Omit<MovementRow, "state" | "reason" | "version">): MovementRow;
  getMovement(tx: Tx, id: Id): MovementRow;
  findMovement(tx: Tx, id: Id): MovementRow | undefined;
  findMovementByIntent(tx: Tx, intent: Digest): MovementRow | undefined;
  /** The movement that a plan settles; undefined where it pays withdrawals. */
  movementOfPlan(tx: Tx, plan: Id): MovementRow | undefined;
  plansOfMovement(tx: Tx, movement: Pick<MovementRow, "intent">): readonly PlanRow[];
  moveMovement(
    tx: Tx,
    id: Id,
    step: { readonly version: number; readonly to: MovementState; readonly event: string },
    changes?: { readonly reason?: string | undefined },
  ): MovementRow;
  insertMovementDecision(
    tx: Tx,
    movement: Id,
    decision: { readonly kind: string; readonly digest: Digest; readonly content: Digest },
  ): void;
  movementDecisionsOf(tx: Tx, movement: Id, kind: string): readonly Digest[];
};
