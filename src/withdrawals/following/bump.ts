/** A signed plan is to be sped up or ended: its next rung, or its cancel rung, is wanted on the network. */
import { cancelOf, currentPlace, isBeingEnded, rungsOf } from "../../chains/attempts.ts";
import { declareError } from "../../core/errors.ts";
import type { LifePorts } from "../ports.ts";
import type { FollowingPorts } from "./ports.ts";
import type { AttemptRow, PlanRow } from "../rows.ts";

export const NO_DEARER_RUNG = declareError(
  "NO_DEARER_RUNG",
  "conflict",
  "A plan has no complete rung above the one that is wanted already.",
);
export const PLAN_NOT_SIGNED = declareError(
  "PLAN_NOT_SIGNED",
  "conflict",
  "A plan is not signed, is replaced, or is over: none of its attempts is to be sent.",
);

/**
 * Marks the attempt to send next; the watcher sends it. What was sent before stays live until one of them is final.
 * @param cancel the cancel rung, which pays only ourselves and ends the plan when it wins
 * @throws PLAN_NOT_SIGNED, NO_DEARER_RUNG
 */
export function bumpPlan<Tx>(
  ports: LifePorts<Tx> & FollowingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { cancel }: { readonly cancel: boolean },
): AttemptRow {
  return ports.wantAttempt(tx, nextAttempt(ports, tx, plan, { cancel }).id);
}

/** The attempt that `bumpPlan` would mark. @throws PLAN_NOT_SIGNED, NO_DEARER_RUNG */
export function nextAttempt<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { cancel }: { readonly cancel: boolean },
): AttemptRow {
  if (plan.state !== "SIGNED") {
    throw PLAN_NOT_SIGNED(`plan ${plan.id} is ${plan.state}`, {
      field: "plan.state",
      hint: "custody status",
    });
  }
  const attempts = ports.attemptsOf(tx, plan.id);
  const rungs = rungsOf(attempts);
  const dearer = isBeingEnded(attempts) ? undefined : rungs[currentPlace(rungs) + 1];
  const next = cancel ? cancelOf(attempts) : dearer;
  if (next !== undefined) return next;
  const why = cancel ? "no complete cancel rung" : "no complete rung above the one that is wanted already";
  throw NO_DEARER_RUNG(`plan ${plan.id} has ${why}`, {
    field: "plan",
    hint: `${anotherWay(ports, tx, plan)}   (docs/runbooks/stuck-fee.md)`,
  });
}

// What moves our own coins is ended by bringing them back; a consolidation has done its work then.
function anotherWay<Tx>(ports: LifePorts<Tx>, tx: Tx, { id, wallet }: PlanRow): string {
  return ports.movementOfPlan(tx, id) === undefined
    ? `custody withdraw build --wallet ${wallet} --replace ${id} --rates RATES`
    : `custody intent new --type cancel --plan ${id}`;
}
