/** A withdrawal moves, and the books with it: the one way in which a use case changes its state. */
import type { Digest } from "../core/digest.ts";
import type { Id } from "../core/identifier.ts";
import type { Payment } from "../core/ledger.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import { postingsFor, type Settlement } from "../core/states/holds.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";

type Step = {
  readonly to: WithdrawalState;
  readonly event: string;
  readonly reason?: string | undefined;
  readonly plan?: Id | null | undefined;
  readonly intent?: Digest | undefined;
};

/**
 * Moves a withdrawal as it was read, and books what that means for its hold.
 * @param settlement where it becomes COMPLETED or stops being so
 * @throws STATE_CONFLICT
 */
export function stepWithdrawal<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "post" | "moveWithdrawal">,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { to, event, reason, plan, intent }: Step,
  settlement?: Settlement,
): WithdrawalRow {
  const { id, state, version } = withdrawal;
  for (const posting of postingsFor(paymentOf(withdrawal), state, to, settlement)) ports.post(tx, posting);
  return ports.moveWithdrawal(tx, id, { version, to, event }, { reason, plan, intent });
}

/** What the ledger needs to know of a withdrawal. */
export function paymentOf({ id, customer, amount }: WithdrawalRow): Payment {
  return { withdrawal: id, customer, asset: amount.asset, units: amount.units };
}
