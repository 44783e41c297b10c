/**
 * Time is up: an intent whose end has passed before its plan left can never be signed, for every signer refuses it. It
 * does not wait for ever as if it could: a withdrawal is EXPIRED until it is asked for anew or called off, and its draft
 * plan gives its coins back. What has left is another matter: a signer may have signed it in time, so it is live (law 3).
 */
import type { Instant } from "../core/instant.ts";
import { stepMovement } from "../treasury/step.ts";
import { dropPlan } from "./export.ts";
import type { WithdrawalPorts } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/** Looked at in one transaction; the next pass takes the next. */
const DUE_MAX = 500;

export type ExpiredRow = { readonly entity: "withdrawal" | "movement"; readonly id: string };

/** Moves what is overdue at `now` to EXPIRED, at most `DUE_MAX` of each kind. */
export function expireDue<Tx>(ports: WithdrawalPorts<Tx>, tx: Tx, now: Instant): readonly ExpiredRow[] {
  const withdrawals = ports.overdueWithdrawals(tx, now, DUE_MAX).map(({ id }) => {
    const { state, plan } = ports.getWithdrawal(tx, id);
    if (state === "PLANNED" && plan !== undefined) dropPlan(ports, tx, ports.getPlan(tx, plan));
    stepWithdrawal(ports, tx, ports.getWithdrawal(tx, id), { type: "intent expired" });
    return { entity: "withdrawal", id } as const;
  });
  const movements = ports.overdueMovements(tx, now, DUE_MAX).map((movement) => {
    const drafts = ports.plansOfMovement(tx, movement).filter(({ state }) => state === "DRAFT");
    for (const draft of drafts) dropPlan(ports, tx, draft);
    stepMovement(ports, tx, ports.getMovement(tx, movement.id), { type: "intent expired" });
    return { entity: "movement", id: movement.id } as const;
  });
  return [...withdrawals, ...movements];
}
