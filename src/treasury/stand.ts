/** Where a movement stands: where the best attempt of its plans is, and what the books say of it once that is final. */
import { feeAsset } from "../core/asset.ts";
import { UNEXPORTED } from "../core/states/stages.ts";
import type { Id } from "../core/identifier.ts";
import { postMove, postUnmove, type Moved } from "../core/ledger.ts";
import { MOVEMENT_ENDED, movementPlace, type MovementState } from "../core/states/movement.ts";
import type { LifePorts } from "../withdrawals/ports.ts";
import type { AttemptRow, PlanRow } from "../withdrawals/rows.ts";
import { paidFor, standingOf } from "../withdrawals/stand.ts";
import type { MovementRow } from "./ports.ts";
import { stepMovement } from "./step.ts";

/** It stands where people have put it: no plan of it has left the machine, or it has ended. */
const STILL: ReadonlySet<MovementState> = new Set([...UNEXPORTED, ...MOVEMENT_ENDED]);

/**
 * Moves the movements of `plans` to where their attempts are.
 * @param moved the attempt that has just moved
 * @returns them as they stand now
 */
export function standMovements<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plans: readonly Pick<PlanRow, "id">[],
  event: string,
  moved?: Pick<AttemptRow, "feeUnits" | "effect">,
): readonly MovementRow[] {
  const movements = new Map<Id, MovementRow>();
  for (const { id } of plans) {
    const movement = ports.movementOfPlan(tx, id);
    if (movement !== undefined) movements.set(movement.id, movement);
  }
  return [...movements.values()].map((movement) => stand(ports, tx, movement, event, moved));
}

// What is not wanted any more follows only into a block; it ends once nothing of it can settle (`endIfClosed`).
function stand<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  event: string,
  moved: Pick<AttemptRow, "feeUnits" | "effect"> | undefined,
): MovementRow {
  const { type, state } = movement;
  const plans = ports.plansOfMovement(tx, movement);
  // One that has expired before it was planned has no attempts to follow.
  if (STILL.has(state) || plans.length === 0) return movement;
  const stands = standingOf(ports, tx, plans);
  // Nothing is owed by a movement: one that had no effect is asked for anew.
  const at = stands === "FAILED_ONCHAIN" ? "EXPIRED" : stands;
  const to = movementPlace(movement, at);
  if (to === state) return movement;
  // A message moves nothing, so that there is nothing to book.
  if (to === "COMPLETED" && type !== "attest") ports.post(tx, postMove(bookedOf(movement, moved)));
  if (state === "COMPLETED") ports.post(tx, postUnmove(bookedOf(movement, moved)));
  return stepMovement(ports, tx, movement, { type: "stands", at, why: event });
}

function bookedOf(
  { id: movement, wallet, destination, asset, units }: MovementRow,
  moved: Pick<AttemptRow, "feeUnits" | "effect"> | undefined,
): Moved {
  const feeUnits = moved === undefined || feeAsset(asset) !== asset ? 0n : paidFor(moved);
  return { movement, wallet, destination, asset, units, feeUnits };
}
