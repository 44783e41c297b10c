/**
 * A block holds an attempt whose receipt never came: somebody has sent the signed file, and may keep the receipt back for
 * ever. The chain is the truth: the attempt is kept with the block's bytes, and followed like any other.
 */
import type { Digest } from "../core/digest.ts";
import type { Id } from "../core/identifier.ts";
import type { Early } from "./blocks.ts";
import type { WithdrawalPorts } from "./ports.ts";
import { signedIfComplete } from "./rung.ts";

/**
 * Keeps it as SIGNED, in the transaction in which its block is read: what settles it is then seen by the watcher. Its id
 * commits to inputs, outputs and fee, as the plan has them; the block's hash to its signatures (BIP-141), which are valid by
 * the word of those who agree on the block: what is kept here can be sent again after a reorganisation (F10).
 * @param id of the new attempt
 */
export function adoptAttempt<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  { plan, rung, kind, feeUnits, transaction }: Early,
  id: Id,
): void {
  const txid = transaction.id as Digest;
  ports.insertAttempt(tx, { id, plan: plan.id, rung, kind, feeUnits, txid, bytes: transaction.bytes });
  signedIfComplete(ports, tx, plan);
}
