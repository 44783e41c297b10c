/**
 * The worst news: what is superseded may be paid after all (failures F5, F10). An attempt of a plan that people have declared
 * dead is in a block all the same, or a reorganisation has taken back what had killed it. What it pays is stopped if a later
 * generation is under way: else it would be paid twice.
 */
import type { PlanStanding, PlanState } from "../../core/states/plan.ts";
import { ENDED, type WithdrawalState } from "../../core/states/withdrawal.ts";
import type { AttemptRow, PlanRow, WithdrawalPorts, WithdrawalRow } from "../ports.ts";
import { stepPlan, stepWithdrawal } from "../step.ts";

/** States in which it need not or cannot be stopped: it is, it has ended, or the books have its payment. */
const BEYOND: ReadonlySet<WithdrawalState> = new Set(["COMPLETED", "REVOKING", "BLOCKED", ...ENDED]);

/** Of plans that have left the machine, and may settle. */
const ALIVE: ReadonlySet<PlanState> = new Set(["EXPORTED", "SIGNED", "REPLACED"]);

/**
 * Brings a plan back from the dead, for `attempt` of it is in a block.
 * @param back the state that the plan has without a winner
 */
export function surface<Tx>(
  ports: WithdrawalPorts<Tx>,
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
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  { plan, txid }: Pick<AttemptRow, "plan" | "txid">,
): void {
  for (const withdrawal of ports.withdrawalsOf(tx, plan)) {
    if (!isSuperseded(ports, tx, plan, withdrawal) || BEYOND.has(withdrawal.state)) continue;
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
    .find(({ id, state }) => ALIVE.has(state) && !line.has(id));
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
