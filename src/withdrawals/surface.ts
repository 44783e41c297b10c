/**
 * The worst news: an attempt of a plan that people have declared dead is in a block all the same (failures F5, F10). The
 * plan is alive again, and what it pays is stopped if a later generation is under way: else it would be paid twice.
 */
import type { WithdrawalState } from "../core/states/edges.ts";
import type { AttemptRow, PlanRow, WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/** States in which it cannot be stopped any more: it is, it has ended, or the books have its payment. */
const BEYOND: ReadonlySet<WithdrawalState> = new Set(["COMPLETED", "REVOKING", "REJECTED", "CANCELLED"]);

/**
 * Brings a plan back from the dead, for `attempt` of it is in a block. A withdrawal that has a later generation by now is
 * stopped with a reason for ever: nothing builds, exports or sends it, and it is paid by this attempt alone.
 * @param back the state that the plan has without a winner
 */
export function surface<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  attempt: AttemptRow,
  back: "REPLACED" | "SIGNED" | "EXPORTED",
): void {
  const paying = attempt.kind === "rung";
  const event = paying ? "declared dead, but in a block" : "ended by its cancel rung";
  ports.movePlan(tx, plan.id, { version: plan.version, to: back, event });
  if (!paying) return;
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    if (!isSuperseded(ports, tx, plan, withdrawal) || BEYOND.has(withdrawal.state)) continue;
    const reason = `paid by transaction ${attempt.txid} of an earlier generation, whose plan ${plan.id} was declared dead`;
    stepWithdrawal(ports, tx, withdrawal, { to: "REVOKING", event: "paid by an earlier generation", reason });
  }
}

function isSuperseded<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  { id }: PlanRow,
  withdrawal: WithdrawalRow,
): boolean {
  return ports
    .intentsOfPlan(tx, id)
    .some((member) => member.withdrawal === withdrawal.id && member.intent !== withdrawal.intent);
}
