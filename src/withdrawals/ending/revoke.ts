/**
 * A withdrawal is not wanted any more. Before a quorum has approved, its hold is released at will; after that the intent
 * is live, and no row in a database calls it back (law 3): it is REVOKING until enough signers have closed its family and
 * all that they have signed for it is dead, or it is paid because it won the race.
 */
import { VOID } from "../../core/documents/void.ts";
import { ENDS_AT_ONCE, REVOCABLE } from "../../core/states/withdrawal.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { buryClosed, closedBy, openFamily, type Closing } from "./closure.ts";
import { decisionsOn, everApproved, intentOf } from "../deciding/evidence.ts";
import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { stepWithdrawal } from "../step.ts";

/**
 * Ends a withdrawal, or begins to.
 * @param end how it ends once the hold is released
 * @returns the row as it was where it is too late
 */
export function revoke<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { end, reason, policy }: { end: "rejected" | "cancelled" | "invalid"; reason: string; policy: Policy },
): WithdrawalRow {
  // What is blocked stays so whoever wants it ended: its funds are not given back while a hit stands.
  if (!REVOCABLE.has(withdrawal.state)) return withdrawal;
  // In quarantine a no is kept, and nothing is released: that nobody has approved it is what this very database says. So it
  // is while a payment of somebody else's may have been this one: its client would have the coins and the balance (F3, F9).
  const kept = ports.inQuarantine(tx) || ports.findSighting(tx, withdrawal.id) !== undefined;
  if (ENDS_AT_ONCE.has(withdrawal.state) && !kept && !everApproved(ports, tx, withdrawal))
    return stepWithdrawal(ports, tx, withdrawal, { type: end, reason });
  const revoking = stepWithdrawal(ports, tx, withdrawal, { type: `${end}, live`, reason });
  return releaseIfClosed(ports, tx, revoking, policy);
}

/** Releases the hold of a withdrawal that is REVOKING, once nothing keeps it and the database is in no quarantine. */
export function releaseIfClosed<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  policy: Policy,
): WithdrawalRow {
  if (withdrawal.state !== "REVOKING" || ports.inQuarantine(tx)) return withdrawal;
  if (keptReason(ports, tx, withdrawal) !== undefined) return withdrawal;
  const type = closedBy(policy, decisionsOn(ports, tx, withdrawal));
  const released = stepWithdrawal(ports, tx, withdrawal, { type });
  buryClosed(ports, tx, ports.plansOfWithdrawal(tx, withdrawal.id));
  return released;
}

/**
 * Why the hold of a withdrawal that is REVOKING is kept; undefined when law 3 is met, or was never to be: what no quorum has
 * approved, and no plan has carried out, waits only until people have said what a sighted payment was.
 */
export function keptReason<Tx>(
  ports: Closing<Tx> &
    Pick<
      WithdrawalPorts<Tx>,
      "decisionsOf" | "plansOfWithdrawal" | "findDocument" | "findSighting" | "mayLackRows"
    >,
  tx: Tx,
  withdrawal: WithdrawalRow,
): string | undefined {
  const sighted = ports.findSighting(tx, withdrawal.id)?.transaction;
  if (sighted !== undefined)
    return `transaction ${sighted} may have paid it: two admins say whether (custody withdraw paid, unpaid)`;
  const neverLeft = ports.plansOfWithdrawal(tx, withdrawal.id).every(({ state }) => state === "DROPPED");
  if (neverLeft && !everApproved(ports, tx, withdrawal)) return undefined;
  return openReason(ports, tx, withdrawal);
}

/** Why a family is not closed yet; undefined when law 3 is met. */
export function openReason<Tx>(
  ports: Closing<Tx> & Pick<WithdrawalPorts<Tx>, "decisionsOf" | "plansOfWithdrawal">,
  tx: Tx,
  withdrawal: WithdrawalRow,
): string | undefined {
  return openFamily(ports, tx, {
    intent: intentOf(ports, tx, withdrawal).body,
    voids: ports.decisionsOf(tx, withdrawal.id, VOID.kind),
    plans: ports.plansOfWithdrawal(tx, withdrawal.id),
  });
}
