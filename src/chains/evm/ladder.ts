/** The ladder of an account's plan: one transaction at rising fees over one nonce, and the cancel rung above them. */
import { declareError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import {
  assertFeeCaps,
  cancelExcess,
  feeExcess,
  ladderExcess,
  type Judged,
} from "../../core/policy/fee-caps.ts";
import type { BuildOptions, BuiltPlan, WalletView } from "../adapter.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import { BALANCE_SHORT } from "./build-errors.ts";
import { feeFacts, replacing } from "./fees.ts";
import { nonceKey } from "./nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import { chainIdOf, encodeUnsigned, type EvmTransaction } from "./transaction.ts";

export const FEE_RATES_INVALID = declareError(
  "EVM_FEE_RATES_INVALID",
  "usage",
  "Fee rates are not rising, or there are too many of them.",
);

/** What an account's plan is built from. */
export type Job = {
  readonly view: WalletView;
  readonly account: AccountDescriptor;
  readonly snapshot: EvmSnapshot;
  readonly options: BuildOptions;
};

/** What every rung does. */
export type Call = Pick<EvmTransaction, "to" | "value" | "data" | "gasLimit"> & {
  /** What its fee is a share of. */
  readonly paid: Judged;
};

/**
 * @param closes whether a cancel rung stands above the others: what uses up the nonce itself needs none
 * @throws EVM_FEE_RATES_INVALID, EVM_BALANCE_SHORT, FEE_…_CAP
 */
export function ladder(job: Job, call: Call, nonce: bigint, closes: boolean): BuiltPlan {
  const { view, account, snapshot, options } = job;
  const { caps } = options;
  const { paid } = call;
  const { chain } = view.wallet;
  const [cheapest, ...dearer] = ratesOf(options);
  const base = transactionAt(job, call, nonce, cheapest ?? 0n);
  const first = feeFacts(base, chain);
  assertFeeCaps(first, paid, caps);
  const fees = [first.units];
  for (const rate of dearer) {
    const fee = call.gasLimit * atLeast(rate, fees.at(-1) as bigint, call.gasLimit);
    const facts = { ...first, units: fee, rateMilli: (fee * 1000n) / (call.gasLimit * caps.rateUnit.units) };
    const over = feeExcess(facts, paid, caps) ?? ladderExcess(first.units, fee, caps);
    if (over !== undefined || fee > (options.budgetUnits ?? fee)) break;
    fees.push(fee);
  }
  const cancelUnits = closes ? closing(fees, call.gasLimit, paid, job) : undefined;
  const taken = call.value + (cancelUnits ?? fees.at(-1) ?? first.units);
  if (taken > BigInt(snapshot.balance))
    throw short(`${account.address} holds ${snapshot.balance} wei, ${taken} may be taken`);
  return {
    base: toBase64(encodeUnsigned(base)),
    rungs: fees.map((units) => ({ feeUnits: units.toString() })),
    ...(cancelUnits === undefined ? {} : { cancel: { feeUnits: cancelUnits.toString(), changeIndex: 0 } }),
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

function transactionAt(
  { view, snapshot }: Job,
  { paid: _, ...call }: Call,
  nonce: bigint,
  fee: bigint,
): EvmTransaction {
  const common = { ...call, chainId: chainIdOf(view.wallet.chain), nonce };
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
function closing(fees: bigint[], gasLimit: bigint, paid: Judged, { options: { caps } }: Job): bigint {
  for (;;) {
    const units = gasLimit * replacing((fees.at(-1) as bigint) / gasLimit);
    const rungs = fees.map((fee) => ({ units: fee, virtualSize: Number(gasLimit) }));
    const excess = cancelExcess(units, rungs, paid, caps);
    if (excess === undefined) return units;
    if (fees.length === 1) {
      const rateMilli = (units * 1000n) / (gasLimit * caps.rateUnit.units);
      assertFeeCaps({ units, rateMilli }, paid, caps);
      return units;
    }
    fees.pop();
  }
}

/** The account cannot pay for it. */
export function short(why: string) {
  return BALANCE_SHORT(why, {
    field: "payments[0].amount",
    details: { payment: 0 },
    hint: "fund the account, or build at lower --rates",
  });
}
