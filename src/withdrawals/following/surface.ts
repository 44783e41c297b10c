/**
 * The worst news: what is superseded may be paid after all (failures F5, F10). An attempt of a plan that people have declared
 * dead is in a block all the same, or a reorganisation has taken back what had killed it. What it pays is stopped if a later
 * generation is under way: else it would be paid twice.
 */
import { PLAN_OUT, type PlanStanding } from "../../core/states/plan.ts";
import { STOPPABLE } from "../../core/states/withdrawal.ts";
import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { AttemptRow, PlanRow, WithdrawalRow } from "../rows.ts";
import { stepPlan, stepWithdrawal } from "../step.ts";

/**
 * Brings a plan back from the dead, for `attempt` of it is in a block.
 * @param back the state that the plan has without a winner
 */
export function surface<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { kind }: AttemptRow,
  back: PlanStanding,
): void {
  const event = kind === "rung" ? "declared dead, but in a block" : "ended by its cancel rung";
  stepPlan(ports, tx, plan, { type: "stands", at: back, why: event });
}

/**
 * A block holds `attempt`, a rung. A withdrawal that it pays and that has a later generation by now is stopped with a reason
 * for ever: nothing builds, exports or sends it, and it is paid by this attempt alone.
 */
export function stopSuperseded<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  { plan, txid }: Pick<AttemptRow, "plan" | "txid">,
): void {
  for (const withdrawal of ports.withdrawalsOf(tx, plan)) {
    if (!isSuperseded(ports, tx, plan, withdrawal) || !STOPPABLE.has(withdrawal.state)) continue;
    const reason = `paid by transaction ${txid} of an earlier generation, whose plan ${plan} was declared dead`;
    stepWithdrawal(ports, tx, withdrawal, { type: "paid by an earlier generation", reason });
  }
}

/**
 * A plan of another line than `plan` that may settle what this one pays. A later generation is built when all before it
 * are dead; a reorganisation that takes back what has killed one, its own cancel rung say, revives it.
 */
export function revivedBeside<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "lineOf" | "plansOfWithdrawal">,
  tx: Tx,
  plan: PlanRow["id"],
  withdrawals: readonly Pick<WithdrawalRow, "id">[],
): PlanRow | undefined {
  const line = new Set(ports.lineOf(tx, plan).map(({ id }) => id));
  return withdrawals
    .flatMap(({ id }) => ports.plansOfWithdrawal(tx, id))
    .find(({ id, state }) => PLAN_OUT.has(state) && !line.has(id));
}

/** Whether `plan` pays an earlier generation of `withdrawal` than its newest. */
export function isSuperseded<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "intentsOfPlan">,
  tx: Tx,
  plan: PlanRow["id"],
  withdrawal: Pick<WithdrawalRow, "id" | "intent">,
): boolean {
  return ports
    .intentsOfPlan(tx, plan)
    .some((member) => member.withdrawal === withdrawal.id && member.intent !== withdrawal.intent);
}
