/** Something happens to a withdrawal, a plan or an attempt: the one way in which a use case changes its state. */
import type { Payment } from "../core/ledger.ts";
import { attemptTransition, type AttemptEvent } from "../core/states/attempt.ts";
import type { Settlement } from "../core/states/holds.ts";
import { planTransition, type PlanEvent } from "../core/states/plan.ts";
import type { WithdrawalEvent } from "../core/states/withdrawal-events.ts";
import { withdrawalTransition } from "../core/states/withdrawal.ts";
import type { WithdrawalPorts } from "./ports.ts";
import type { AttemptRow, PlanRow, WithdrawalRow } from "./rows.ts";

/**
 * Moves a withdrawal as it was read, and books what that means for its hold.
 * @param settlement where it becomes COMPLETED or FAILED_ONCHAIN, or stops being so
 * @throws STATE_CONFLICT
 */
export function stepWithdrawal<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "post" | "moveWithdrawal">,
  tx: Tx,
  withdrawal: WithdrawalRow,
  event: WithdrawalEvent,
  settlement?: Settlement,
): WithdrawalRow {
  const { id, version } = withdrawal;
  const step = withdrawalTransition(withdrawal, event, paymentOf(withdrawal), settlement);
  for (const posting of step.postings) ports.post(tx, posting);
  return ports.moveWithdrawal(tx, id, { version, to: step.to, event: step.event }, step.changes);
}

/** What the ledger needs to know of a withdrawal. */
export function paymentOf({ id, customer, amount }: WithdrawalRow): Payment {
  return { withdrawal: id, customer, asset: amount.asset, units: amount.units };
}

/** Moves a plan as it was read. @throws STATE_CONFLICT */
export function stepPlan<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "movePlan">,
  tx: Tx,
  plan: Pick<PlanRow, "id" | "state" | "version">,
  event: PlanEvent,
  changes: Parameters<WithdrawalPorts<Tx>["movePlan"]>[3] = {},
): PlanRow {
  const { version } = plan;
  return ports.movePlan(tx, plan.id, { version, ...planTransition(plan, event) }, changes);
}

/** Moves an attempt as it was read; `followAttempt` moves with it what stands or falls with it. @throws STATE_CONFLICT */
export function stepAttempt<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "moveAttempt">,
  tx: Tx,
  attempt: AttemptRow,
  event: AttemptEvent,
  changes: Parameters<WithdrawalPorts<Tx>["moveAttempt"]>[3] = {},
): AttemptRow {
  const { version } = attempt;
  return ports.moveAttempt(tx, attempt.id, { version, ...attemptTransition(attempt, event) }, changes);
}
