/** A batch that is built only when it is due. */
import { rateUnitOf } from "../../core/fee-rate.ts";
import { isError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/canonical.ts";
import type { WithdrawalPorts } from "../ports.ts";
import { NOTHING_TO_BUILD } from "./batch.ts";
import { assertBatchDue, type BatchRule } from "./batch-due.ts";
import { buildPlan, type BuildAbout, type BuildInput, type Chain, type Planned } from "./build.ts";
import type { Member } from "./members.ts";

/**
 * Builds a plan, and judges by what it pays whether it is due: only what can be paid now counts. What is not due is taken
 * back with its transaction.
 * @param rule undefined where it is built in any case
 * @returns the plan, and why it is due
 * @throws BATCH_NOT_DUE, and what `buildPlan` throws
 */
export function buildWhenDue<Tx, Snapshot extends JsonObject & { readonly feeRateMilli: string }, Decoded>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  chain: Chain<Snapshot, Decoded>,
  input: Omit<BuildInput<Snapshot>, "ready"> & { readonly ready: readonly Member[] },
  { rule, ...about }: BuildAbout & { readonly rule: BatchRule | undefined },
): { readonly planned: Planned; readonly due: string | undefined } {
  if (rule === undefined) return { planned: buildPlan(ports, tx, chain, input, about), due: undefined };
  const rate = {
    rateMilli: BigInt(input.snapshot.feeRateMilli),
    rateUnit: rateUnitOf(input.view.wallet.chain),
  };
  try {
    const planned = buildPlan(ports, tx, chain, input, about);
    const ids = new Set(planned.withdrawals.map(({ id }) => id));
    // As they were read: their last step had made them ready.
    const since = input.ready.filter(({ id }) => ids.has(id)).map(({ updated }) => updated);
    return { planned, due: assertBatchDue({ count: ids.size, since, ...rate }, rule, about.now) };
  } catch (error) {
    if (!isError(error, NOTHING_TO_BUILD)) throw error;
    assertBatchDue({ count: 0, since: [], ...rate }, rule, about.now);
    throw error;
  }
}
