/**
 * The fees of a plan's attempts: rungs at rising rates, each a valid replacement of the one before, and a cancel rung
 * that replaces them all. What breaks a cap of the policy is not built.
 */
import { declareError } from "../../core/errors.ts";
import {
  assertFeeCaps,
  cancelExcess,
  feeExcess,
  ladderExcess,
  type FeeCaps,
} from "../../core/policy/fee-caps.ts";
import { feeAtRate, feeFacts } from "./fee.ts";
import { replacementFee } from "./replacement.ts";
import { virtualSizeOf } from "./weight.ts";

export const CANCEL_UNAFFORDABLE = declareError(
  "CANCEL_UNAFFORDABLE",
  "denied",
  "The policy's fee caps leave no room for a cancel rung, so the plan could not be ended once it is signed.",
);

export const FEE_BUDGET_TOO_SMALL = declareError(
  "FEE_BUDGET_TOO_SMALL",
  "denied",
  "A plan's cheapest rung costs more than the budget that it was given.",
);

export type LadderTask = {
  /** Of every rung, in weight units, and its signatures whose length varies (`varyingSignatures`). */
  readonly weight: number;
  readonly signatures: number;
  /** Satoshis: the cheapest rung's fee, and its change, 0 without. */
  readonly baseUnits: bigint;
  readonly changeUnits: bigint;
  readonly dustUnits: bigint;
  /** Satoshis that reach others; undefined where nothing does, and the fee is judged by what comes back (`judgedUnits`). */
  readonly paidUnits: bigint | undefined;
  /** Thousandths of a satoshi per virtual byte, rising; the first is the cheapest rung's. */
  readonly ratesMilli: readonly bigint[];
  readonly incrementalMilli: bigint;
  readonly caps: FeeCaps;
  /** What no rung may cost more than, in satoshis; undefined where the caps alone hold. */
  readonly budgetUnits: bigint | undefined;
  /** What must be mined with it, and is lifted to the same rate: the rung pays what its ancestors do not. */
  readonly ancestors: Ancestors;
};

/** Transactions of ours that no block holds yet: their virtual bytes and their fees in satoshis, together. */
export type Ancestors = { readonly virtualSize: number; readonly feeUnits: bigint };

export const NO_ANCESTORS: Ancestors = { virtualSize: 0, feeUnits: 0n };

/** The fee with which a transaction and its ancestors together pay `rateMilli`; at least that rate for itself. */
export function packageFee(
  virtualSize: number,
  { virtualSize: above, feeUnits }: Ancestors,
  rateMilli: bigint,
): bigint {
  const alone = feeAtRate(virtualSize, rateMilli);
  const together = feeAtRate(virtualSize + above, rateMilli) - feeUnits;
  return together > alone ? together : alone;
}

/**
 * Fees in satoshis from the cheapest rung to the dearest. A rate that is too close to the one before is raised to what
 * nodes take as a replacement. The ladder ends below the first that breaks a cap or the budget, or leaves change below dust.
 * @throws FEE_ABSOLUTE_CAP, FEE_RATE_CAP, FEE_SHARE_CAP, FEE_BUDGET_TOO_SMALL when the cheapest breaks one
 */
export function feeLadder(task: LadderTask): readonly bigint[] {
  const { weight, signatures, baseUnits, caps } = task;
  const size = virtualSizeOf(weight);
  assertFeeCaps(feeFacts(baseUnits, size), task.paidUnits ?? task.changeUnits, caps);
  assertBudget(task);
  const fees = [baseUnits];
  for (const rateMilli of task.ratesMilli.slice(1)) {
    const before = fees[fees.length - 1] as bigint;
    const least = replacementFee({ units: before, weight, signatures }, weight, task.incrementalMilli);
    const wanted = packageFee(size, task.ancestors, rateMilli);
    const fee = wanted < least ? least : wanted;
    const change = task.changeUnits - (fee - baseUnits);
    const excess =
      feeExcess(feeFacts(fee, size), task.paidUnits ?? change, caps) ?? ladderExcess(baseUnits, fee, caps);
    if (change < task.dustUnits || excess !== undefined || overBudget(fee, task)) break;
    fees.push(fee);
  }
  return fees;
}

function overBudget(feeUnits: bigint, { budgetUnits }: LadderTask): boolean {
  return budgetUnits !== undefined && feeUnits > budgetUnits;
}

function assertBudget(task: LadderTask): void {
  if (!overBudget(task.baseUnits, task)) return;
  throw FEE_BUDGET_TOO_SMALL(
    `the cheapest rung costs ${task.baseUnits} sat, the budget is ${task.budgetUnits} sat`,
    {
      field: "--fee-budget",
      hint: "give the plan a larger budget, build at lower --rates, or build fewer payments",
      details: { feeUnits: task.baseUnits.toString() },
    },
  );
}

export type CancelTask = {
  readonly paidUnits: bigint;
  /** In weight units. */
  readonly weight: number;
  /** Satoshis of all inputs. */
  readonly totalUnits: bigint;
};

/**
 * The fees of `feeLadder` with a cancel rung above them: the least that replaces the dearest. Rungs that leave no room
 * for it are given up, because a signed plan that cannot be ended is worse than one whose fee cannot be raised as far.
 * @throws CANCEL_UNAFFORDABLE when even the cheapest leaves none, and as `feeLadder`
 */
export function ladderWithCancel(
  task: LadderTask,
  cancel: CancelTask,
): { readonly fees: readonly bigint[]; readonly cancelUnits: bigint } {
  const { weight, signatures, caps } = task;
  const size = virtualSizeOf(weight);
  const all = feeLadder(task);
  for (let count = all.length; ; count--) {
    const fees = all.slice(0, count);
    const dearest = fees[count - 1] as bigint;
    const replaced = { units: dearest, weight, signatures };
    const cancelUnits = replacementFee(replaced, cancel.weight, task.incrementalMilli);
    const rungs = fees.map((units) => ({ units, virtualSize: size }));
    const excess = cancelExcess(cancelUnits, rungs, cancel.paidUnits, caps);
    const left = cancel.totalUnits - cancelUnits;
    if (excess === undefined && left >= task.dustUnits) return { fees, cancelUnits };
    if (count > 1) continue;
    const why = excess?.why ?? `its output would be ${left} sat, the dust threshold is ${task.dustUnits} sat`;
    throw CANCEL_UNAFFORDABLE(`a cancel rung would need a fee of ${cancelUnits} sat: ${why}`, {
      field: excess === undefined ? "coins" : `policy.chains.fees.${excess.field}`,
      hint: "pay more in one batch, build at a lower rate, or let the admins raise the cap",
      details: { cap: excess?.cap ?? "dust", cancelUnits: cancelUnits.toString() },
    });
  }
}
