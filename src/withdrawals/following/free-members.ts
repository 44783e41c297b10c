import { moveAlong } from "../../treasury/leave.ts";
import type { LifePorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";
import { stepWithdrawal } from "../step.ts";

/** What a draft was to settle is ready again: it never left, and its plan is dropped, by people or because it lost. */
export function freeMembers<Tx>(ports: LifePorts<Tx>, tx: Tx, plan: PlanRow): void {
  moveAlong(ports, tx, plan, "plan dropped");
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    if (withdrawal.state === "PLANNED") stepWithdrawal(ports, tx, withdrawal, { type: "plan dropped" });
  }
}
