/**
 * A task and a snapshot of chain facts to a plan in its compact form. Pure: the same arguments give the same bytes, so
 * a plan can be rebuilt from its stored snapshot and compared.
 */
import type { BuildOptions, BuildTask, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import { canonicalBytes } from "../../core/canonical.ts";
import { taggedDigest } from "../../core/digest.ts";
import { assert, declareError, isError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import {
  changeDust,
  INSUFFICIENT_COINS,
  selectCoins,
  TRANSACTION_TOO_HEAVY,
  type Selection,
  type SelectionTask,
  type WalletShape,
} from "./coins.ts";
import { changeIndexMax, conflictKeysOf } from "./decode.ts";
import { deriveKey, type Descriptor, type WalletKey } from "./descriptor.ts";
import { feeAtRate, sumUnits } from "./fee.ts";
import { feeLadder, ladderWithCancel, type LadderTask } from "./ladder.ts";
import { buildMessage } from "./message-build.ts";
import { outputOf, ownScripts, type NewOutput } from "./payments.ts";
import { newPsbt } from "./psbt.ts";
import { INCREMENTAL_RATE_MILLI } from "./replacement.ts";
import { shuffled } from "./shuffle.ts";
import {
  COIN_MISSING,
  coinsBehind,
  matureCoins,
  parentsOf,
  previousOf,
  provenCoinKey,
  smallestCoins,
  type Parents,
} from "./snapshot-coins.ts";
import type { BitcoinCoin, BitcoinSnapshot } from "./snapshot.ts";
import type { Transaction } from "./transaction.ts";
import { derivationsOf } from "./wallet-claims.ts";
import { walletDescriptor } from "./wallet.ts";
import { transactionWeight, varyingSignatures, virtualSizeOf } from "./weight.ts";

export const PAYMENTS_NONE = declareError(
  "PAYMENTS_NONE",
  "usage",
  "A batch has no payments, or more than one transaction takes.",
);
export const FEE_RATES_INVALID = declareError(
  "FEE_RATES_INVALID",
  "usage",
  "The fee rates of a plan's rungs are none, too many, or do not rise.",
);
export const CHANGE_INDEX_AHEAD = declareError(
  "CHANGE_INDEX_AHEAD",
  "conflict",
  "A snapshot's change index is further ahead than the signer would accept.",
);

/** Signals replaceability (BIP-125) and keeps the lock time in force, without a relative lock (BIP-68). */
const SEQUENCE = 0xffff_fffd;

/** What every task is built from. */
type Job = {
  readonly descriptor: Descriptor;
  readonly view: WalletView;
  readonly snapshot: BitcoinSnapshot;
  readonly options: BuildOptions;
  readonly parents: Parents;
  readonly mature: readonly BitcoinCoin[];
  readonly anchors: readonly BitcoinCoin[];
  /** Of the rungs, at least the node's floor and each above the one before; the first is the cheapest rung's. */
  readonly ratesMilli: readonly bigint[];
  readonly change: WalletKey;
  readonly shape: WalletShape;
};

/**
 * Builds a plan. Payments get a cancel rung as well; what pays only ourselves needs none. The lock time is the tip's
 * height, as in Bitcoin Core, so that nobody gains by mining old blocks again for its fee.
 * @throws PAYMENT_…, INSUFFICIENT_COINS, TRANSACTION_TOO_HEAVY, SNAPSHOT_INCONSISTENT, CHANGE_INDEX_AHEAD, COIN_MISSING,
 *   COINS_TOO_FEW, FEE_…, CANCEL_UNAFFORDABLE; errors about a payment name its number in `details.payment`, so that one
 *   bad row can be taken out and the rest built (failure F16)
 */
export function build(
  task: BuildTask,
  view: WalletView,
  snapshot: BitcoinSnapshot,
  options: BuildOptions,
): BuiltPlan {
  if (task.type === "attest") return buildMessage(task, view, snapshot);
  const job = openJob(view, snapshot, options);
  if (task.type === "pay") return buildPayments(job, task.payments);
  if (task.type === "cancel") return buildReturn(job, cancelledCoins(job, task.conflictKeys));
  const amounts = { unitsMax: task.unitsMax, feeRateMilli: job.ratesMilli[0] as bigint };
  return buildReturn(job, smallestCoins(job.mature, job.anchors, job.shape, amounts));
}

function openJob(view: WalletView, snapshot: BitcoinSnapshot, options: BuildOptions): Job {
  const descriptor = walletDescriptor(view);
  const parents = parentsOf(snapshot);
  const change = deriveKey(descriptor, 1, Math.min(snapshot.changeIndex, LIMITS.addressIndexMax));
  return {
    descriptor,
    view,
    snapshot,
    options,
    parents,
    mature: matureCoins(snapshot),
    anchors: coinsBehind(options.anchors, snapshot.coins, view.network),
    ratesMilli: rungRates(options, BigInt(snapshot.relayRateMilli)),
    change,
    shape: {
      input: descriptor,
      changeScript: change.script,
      parentBytes: (txid) => parents.get(txid)?.stripped.length ?? 0,
    },
  };
}

function rungRates({ feeRatesMilli, caps }: BuildOptions, floorMilli: bigint): readonly bigint[] {
  const rising = feeRatesMilli.every((rate, i) => rate > (feeRatesMilli[i - 1] ?? -1n));
  if (!rising || feeRatesMilli.length === 0 || feeRatesMilli.length > LIMITS.rungsPerPlanMax) {
    throw FEE_RATES_INVALID(`fee rates: ${feeRatesMilli.join(", ")} thousandths of a satoshi per byte`, {
      field: "feeRatesMilli",
      hint: `give 1 to ${LIMITS.rungsPerPlanMax} rates, each above the one before`,
    });
  }
  const floored = feeRatesMilli.map((rate) => (rate < floorMilli ? floorMilli : rate));
  const capMilli = BigInt(caps.rateMax) * 1000n;
  return floored.filter((rate, i) => i === 0 || (rate > (floored[i - 1] as bigint) && rate <= capMilli));
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
  const selection = selectWithRoom(job, paid);
  const outputs =
    selection.changeUnits === 0n ? paid : [...paid, changeOutput(job.change, selection.changeUnits)];
  const paidUnits = sumUnits(paid);
  const ladder = ladderTask(job, outputs, selection, paidUnits);
  const cancel = {
    paidUnits,
    weight: transactionWeight(selection.coins.length, job.descriptor, [job.change.script]),
    totalUnits: sumUnits(outputs) + selection.feeUnits,
  };
  const { fees, cancelUnits } = ladderWithCancel(ladder, cancel);
  return assemble(job, selection.coins, outputs, fees, cancelUnits);
}

/** Coins that bear the dearest rate, if there are such; else those that bear the next, down to the cheapest. */
function selectWithRoom(job: Job, paid: readonly NewOutput[]): Selection {
  const task: SelectionTask = {
    ...job.shape,
    coins: job.mature,
    required: job.anchors,
    scripts: paid.map(({ script }) => script),
    payUnits: sumUnits(paid),
    feeRateMilli: job.ratesMilli[0] as bigint,
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

/** Coins to ourselves, in one output. */
function buildReturn(job: Job, coins: readonly BitcoinCoin[]): BuiltPlan {
  const total = coins.reduce((sum, { units }) => sum + BigInt(units), 0n);
  const weight = transactionWeight(coins.length, job.descriptor, [job.change.script]);
  const feeUnits = feeAtRate(virtualSizeOf(weight), job.ratesMilli[0] as bigint);
  const changeUnits = total - feeUnits;
  const dust = changeDust(job.shape);
  if (changeUnits < dust) {
    throw INSUFFICIENT_COINS(`${coins.length} coins hold ${total} sat, the fee is ${feeUnits} sat`, {
      field: "coins",
      hint: "build at a lower rate",
      details: { missingUnits: (dust - changeUnits).toString(), availableUnits: total.toString() },
    });
  }
  const outputs = [changeOutput(job.change, changeUnits)];
  const ladder = ladderTask(job, outputs, { coins, feeUnits, changeUnits }, undefined);
  return assemble(job, coins, outputs, feeLadder(ladder), undefined);
}

function cancelledCoins(job: Job, conflictKeys: readonly string[]): readonly BitcoinCoin[] {
  const outside = job.options.anchors.find((anchor) => !conflictKeys.includes(anchor));
  if (outside !== undefined || conflictKeys.length === 0) {
    throw COIN_MISSING(`a cancel spends exactly the coins that it names, not ${outside ?? "none"}`, {
      field: "conflictKeys",
      hint: "name every coin to be spent",
    });
  }
  return coinsBehind(conflictKeys, job.snapshot.coins, job.view.network);
}

function ladderTask(
  { descriptor, shape, options, ratesMilli, snapshot }: Job,
  outputs: readonly NewOutput[],
  { coins, feeUnits, changeUnits }: Selection,
  paidUnits: bigint | undefined,
): LadderTask {
  const relay = BigInt(snapshot.relayRateMilli);
  const scripts = outputs.map(({ script }) => script);
  return {
    weight: transactionWeight(coins.length, descriptor, scripts),
    signatures: varyingSignatures(coins.length, descriptor),
    baseUnits: feeUnits,
    changeUnits,
    dustUnits: changeDust(shape),
    paidUnits,
    ratesMilli,
    incrementalMilli: relay > INCREMENTAL_RATE_MILLI ? relay : INCREMENTAL_RATE_MILLI,
    caps: options.caps,
  };
}

function changeOutput(key: WalletKey, units: bigint): NewOutput {
  return { units, script: key.script, key };
}

function assemble(
  job: Job,
  selected: readonly BitcoinCoin[],
  outputs: readonly NewOutput[],
  fees: readonly bigint[],
  cancelUnits: bigint | undefined,
): BuiltPlan {
  const { descriptor, snapshot, parents, change } = job;
  assertChangeIndex(job, selected);
  const seed = taggedDigest("custody/bitcoin-output-order/v1", canonicalBytes(snapshot));
  const coins = shuffled(selected, seed);
  const ordered = shuffled(outputs, seed);
  const keys = coins.map((coin) => provenCoinKey(coin, descriptor, parents));
  const unsigned: Transaction = {
    version: 2,
    inputs: coins.map(({ txid, vout }) => ({
      txid,
      vout,
      scriptSig: new Uint8Array(),
      sequence: SEQUENCE,
      witness: [],
    })),
    outputs: ordered.map(({ units, script }) => ({ units, script })),
    lockTime: snapshot.tip.height,
  };
  const base = newPsbt(
    unsigned,
    keys.map((key) => ({ derivations: derivationsOf(key) })),
    ordered.map(({ key }) => ({ derivations: key === undefined ? [] : derivationsOf(key) })),
  );
  const hasChange = outputs.some(({ key }) => key === change);
  assert(hasChange || fees.length === 1, "change bears what the fee is raised by");
  return {
    conflictKeys: [...conflictKeysOf(unsigned.inputs, descriptor)],
    base: toBase64(base),
    rungs: fees.map((fee) => ({ feeUnits: fee.toString() })),
    ...(cancelUnits === undefined
      ? {}
      : { cancel: { feeUnits: cancelUnits.toString(), changeIndex: change.index } }),
    previous: previousOf(coins, parents),
    changeIndex: hasChange ? change.index : undefined,
  };
}

// The same rule as the signer's (law 10): better refused here than after people have approved.
function assertChangeIndex({ view, snapshot }: Job, coins: readonly BitcoinCoin[]): void {
  const { changeIndex } = snapshot;
  const last = changeIndexMax(coins, view);
  if (changeIndex <= last) return;
  throw CHANGE_INDEX_AHEAD(
    `change would go to index ${changeIndex}, the gap of ${view.wallet.indexGap} reaches as far as ${last}`,
    {
      field: "snapshot.changeIndex",
      hint: "use the lowest unused change index",
    },
  );
}
