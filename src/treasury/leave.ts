/** A movement's plan leaves the machine, or is taken back before it has. */
import { declareError } from "../core/errors.ts";
import type { LifePorts } from "../withdrawals/ports.ts";
import type { PlanRow } from "../withdrawals/rows.ts";
import { stepMovement } from "./step.ts";
import { judgeMovement, movementEvidence, type JudgeAbout, type MovementEvidence } from "./evidence.ts";

export const MOVEMENT_NOT_ALLOWED = declareError(
  "MOVEMENT_NOT_ALLOWED",
  "denied",
  "A plan is for an intent of our own that is not allowed any more: the signer would refuse it.",
);

/** What a request carries for the movement of `plan`; undefined where the plan pays withdrawals. */
export function movementLeaving<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plan: PlanRow,
): MovementEvidence | undefined {
  const movement = ports.movementOfPlan(tx, plan.id);
  return movement === undefined ? undefined : movementEvidence(ports, tx, movement);
}

/** @throws MOVEMENT_NOT_ALLOWED */
export function assertMovementAllowed<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  about: JudgeAbout,
): void {
  const movement = ports.movementOfPlan(tx, plan.id);
  if (movement === undefined) return;
  const verdict = judgeMovement(ports, tx, movement, about);
  if (verdict.allowed && movement.reason === undefined) return;
  const why = verdict.allowed ? `it is ${movement.state}` : `${verdict.rule}: ${verdict.why}`;
  throw MOVEMENT_NOT_ALLOWED(`intent ${movement.id} is not allowed: ${why}`, {
    field: "plan",
    hint: `custody withdraw drop ${plan.id}`,
  });
}

/** A plan that has left is exported again only while its movement is wanted. @throws MOVEMENT_NOT_ALLOWED */
export function assertMovementWanted<Tx>(ports: LifePorts<Tx>, tx: Tx, plan: PlanRow): void {
  const movement = ports.movementOfPlan(tx, plan.id);
  if (movement?.reason === undefined) return;
  throw MOVEMENT_NOT_ALLOWED(`intent ${movement.id} is ${movement.state}: ${movement.reason}`, {
    field: "plan",
    hint: `custody intent show ${movement.id}`,
  });
}

/** The movement of `plan` follows it out, or back to where it was before it was planned. */
export function moveAlong<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  type: "exported" | "plan dropped",
): void {
  const movement = ports.movementOfPlan(tx, plan.id);
  if (movement?.state === "PLANNED") stepMovement(ports, tx, movement, { type });
}
