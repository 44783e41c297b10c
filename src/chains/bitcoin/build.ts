/**
 * A task and a snapshot of chain facts to a plan in its compact form. Pure: the same arguments give the same bytes, so
 * a plan can be rebuilt from its stored snapshot and compared.
 */
import { controlsNothing } from "../control.ts";
import type { BuildOptions, BuildTask, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import { declareError, isError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { assemble } from "./assemble.ts";
import { ancestorsOf, changeOutput, ladderTask, openJob, type Job } from "./build-job.ts";
import { buildCancel, buildConsolidation } from "./build-return.ts";
import type { SelectionTask } from "./coins/candidates.ts";
import { INSUFFICIENT_COINS, selectCoins, TRANSACTION_TOO_HEAVY, type Selection } from "./coins/select.ts";
import { sumUnits } from "./fee.ts";
import { ladderWithCancel, NO_ANCESTORS } from "./ladder.ts";
import { buildMessage } from "./message-build.ts";
import { outputOf, ownScripts, type NewOutput } from "./payments.ts";
import type { BitcoinSnapshot, SpentCoin } from "./snapshot.ts";
import { transactionWeight } from "./weight.ts";

export const PAYMENTS_NONE = declareError(
  "PAYMENTS_NONE",
  "usage",
  "A batch has no payments, or more than one transaction takes.",
);

/**
 * Builds a plan. Payments get a cancel rung as well; what pays only ourselves needs none.
 * @throws PAYMENT_…, INSUFFICIENT_COINS, TRANSACTION_TOO_HEAVY, SNAPSHOT_INCONSISTENT, CHANGE_INDEX_AHEAD, COIN_MISSING,
 *   COINS_TOO_FEW, CHILD_UNAFFORDABLE, FEE_…, CANCEL_UNAFFORDABLE; errors about a payment name its number in
 *   `details.payment`, so that one bad row can be taken out and the rest built (failure F16)
 */
export function build(
  task: BuildTask,
  view: WalletView,
  snapshot: BitcoinSnapshot,
  options: BuildOptions,
): BuiltPlan {
  if (task.type === "control") throw controlsNothing(view.wallet);
  if (task.type === "attest") return buildMessage(task, view, snapshot);
  const job = openJob(view, snapshot, options);
  if (task.type === "pay") return buildPayments(job, task.payments);
  if (task.type === "cancel") return buildCancel(job, task.conflictKeys);
  return buildConsolidation(job, task);
}

function buildPayments(job: Job, payments: readonly Payment[]): BuiltPlan {
  if (payments.length === 0 || payments.length > LIMITS.intentsPerPlanMax) {
    throw PAYMENTS_NONE(
      `a batch has ${payments.length} payments, 1 to ${LIMITS.intentsPerPlanMax} can be built`,
      { field: "payments" },
    );
  }
  const own = ownScripts(job.descriptor, job.view, job.snapshot, job.parents);
  const paid = payments.map((payment, index) => outputOf(payment, index, job.view, own));
  const selection = select(job, paid);
  const outputs = selection.changeUnits === 0n ? paid : [...paid, changeOutput(job, selection.changeUnits)];
  const paidUnits = sumUnits(paid);
  const ancestors = ancestorsOf(job, selection.coins);
  const ladder = ladderTask(job, outputs, selection, { paidUnits, ancestors });
  const cancel = {
    paidUnits,
    weight: transactionWeight(selection.coins.length, job.descriptor, [job.change.script]),
    totalUnits: sumUnits(outputs) + selection.feeUnits,
  };
  const { fees, cancelUnits } = ladderWithCancel(ladder, cancel);
  return assemble(job, selection.coins, outputs, fees, cancelUnits);
}

// Confirmed coins; only where they do not suffice, and the options say so, one coin of our own change that waits for a
// block, the dearest that has room below it. Its parents are lifted to the same rate, or both would wait.
function select(job: Job, paid: readonly NewOutput[]): Selection {
  try {
    return selectWithRoom(job, paid, job.anchors);
  } catch (error) {
    const { unconfirmed } = job.snapshot;
    if (job.options.unconfirmedChange !== true || !isError(error, INSUFFICIENT_COINS)) throw error;
    const [dearest] = unconfirmed
      .filter(({ ancestors }) => ancestors.count < LIMITS.unconfirmedChainMax)
      .sort((a, b) => (BigInt(b.units) > BigInt(a.units) ? 1 : -1));
    if (dearest === undefined) throw error;
    return selectWithRoom(job, paid, [...job.anchors, dearest]);
  }
}

/** Coins that bear the dearest rate, if there are such; else those that bear the next, down to the cheapest. */
function selectWithRoom(job: Job, paid: readonly NewOutput[], required: readonly SpentCoin[]): Selection {
  const task: SelectionTask = {
    ...job.shape,
    coins: job.mature,
    required,
    scripts: paid.map(({ script }) => script),
    payUnits: sumUnits(paid),
    feeRateMilli: job.ratesMilli[0] as bigint,
    longTermRateMilli: BigInt(job.snapshot.longTermRateMilli),
    ancestors: required.length === 0 ? NO_ANCESTORS : ancestorsOf(job, required),
    seed: job.snapshot.seed,
  };
  for (const roomRateMilli of job.ratesMilli.slice(1).reverse()) {
    try {
      return selectCoins({ ...task, roomRateMilli });
    } catch (error) {
      if (!isError(error, INSUFFICIENT_COINS, TRANSACTION_TOO_HEAVY)) throw error;
    }
  }
  return selectCoins(task);
}
