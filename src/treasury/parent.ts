/** A plan whose fee cannot be raised any more: what spends its waiting change pays for both (CPFP). */
import { isBeingEnded, isInBlock, rungsOf } from "../chains/attempts.ts";
import { declareError } from "../core/errors.ts";
import type { WithdrawalPorts } from "../withdrawals/ports.ts";
import type { AttemptRow, PlanRow } from "../withdrawals/rows.ts";

export const PARENT_NOT_WAITING = declareError(
  "PARENT_NOT_WAITING",
  "conflict",
  "A plan waits for no block with the dearest of its rungs, or has no change that a child could spend.",
);

/**
 * Asserts that a plan's ladder is used up: its dearest complete rung is on its way, nothing of it is in a block, and
 * nobody wants it ended. As long as a dearer rung is signed, that is cheaper than a child.
 * @returns the rung that waits
 * @throws PARENT_NOT_WAITING
 */
export function assertWaits<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">,
  tx: Tx,
  plan: PlanRow,
): AttemptRow {
  const refuse = (why: string, hint: string) =>
    PARENT_NOT_WAITING(`plan ${plan.id} ${why}`, { field: "--child-of", hint });
  if (plan.state !== "SIGNED") throw refuse(`is ${plan.state}`, "custody status");
  const attempts = ports.attemptsOf(tx, plan.id);
  if (attempts.some(isInBlock)) throw refuse("is in a block", "custody status");
  if (isBeingEnded(attempts)) throw refuse("is being ended by its cancel rung", "custody status");
  const dearest = rungsOf(attempts).at(-1);
  if (dearest === undefined || dearest.state === "SIGNED")
    throw refuse("has a rung that was not sent yet", `custody withdraw bump ${plan.id}`);
  if (plan.changeIndex === undefined)
    throw refuse(
      "makes no change, so that nothing of it is ours to spend",
      `custody withdraw build --wallet ${plan.wallet} --replace ${plan.id} --rates RATES`,
    );
  return dearest;
}
