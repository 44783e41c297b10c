/**
 * Where a withdrawal stands: where the best attempt that pays it stands. Several compete (rungs, and plans that took each
 * other's place), of which at most one settles (I5), so none of them alone says it (failure F6).
 */
import { assert } from "../core/errors.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import type { AttemptState, PlanState } from "../core/states/edges.ts";
import type { Settlement } from "../core/states/holds.ts";
import type { AttemptRow, PlanRow, WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/** From the best to the worst. */
const BEST_FIRST: readonly AttemptState[] = [
  "FINAL",
  "CONFIRMING",
  "BROADCAST",
  "BROADCASTING",
  "UNCERTAIN",
  "SIGNED",
];

/** Plans of which nothing is to be expected any more. */
const OVER: ReadonlySet<PlanState> = new Set(["SETTLED", "CANCELLED", "DEAD"]);

/** Before a plan has left, its withdrawals stand where people have put them. */
export const WAITING: ReadonlySet<WithdrawalState> = new Set([
  "REQUESTED",
  "PENDING_APPROVAL",
  "COOLING",
  "READY",
  "PLANNED",
]);

/**
 * Moves a withdrawal to where its attempts are, if it is elsewhere. What is revoked follows only into a block: it is paid
 * because it won the race, or stays REVOKING. What has ended stays: a payment of it is for the watcher to cry about.
 * @param settlement of the attempt that has just become final, or has just stopped being so
 */
export function stand<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  event: string,
  settlement?: Settlement,
): WithdrawalRow {
  const { state, reason } = withdrawal;
  if (WAITING.has(state) || state === "REJECTED" || state === "CANCELLED") return withdrawal;
  const due = standingOf(ports, tx, ports.plansOfWithdrawal(tx, withdrawal.id));
  const included = due === "CONFIRMING" || due === "COMPLETED";
  const to = reason !== undefined && !included ? "REVOKING" : due;
  if (to === state) return withdrawal;
  return stepWithdrawal(ports, tx, withdrawal, { to, event }, settlement);
}

/** Where what `planned` settles stands. Where nothing complete is known, the export has put it. */
export function standingOf<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  planned: readonly PlanRow[],
): Exclude<WithdrawalState, "REQUESTED"> {
  const plans = planned.filter(({ state }) => state !== "DRAFT");
  const paying = plans.flatMap((plan) => ports.attemptsOf(tx, plan.id)).filter(({ kind }) => kind === "rung");
  const best = BEST_FIRST.find((state) => paying.some((attempt) => attempt.state === state));
  if (best === "FINAL") return "COMPLETED";
  if (best === "CONFIRMING") return best;
  if (plans.length > 0 && plans.every(({ state }) => OVER.has(state))) return "EXPIRED";
  return best ?? "EXPORTED";
}

/** The withdrawal that `attempt` pays at `place`, or undefined when it pays nobody. */
export function paysAt<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  { plan, kind }: AttemptRow,
  withdrawal: WithdrawalRow,
): { readonly place: number; readonly count: number } | undefined {
  const intents = ports.intentsOfPlan(tx, plan);
  const place = intents.findIndex((intent) => intent.withdrawal === withdrawal.id);
  assert(intents.length > 0, "a plan has intents");
  return kind === "cancel" || place < 0 ? undefined : { place, count: intents.length };
}
