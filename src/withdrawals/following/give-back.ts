import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";
import { stepPlan } from "../step.ts";

/**
 * A plan whose place another had taken has it back, once nothing that took it can settle any more: what was dropped never
 * left, and what is DEAD stays so while nobody's coins come back (a reorganisation that revives it is `follow.ts`').
 */
export function giveBack<Tx>(ports: LifePorts<Tx>, tx: Tx, before: PlanRow, why: string): void {
  const taken = ports
    .lineOf(tx, before.id)
    .some(({ replaces, state }) => replaces === before.id && state !== "DEAD");
  if (before.state !== "REPLACED" || taken) return;
  stepPlan(ports, tx, before, { type: "stands", at: standingAlone(ports, tx, before), why });
}

/** The state of an exported plan that nothing has replaced. */
export function standingAlone<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">,
  tx: Tx,
  { id }: PlanRow,
): "SIGNED" | "EXPORTED" {
  return ports.attemptsOf(tx, id).length > 0 ? "SIGNED" : "EXPORTED";
}
