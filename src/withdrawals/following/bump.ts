/** A signed plan is to be sped up or ended: its next rung, or its cancel rung, is wanted on the network. */
import { declareError } from "../../core/errors.ts";
import type { AttemptRow, PlanRow, WithdrawalPorts } from "../ports.ts";

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

/** Whether an attempt is on its way, or somebody wants it to be. */
export const isInPlay = ({ state, wanted }: Pick<AttemptRow, "state" | "wanted">): boolean =>
  state !== "SIGNED" || wanted !== undefined;

/**
 * Marks the attempt to send next; the watcher sends it. What was sent before stays live until one of them is final.
 * @param cancel the cancel rung, which pays only ourselves and ends the plan when it wins
 * @throws PLAN_NOT_SIGNED, NO_DEARER_RUNG
 */
export function bumpPlan<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { cancel }: { readonly cancel: boolean },
): AttemptRow {
  return ports.wantAttempt(tx, nextAttempt(ports, tx, plan, { cancel }).id);
}

/** The attempt that `bumpPlan` would mark. @throws PLAN_NOT_SIGNED, NO_DEARER_RUNG */
export function nextAttempt<Tx>(
  ports: WithdrawalPorts<Tx>,
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
  const ending = attempts.find(({ kind }) => kind === "cancel");
  if (cancel && ending !== undefined) return ending;
  const rungs = attempts.filter(({ kind }) => kind === "rung");
  // The cheapest is sent without being asked for.
  const current = Math.max(rungs[0]?.rung ?? -1, ...rungs.filter(isInPlay).map(({ rung }) => rung));
  const next = rungs.find(({ rung }) => rung > current);
  if (!cancel && next !== undefined && !(ending !== undefined && isInPlay(ending))) return next;
  const why = cancel ? "no complete cancel rung" : "no complete rung above the one that is wanted already";
  throw NO_DEARER_RUNG(`plan ${plan.id} has ${why}`, {
    field: "plan",
    hint: `${dearer(ports, tx, plan)}   (docs/runbooks/stuck-fee.md)`,
  });
}

// What moves our own coins is ended by bringing them back; a consolidation has done its work then.
function dearer<Tx>(ports: WithdrawalPorts<Tx>, tx: Tx, { id, wallet }: PlanRow): string {
  return ports.movementOfPlan(tx, id) === undefined
    ? `custody withdraw build --wallet ${wallet} --replace ${id} --rates RATES`
    : `custody intent new --type cancel --plan ${id}`;
}
