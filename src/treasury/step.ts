/** Something happens to a movement: the one way in which a use case changes its state. */
import { movementTransition, type MovementEvent } from "../core/states/movement.ts";
import type { MovementPorts, MovementRow } from "./ports.ts";

/** Moves a movement as it was read. @throws STATE_CONFLICT */
export function stepMovement<Tx>(
  ports: Pick<MovementPorts<Tx>, "moveMovement">,
  tx: Tx,
  movement: MovementRow,
  event: MovementEvent,
): MovementRow {
  const { id, version } = movement;
  const { reason, ...to } = movementTransition(movement, event);
  return ports.moveMovement(tx, id, { version, ...to }, { reason });
}
