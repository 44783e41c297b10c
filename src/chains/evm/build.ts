/**
 * A task and a snapshot to a plan of one account: one transaction, one nonce. Several payments are several plans, each with
 * the nonce after the one before. Pure: the same arguments give the same bytes.
 */
import { splitAccount } from "../../core/account.ts";
import { nativeAsset } from "../../core/asset.ts";
import { declareError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { assertFeeCaps, cancelExcess, feeExcess, ladderExcess } from "../../core/policy/fee-caps.ts";
import type { BuildOptions, BuildTask, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import { parseAddress, type Address } from "./address.ts";
import { feeFacts, replacing } from "./fees.ts";
import { nonceKey, nonceOf } from "./nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import { chainIdOf, encodeUnsigned, type EvmTransaction } from "./transaction.ts";
import { walletAccount } from "./wallet.ts";

export const ONE_PAYMENT = declareError(
  "EVM_ONE_PAYMENT",
  "usage",
  "An account makes one payment with each transaction.",
);
export const TASK_UNKNOWN = declareError(
  "EVM_TASK_UNKNOWN",
  "usage",
  "An account is asked for something else than a payment.",
);
export const NONCE_TAKEN = declareError(
  "EVM_NONCE_TAKEN",
  "conflict",
  "A plan shall share what another holds, and that is not one nonce of the account.",
);
export const BALANCE_SHORT = declareError(
  "EVM_BALANCE_SHORT",
  "conflict",
  "An account does not hold what a payment and its fee may take.",
);
export const FEE_RATES_INVALID = declareError(
  "EVM_FEE_RATES_INVALID",
  "usage",
  "Fee rates are not rising, or there are too many of them.",
);

/** What a transaction that calls nothing takes (Yellow Paper, G_transaction). */
const PLAIN_GAS = 21_000;

type Job = {
  readonly view: WalletView;
  readonly account: AccountDescriptor;
  readonly snapshot: EvmSnapshot;
  readonly options: BuildOptions;
};

/**
 * @throws EVM_ONE_PAYMENT, EVM_TASK_UNKNOWN, EVM_NONCE_TAKEN, EVM_BALANCE_SHORT, EVM_FEE_RATES_INVALID, FEE_…_CAP; errors
 *   about a payment name its number in `details.payment`
 */
export function build(
  task: BuildTask,
  view: WalletView,
  snapshot: EvmSnapshot,
  options: BuildOptions,
): BuiltPlan {
  const account = walletAccount(view);
  const job = { view, account, snapshot, options };
  if (task.type === "pay") return buildPayment(job, task.payments);
  throw TASK_UNKNOWN(`an account has no task ${task.type}`, { field: "type" });
}

function buildPayment(job: Job, payments: readonly Payment[]): BuiltPlan {
  const [payment, ...others] = payments;
  if (payment === undefined || others.length > 0) {
    throw ONE_PAYMENT(`an account pays one destination at a time, not ${payments.length}`, {
      field: "payments",
      details: { payment: 1 },
      hint: "build with --max 1, one plan for each payment",
    });
  }
  const { view, snapshot } = job;
  const { chain, address } = splitAccount(payment.account);
  if (chain !== view.wallet.chain || payment.amount.asset !== nativeAsset(chain)) {
    throw ONE_PAYMENT(`${payment.amount.asset} is not the coin of ${view.wallet.chain}`, {
      field: "payments[0].asset",
      details: { payment: 0 },
    });
  }
  const gas = snapshot.gas.find(({ account }) => account === payment.account)?.limit ?? PLAIN_GAS;
  const call = { to: parseAddress(address), value: payment.amount.units, gasLimit: BigInt(gas) };
  return ladder(job, call, nonceFor(job, job.options.anchors));
}

// Whoever has a nonce before holds it: what takes its place has the same (law 4).
function nonceFor({ account, view, snapshot }: Job, keys: readonly string[]): bigint {
  const [key, ...others] = keys;
  if (key === undefined) return BigInt(snapshot.nonce);
  const held = nonceOf(key);
  if (held?.chain === view.wallet.chain && held.address === account.address && others.length === 0)
    return held.nonce;
  throw NONCE_TAKEN(`${keys.join(", ")} is not one nonce of ${account.address}`, {
    field: "conflictKeys",
    hint: "name the nonce as ADDRESS:NONCE",
  });
}

type Call = { readonly to: Address; readonly value: bigint; readonly gasLimit: bigint };

function ladder(job: Job, call: Call, nonce: bigint): BuiltPlan {
  const { view, account, snapshot, options } = job;
  const { caps } = options;
  const paidUnits = call.value;
  const { chain } = view.wallet;
  const [cheapest, ...dearer] = ratesOf(options);
  const base = transactionAt(job, call, nonce, cheapest ?? 0n);
  const first = feeFacts(base, chain);
  assertFeeCaps(first, paidUnits, caps);
  const fees = [first.units];
  for (const rate of dearer) {
    const fee = call.gasLimit * atLeast(rate, fees.at(-1) as bigint, call.gasLimit);
    const facts = { ...first, units: fee, rateMilli: (fee * 1000n) / (call.gasLimit * caps.rateUnit.units) };
    const over = feeExcess(facts, paidUnits, caps) ?? ladderExcess(first.units, fee, caps);
    if (over !== undefined || fee > (options.budgetUnits ?? fee)) break;
    fees.push(fee);
  }
  const cancelUnits = closing(fees, call.gasLimit, paidUnits, job);
  if (call.value + cancelUnits > BigInt(snapshot.balance)) {
    throw BALANCE_SHORT(
      `${account.address} holds ${snapshot.balance} wei, ${call.value + cancelUnits} may be taken`,
      {
        field: "payments[0].amount",
        details: { payment: 0 },
        hint: "fund the account, or build at lower --rates",
      },
    );
  }
  return {
    base: toBase64(encodeUnsigned(base)),
    rungs: fees.map((units) => ({ feeUnits: units.toString() })),
    cancel: { feeUnits: cancelUnits.toString(), changeIndex: 0 },
    conflictKeys: [nonceKey({ chain, address: account.address, nonce })],
    previous: [],
    changeIndex: undefined,
  };
}

/** Wei for each gas, from thousandths of the chain's unit. */
function ratesOf({ feeRatesMilli, caps }: BuildOptions): readonly bigint[] {
  const rising = feeRatesMilli.every((rate, i) => rate > (feeRatesMilli[i - 1] ?? 0n));
  if (!rising || feeRatesMilli.length === 0 || feeRatesMilli.length > LIMITS.ladderRungsMax) {
    throw FEE_RATES_INVALID(
      `there are ${feeRatesMilli.length} fee rates, 1 to ${LIMITS.ladderRungsMax} rise`,
      {
        field: "feeRatesMilli",
      },
    );
  }
  return feeRatesMilli.map((rate) => (rate * caps.rateUnit.units) / 1000n);
}

function transactionAt({ view, snapshot }: Job, call: Call, nonce: bigint, fee: bigint): EvmTransaction {
  const common = { ...call, chainId: chainIdOf(view.wallet.chain), nonce, data: new Uint8Array() };
  if (!snapshot.baseFees) return { ...common, type: 0, gasPrice: fee };
  const tip = BigInt(snapshot.tipWei);
  return {
    ...common,
    type: 2,
    maxFeePerGas: fee,
    maxPriorityFeePerGas: tip < fee ? tip : fee,
    accessList: [],
  };
}

// A rung that nodes would not take in place of the one before is none.
function atLeast(rate: bigint, beforeUnits: bigint, gasLimit: bigint): bigint {
  const least = replacing(beforeUnits / gasLimit);
  return rate > least ? rate : least;
}

/** The fee of the cancel rung; rungs above which the caps leave no room for it are given up. */
function closing(fees: bigint[], gasLimit: bigint, paidUnits: bigint, { options: { caps } }: Job): bigint {
  for (;;) {
    const units = gasLimit * replacing((fees.at(-1) as bigint) / gasLimit);
    const rungs = fees.map((fee) => ({ units: fee, virtualSize: Number(gasLimit) }));
    const excess = cancelExcess(units, rungs, paidUnits, caps);
    if (excess === undefined) return units;
    if (fees.length === 1) {
      const rateMilli = (units * 1000n) / (gasLimit * caps.rateUnit.units);
      assertFeeCaps({ units, rateMilli }, paidUnits, caps);
      return units;
    }
    fees.pop();
  }
}
