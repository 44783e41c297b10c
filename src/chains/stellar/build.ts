/**
 * A task and a snapshot to a plan of one account: one transaction, one sequence number, up to a hundred payments. What has a
 * memo has a transaction of its own, for the memo is the transaction's. Pure: the same arguments give the same bytes.
 */
import { splitAccount } from "../../core/account.ts";
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import { declareError, type ErrorContext } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { seconds } from "../../core/instant.ts";
import { assertFeeCaps, NO_SHARE, type Judged } from "../../core/policy/fee-caps.ts";
import { controlsNothing } from "../control.ts";
import type { BuildOptions, BuildTask, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import { accountIdOf, holderOf, muxedOf, type Address } from "./address.ts";
import { xdrAssetOf } from "./assets.ts";
import { transactionBytes } from "./envelope.ts";
import { parseMemo } from "./memo.ts";
import { assertOneReference, assertPays } from "./operations.ts";
import { FEE_MAX, feeFacts } from "./plan.ts";
import { sequenceKey, sequenceOf } from "./sequence-key.ts";
import type { StellarSnapshot } from "./snapshot.ts";
import { walletAccount } from "./wallet.ts";
import type { Operation } from "./xdr/operation.ts";
import type { Transaction } from "./xdr/transaction.ts";

export const TASK_UNKNOWN = declareError(
  "STELLAR_TASK_UNKNOWN",
  "usage",
  "A Stellar account cannot do what is asked of it.",
);
export const ONE_MEMO = declareError(
  "STELLAR_ONE_MEMO",
  "usage",
  "A payment with a memo has a transaction of its own.",
);
export const ASSET_ELSEWHERE = declareError(
  "STELLAR_ASSET_ELSEWHERE",
  "usage",
  "What is to be paid is neither lumens nor an issued asset that the policy lists.",
);
export const BALANCE_SHORT = declareError(
  "STELLAR_BALANCE_SHORT",
  "denied",
  "An account holds less above its reserve than is to be paid.",
);
export const DESTINATION_REFUSES = declareError(
  "STELLAR_DESTINATION_REFUSES",
  "denied",
  "A destination would not take a payment: it is missing, lacks a trust line, or asks for a memo.",
);
export const FEE_RATES_INVALID = declareError(
  "STELLAR_FEE_RATES_INVALID",
  "usage",
  "There is not one fee rate, or it is not a whole number of stroops that a transaction can bid.",
);
export const SEQUENCE_TAKEN = declareError(
  "STELLAR_SEQUENCE_TAKEN",
  "denied",
  "A sequence number is another account's, or a ledger has used it.",
);

type Job = {
  readonly view: WalletView;
  readonly address: Address;
  readonly snapshot: StellarSnapshot;
  readonly options: BuildOptions;
};

/**
 * @throws STELLAR_TASK_UNKNOWN, STELLAR_ONE_MEMO, STELLAR_ASSET_ELSEWHERE, STELLAR_BALANCE_SHORT, STELLAR_DESTINATION_REFUSES,
 *   STELLAR_PAYS_NOTHING, STELLAR_MEMO_…, STELLAR_FEE_RATES_INVALID, STELLAR_SEQUENCE_TAKEN, FEE_…_CAP; errors about a payment
 *   name its number in `details.payment`
 */
export function build(
  task: BuildTask,
  view: WalletView,
  snapshot: StellarSnapshot,
  options: BuildOptions,
): BuiltPlan {
  if (task.type === "control") throw controlsNothing(view.wallet);
  if (task.type !== "pay") throw TASK_UNKNOWN(`an account has no task ${task.type}`, { field: "type" });
  const job = { view, address: walletAccount(view).address, snapshot, options };
  const { payments } = task;
  const memo = memoOf(payments);
  const operations = payments.map((payment, place) => operationFor(payment, job, place));
  const transaction: Transaction = {
    source: { type: "ed25519", value: accountIdOf(job.address).value },
    fee: feeOf(job, operations.length),
    sequence: sequenceFor(job),
    preconditions: { type: "time", value: { minTime: 0n, maxTime: BigInt(seconds(snapshot.until)) } },
    memo: memo === undefined ? { type: "none" } : parseMemo(memo),
    operations,
    ext: { type: "none" },
  };
  const plan = planOf(transaction, payments, job);
  assertHeld(payments, BigInt(plan.cancel.feeUnits), job);
  return plan;
}

function planOf(transaction: Transaction, payments: readonly Payment[], job: Job) {
  const { view, address, options } = job;
  const { chain } = view.wallet;
  const fee = feeFacts(transaction, chain);
  const paid = shareOf(payments, job);
  assertFeeCaps(fee, paid, options.caps);
  // A stroop more: what ends a plan is its dearest attempt, and in a queue neither takes the other's place.
  const cancelUnits = fee.units + 1n;
  assertFeeCaps({ ...fee, units: cancelUnits }, paid, options.caps);
  return {
    base: toBase64(transactionBytes(transaction)),
    rungs: [{ feeUnits: fee.units.toString() }],
    cancel: { feeUnits: cancelUnits.toString(), changeIndex: 0 },
    conflictKeys: [sequenceKey({ chain, address, sequence: transaction.sequence })],
    previous: [],
    changeIndex: undefined,
  };
}

// No signer knows rates: of what is paid in an issued asset no fee is a share.
function shareOf(payments: readonly Payment[], { view }: Job): Judged {
  const coin = nativeAsset(view.wallet.chain);
  if (payments.some(({ amount }) => amount.asset !== coin)) return NO_SHARE;
  return payments.reduce((sum, { amount }) => sum + amount.units, 0n);
}

function memoOf(payments: readonly Payment[]): string | undefined {
  const place = payments.findIndex(({ memo }) => memo !== undefined);
  if (place < 0 || payments.length === 1) return payments[0]?.memo;
  throw ONE_MEMO(`payment ${place + 1} has a memo, and ${payments.length} are paid together`, {
    field: "payments",
    details: { payment: place === 0 ? 1 : place, anotherPlan: true },
    hint: "build with --max 1, one plan for each payment that has a memo",
  });
}

function operationFor(payment: Payment, job: Job, place: number): Operation {
  const { view, address, snapshot } = job;
  const { account, amount, memo } = payment;
  const about = aboutPayment(place, "account");
  const { chain, address: to } = splitAccount(account);
  const asset = xdrAssetOf(amount.asset);
  const coin = nativeAsset(view.wallet.chain);
  const isListed = amount.asset === coin || view.tokens.includes(amount.asset);
  if (chain !== view.wallet.chain || asset === undefined || !isListed) {
    throw ASSET_ELSEWHERE(`${amount.asset} is neither lumens nor listed on ${view.wallet.chain}`, {
      ...about,
      field: `payments[${place}].asset`,
    });
  }
  const destination = muxedOf(to, about.field ?? "account");
  const paid = { to, holder: holderOf(destination), asset: amount.asset, units: amount.units };
  assertPays(paid, address, about);
  assertOneReference(paid, memo, about);
  const refusal = snapshot.refused?.find((one) => one.account === account);
  if (refusal !== undefined)
    throw DESTINATION_REFUSES(`${to} would not take the payment: ${refusal.why}`, about);
  if (snapshot.missing?.includes(account) !== true)
    return {
      source: undefined,
      body: { type: "payment", value: { destination, asset, amount: amount.units } },
    };
  if (destination.type !== "ed25519" || amount.asset !== coin || amount.units < BigInt(snapshot.leastUnits)) {
    throw DESTINATION_REFUSES(
      `${to} is on no ledger yet, and ${amount.units} units of ${amount.asset} do not make it`,
      about,
    );
  }
  return {
    source: undefined,
    body: { type: "createAccount", value: { destination, startingBalance: amount.units } },
  };
}

function aboutPayment(place: number, field: string): ErrorContext {
  return {
    field: `payments[${place}].${field}`,
    details: { payment: place },
    hint: "ask whoever gave the destination",
  };
}

/** The bid for all operations together. Above it a fee bump goes around what is signed, without these keys. */
function feeOf({ options: { feeRatesMilli, budgetUnits } }: Job, operations: number): bigint {
  const [rate] = feeRatesMilli;
  const fee = rate === undefined ? 0n : (rate * BigInt(operations) + 999n) / 1000n;
  if (feeRatesMilli.length >= 1 && fee > 0n && fee < FEE_MAX && fee <= (budgetUnits ?? fee)) return fee;
  throw FEE_RATES_INVALID(`a bid of ${fee} stroops is none that a transaction can have`, {
    field: "feeRatesMilli",
    hint: "give one rate in stroops for each operation",
  });
}

// Whoever has a sequence number before holds it: what takes its place has the same (law 4).
function sequenceFor({ view, address, snapshot, options: { anchors } }: Job): bigint {
  const [key, ...others] = anchors;
  if (key === undefined) return BigInt(snapshot.sequence);
  const held = sequenceOf(key);
  if (held?.chain === view.wallet.chain && held.address === address && others.length === 0)
    return held.sequence;
  throw SEQUENCE_TAKEN(`${anchors.join(", ")} is not one sequence number of ${address}`, {
    field: "conflictKeys",
    hint: "name the sequence number as ACCOUNT:NUMBER",
  });
}

// Whatever is paid, the fee is taken in lumens: the cancel rung's, which is the dearest.
function assertHeld(payments: readonly Payment[], feeUnits: bigint, job: Job): void {
  const coin = nativeAsset(job.view.wallet.chain);
  const taken = new Map([[coin, feeUnits]]);
  assertCovered(coin, feeUnits, job, { field: "fee" });
  payments.forEach(({ amount: { asset, units } }, place) => {
    const sum = (taken.get(asset) ?? 0n) + units;
    taken.set(asset, sum);
    assertCovered(asset, sum, job, aboutPayment(place, "amount"));
  });
}

function assertCovered(asset: AssetId, units: bigint, { view, address, snapshot }: Job, about: ErrorContext) {
  const held =
    asset === nativeAsset(view.wallet.chain)
      ? snapshot.balance
      : snapshot.tokens?.find((one) => one.asset === asset)?.balance;
  if (held !== undefined && units <= BigInt(held)) return;
  throw BALANCE_SHORT(`${address} has ${held ?? 0} units of ${asset} to give, ${units} are taken`, {
    ...about,
    hint: "fund the account: its reserve stays on it",
  });
}
