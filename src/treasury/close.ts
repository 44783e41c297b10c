/**
 * A movement that is not wanted any more comes to its end (law 3): once nothing of it has left, or all that has left is
 * dead, or so many signers have closed its family that the others cannot complete an attempt.
 */
import { VOID, type VoidDocument } from "../core/documents/void.ts";
import type { Policy, PolicyDocument } from "../core/policy/policy.ts";
import { buryClosed, closedBy, openFamily, type Closing } from "../withdrawals/ending/closure.ts";
import type { LifePorts, WithdrawalPorts } from "../withdrawals/ports.ts";
import type { DecidingPorts } from "../withdrawals/deciding/ports.ts";
import { standingOf } from "../withdrawals/stand.ts";
import { keepVoid } from "../withdrawals/ending/void.ts";
import { movementEvidence } from "./evidence.ts";
import type { MovementPorts, MovementRow } from "./ports.ts";
import { stepMovement } from "./step.ts";

export type MovementVoided = {
  readonly movement: MovementRow;
  /** What its end still waits for; undefined when it has ended, or when nobody wants that. */
  readonly open: string | undefined;
};

/**
 * Stores a void of a movement's family. One that is REVOKING ends with it once law 3 is met.
 * @throws VOID_UNFOUNDED, VOID_UNSIGNED
 */
export function importMovementVoid<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  document: VoidDocument,
  { policy }: { readonly policy: PolicyDocument },
): MovementVoided {
  const intent = movementEvidence(ports, tx, movement).intent.body;
  const content = keepVoid(ports, tx, document, { intent, policy });
  ports.insertMovementDecision(tx, movement.id, { kind: VOID.kind, digest: document.digest, content });
  const after = endIfClosed(ports, tx, movement, policy.body);
  return { movement: after, open: after.state === "REVOKING" ? openMovement(ports, tx, after) : undefined };
}

/** Ends a movement that is REVOKING, once nothing signed for it can settle; its coins are free then. */
export function endIfClosed<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  policy: Policy,
): MovementRow {
  if (movement.state !== "REVOKING" || openMovement(ports, tx, movement) !== undefined) return movement;
  const type = closedBy(policy, movementEvidence(ports, tx, movement));
  const ended = stepMovement(ports, tx, movement, { type });
  buryClosed(ports, tx, ports.plansOfMovement(tx, movement));
  return ended;
}

/** Why something of a movement may still settle; undefined when nothing can. */
export function openMovement<Tx>(
  ports: Closing<Tx> &
    Pick<MovementPorts<Tx>, "movementDecisionsOf" | "plansOfMovement"> &
    Pick<WithdrawalPorts<Tx>, "mayLackRows">,
  tx: Tx,
  movement: MovementRow,
): string | undefined {
  const plans = ports.plansOfMovement(tx, movement).filter(({ state }) => state !== "DRAFT");
  const dead = plans.length === 0 || standingOf(ports, tx, plans) === "EXPIRED";
  // Of one that may lack rows another plan may have left the machine, which nothing here tells of (F9).
  if (dead && !ports.mayLackRows(tx, "movement", movement.id)) return undefined;
  return openFamily(ports, tx, {
    intent: movementEvidence(ports, tx, movement).intent.body,
    voids: ports.movementDecisionsOf(tx, movement.id, VOID.kind),
    plans,
  });
}
