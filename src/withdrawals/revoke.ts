/**
 * A withdrawal is not wanted any more. Before a quorum has approved, its hold is released at will; after that the intent
 * is live, and no row in a database calls it back (law 3): it is REVOKING until enough signers have closed its family and
 * all that they have signed for it is dead, or it is paid because it won the race.
 */
import { VOID } from "../core/documents/void.ts";
import { ENDED, type WithdrawalState } from "../core/states/withdrawal.ts";
import type { Policy } from "../core/policy/policy.ts";
import { buryClosed, closedBy, openFamily, type Closing } from "./closure.ts";
import { decisionsOn, everApproved, intentOf } from "./evidence.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/**
 * States from which nothing is revoked: it has ended, is being revoked, or a block holds its payment. What is blocked stays
 * so whoever wants it ended: its funds are not given back while a hit stands.
 */
const BEYOND: ReadonlySet<WithdrawalState> = new Set([
  "CONFIRMING",
  "COMPLETED",
  "REVOKING",
  "BLOCKED",
  ...ENDED,
]);

/** Where no quorum need have approved it. */
const WAITING: ReadonlySet<WithdrawalState> = new Set([
  "REQUESTED",
  "SCREENING",
  "ON_HOLD",
  "PENDING_APPROVAL",
  "EXPIRED",
]);

/**
 * Ends a withdrawal, or begins to.
 * @param end how it ends once the hold is released
 * @returns the row as it was where it is too late
 */
export function revoke<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { end, reason, policy }: { end: "rejected" | "cancelled" | "invalid"; reason: string; policy: Policy },
): WithdrawalRow {
  if (BEYOND.has(withdrawal.state)) return withdrawal;
  const waiting = WAITING.has(withdrawal.state);
  if (waiting && !everApproved(ports, tx, withdrawal))
    return stepWithdrawal(ports, tx, withdrawal, { type: end, reason });
  const revoking = stepWithdrawal(ports, tx, withdrawal, { type: `${end}, live`, reason });
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
  const type = closedBy(policy, decisionsOn(ports, tx, withdrawal));
  const released = stepWithdrawal(ports, tx, withdrawal, { type });
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
    intent: intentOf(ports, tx, withdrawal).body,
    voids: ports.decisionsOf(tx, withdrawal.id, VOID.kind),
    plans: ports.plansOfWithdrawal(tx, withdrawal.id),
  });
}
