/**
 * A block holds an attempt whose receipt never came: somebody has sent the signed file, and may keep the receipt back for
 * ever. The chain is the truth: the attempt is kept with the block's bytes, and followed like any other.
 */
import { rungsOf } from "../../chains/attempts.ts";
import type { Digest } from "../../core/digest.ts";
import type { Id } from "../../core/identifier.ts";
import { ENDED } from "../../core/states/withdrawal.ts";
import type { Early } from "./blocks.ts";
import type { ForeignPorts } from "./foreign.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { PlanRow, WithdrawalRow } from "../rows.ts";
import { signedIfComplete } from "../crossing/rung.ts";

export type AdoptionPorts<Tx> = WithdrawalPorts<Tx> & Pick<ForeignPorts<Tx>, "takenBy">;

/**
 * Keeps it as SIGNED, in the transaction in which its block is read: what settles it is then seen by the watcher. Its id
 * commits to inputs, outputs and fee, as the plan has them; the block's hash to its signatures (BIP-141), which are valid by
 * the word of those who agree on the block: what is kept here can be sent again after a reorganisation (F10).
 * @param id of the new attempt
 * @returns false where the plan is DEAD and nobody is left whom the rung could settle: the books can take it for a
 *   payment of somebody else's alone, and nothing is kept
 */
export function adoptAttempt<Tx>(
  ports: AdoptionPorts<Tx>,
  tx: Tx,
  { plan, rung, kind, feeUnits, transaction }: Early,
  id: Id,
): boolean {
  // A cancel rung pays nobody twice: its coins come back, and its fee is booked.
  if (plan.state === "DEAD" && kind === "rung" && !settlesAny(ports, tx, plan)) return false;
  const txid = transaction.id as Digest;
  ports.insertAttempt(tx, { id, plan: plan.id, rung, kind, feeUnits, txid, bytes: transaction.bytes });
  signedIfComplete(ports, tx, plan);
  return true;
}

// What was released, or is paid by another transaction that the chain still holds, is settled by nothing more: the coins
// are a loss then, which two admins book. Where one member of a batch is left it is ours: that one's client has been paid.
function settlesAny<Tx>(ports: AdoptionPorts<Tx>, tx: Tx, { id }: PlanRow): boolean {
  const movement = ports.movementOfPlan(tx, id);
  if (movement !== undefined)
    return !ENDED.has(movement.state) && !isInChain(ports, tx, ports.plansOfMovement(tx, movement));
  return ports.withdrawalsOf(tx, id).some((member) => !ENDED.has(member.state) && !isPaid(ports, tx, member));
}

// By what blocks show, not by what the books say yet: a reorganisation that lets this one in has taken out what had beaten it.
function isPaid<Tx>(ports: AdoptionPorts<Tx>, tx: Tx, { id }: WithdrawalRow): boolean {
  const elsewhere = ports.findForeignSettlement(tx, id)?.transaction;
  if (elsewhere !== undefined && ports.takenBy(tx, elsewhere).length > 0) return true;
  return isInChain(ports, tx, ports.plansOfWithdrawal(tx, id));
}

function isInChain<Tx>(ports: AdoptionPorts<Tx>, tx: Tx, plans: readonly PlanRow[]): boolean {
  return plans
    .flatMap((plan) => rungsOf(ports.attemptsOf(tx, plan.id)))
    .some(({ txid }) => ports.takenBy(tx, txid).length > 0);
}
