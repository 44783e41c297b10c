import type { FeeFacts } from "../adapter.ts";
import { feeSharePermille } from "../../core/policy/fee-caps.ts";
import { locksOf, signalsReplacement } from "./locks.ts";
import type { OutputEffect } from "./outputs.ts";
import { classifyScript, dustThreshold } from "./script.ts";
import type { Transaction } from "./transaction.ts";
import { STANDARD_WEIGHT_MAX } from "./weight.ts";

/** The review shows at most 64 warnings; one line says that there are more. */
const WARNINGS_MAX = 60;

export const NOTHING_PAID = "nothing is paid to others";

/** What an officer should know although no rule refuses it, in words. */
export function warningsOf(
  transaction: Transaction,
  effects: readonly OutputEffect[],
  fee: FeeFacts,
  weight: number,
): readonly string[] {
  const warnings: string[] = [];
  const paid = effects.reduce((total, { type, units }) => (type === "change" ? total : total + units), 0n);
  const share = feeSharePermille(fee.units, paid);
  // Attack B12: the shares at which hardware signers begin to warn.
  if (share === undefined) warnings.push(NOTHING_PAID);
  else if (share >= 50n) warnings.push(`the fee is ${share} thousandths of what is paid`);
  if (fee.rateMilli < 1000n) warnings.push("the fee rate is below 1 sat/vB: nodes may not relay it");
  if (!signalsReplacement(transaction))
    warnings.push("replacement is not signalled (BIP-125): the fee may be hard to raise");
  if (transaction.lockTime !== 0 && locksOf(transaction).length === 0)
    warnings.push("the lock time has no effect: all inputs are final");
  transaction.outputs.forEach(({ units, script }, i) => {
    const kind = classifyScript(script)?.kind;
    if (kind !== undefined && units < dustThreshold(kind))
      warnings.push(`output ${i} is dust: nodes do not relay it`);
  });
  if (weight > STANDARD_WEIGHT_MAX) warnings.push("the transaction is heavier than nodes relay");
  return warnings.length <= WARNINGS_MAX
    ? warnings
    : [...warnings.slice(0, WARNINGS_MAX), `and ${warnings.length - WARNINGS_MAX} more warnings`];
}
