/**
 * A withdrawal is not wanted any more. Before a quorum has approved, its hold is released at will; after that the intent
 * is live, and no row in a database calls it back (law 3): it is REVOKING until enough signers have closed its family and
 * all that they have signed for it is dead, or it is paid because it won the race.
 */
import { VOID } from "../core/documents/void.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import type { Policy } from "../core/policy/policy.ts";
import { buryClosed, endOf, openFamily, type Closing } from "./closure.ts";
import { decisionsOn, everApproved, evidenceOf } from "./evidence.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/** States from which nothing is revoked: it has ended, is being revoked, or a block holds its payment. */
const BEYOND: ReadonlySet<WithdrawalState> = new Set([
  "CONFIRMING",
  "COMPLETED",
  "REVOKING",
  "REJECTED",
  "CANCELLED",
]);

/**
 * Ends a withdrawal, or begins to.
 * @param end its state once the hold is released
 * @returns the row as it was where it is too late
 */
export function revoke<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { end, reason, policy }: { end: "REJECTED" | "CANCELLED"; reason: string; policy: Policy },
): WithdrawalRow {
  if (BEYOND.has(withdrawal.state)) return withdrawal;
  const waiting = withdrawal.state === "PENDING_APPROVAL" || withdrawal.state === "REQUESTED";
  const event = end.toLowerCase();
  if (waiting && !everApproved(ports, tx, withdrawal))
    return stepWithdrawal(ports, tx, withdrawal, { to: end, event, reason });
  const revoking = stepWithdrawal(ports, tx, withdrawal, { to: "REVOKING", event: `${event}, live`, reason });
  return releaseIfClosed(ports, tx, revoking, policy);
}

/** Releases the hold of a withdrawal that is REVOKING, once law 3 is met. */
export function releaseIfClosed<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  policy: Policy,
): WithdrawalRow {
  if (withdrawal.state !== "REVOKING" || openReason(ports, tx, withdrawal) !== undefined) return withdrawal;
  const to = endOf(policy, decisionsOn(ports, tx, withdrawal));
  const released = stepWithdrawal(ports, tx, withdrawal, { to, event: "family closed, hold released" });
  buryClosed(ports, tx, ports.plansOfWithdrawal(tx, withdrawal.id));
  return released;
}

/** Why a hold may not be released yet; undefined when law 3 is met. */
export function openReason<Tx>(
  ports: Closing<Tx> & Pick<WithdrawalPorts<Tx>, "decisionsOf" | "plansOfWithdrawal">,
  tx: Tx,
  withdrawal: WithdrawalRow,
): string | undefined {
  return openFamily(ports, tx, {
    intent: evidenceOf(ports, tx, withdrawal).intent.body,
    voids: ports.decisionsOf(tx, withdrawal.id, VOID.kind),
    plans: ports.plansOfWithdrawal(tx, withdrawal.id),
  });
}
