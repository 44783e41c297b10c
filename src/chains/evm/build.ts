/**
 * A task and a snapshot to a plan of one account: one transaction, one nonce. Several payments are several plans, each with
 * the nonce after the one before. Pure: the same arguments give the same bytes.
 */
import { splitAccount } from "../../core/account.ts";
import { nativeAsset } from "../../core/asset.ts";
import { declareError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import {
  assertFeeCaps,
  cancelExcess,
  feeExcess,
  ladderExcess,
  OTHER_ASSET,
  type Judged,
} from "../../core/policy/fee-caps.ts";
import type { BuildOptions, BuildTask, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import { assertPays } from "./account-effects.ts";
import { parseAddress } from "./address.ts";
import { encodeTransfer } from "./erc20.ts";
import { feeFacts, replacing } from "./fees.ts";
import { nonceKey, nonceOf } from "./nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import {
  BALANCE_SHORT,
  DESTINATION_REFUSES,
  FACT_MISSING,
  NONCE_TAKEN,
  ONE_PAYMENT,
  TASK_UNKNOWN,
} from "./build-errors.ts";
import { buildSafePayments } from "./safe-build.ts";
import { isSafe } from "./safe-descriptor.ts";
import { contractOf } from "./tokens.ts";
import { chainIdOf, encodeUnsigned, type EvmTransaction } from "./transaction.ts";
import { walletAccount } from "./wallet.ts";

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
 * @throws EVM_ONE_PAYMENT, EVM_TASK_UNKNOWN, EVM_NONCE_TAKEN, EVM_BALANCE_SHORT, EVM_FACT_MISSING, EVM_TRANSFER_TO,
 *   EVM_PAYS_NOTHING, EVM_FEE_RATES_INVALID, FEE_…_CAP; errors about a payment name its number in `details.payment`
 */
export function build(
  task: BuildTask,
  view: WalletView,
  snapshot: EvmSnapshot,
  options: BuildOptions,
): BuiltPlan {
  if (task.type === "pay" && isSafe(view.wallet))
    return buildSafePayments(task.payments, view, snapshot, options);
  if (task.type === "pay")
    return buildPayment({ view, account: walletAccount(view), snapshot, options }, task.payments);
  throw TASK_UNKNOWN(`an account has no task ${task.type}`, { field: "type" });
}

function buildPayment(job: Job, payments: readonly Payment[]): BuiltPlan {
  const [payment, ...others] = payments;
  if (payment === undefined || others.length > 0) {
    throw ONE_PAYMENT(`an account pays one destination at a time, not ${payments.length}`, {
      field: "payments",
      details: { payment: 1, anotherPlan: true },
      hint: "build with --max 1, one plan for each payment",
    });
  }
  const call = callFor(payment, job);
  assertHeld(payment.amount, job);
  return ladder(job, call, nonceFor(job, job.options.anchors));
}

function callFor(
  { account, amount: { asset, units } }: Payment,
  { view, account: own, snapshot }: Job,
): Call {
  const { chain, address } = splitAccount(account);
  const coin = nativeAsset(view.wallet.chain);
  if (chain !== view.wallet.chain || (asset !== coin && !view.tokens.includes(asset))) {
    throw ONE_PAYMENT(`${asset} is neither the coin of ${view.wallet.chain} nor a token of the policy`, {
      field: "payments[0].asset",
      details: { payment: 0 },
    });
  }
  const to = parseAddress(address);
  assertPays({ to, units }, own.address, view.tokens, {
    field: "payments[0].account",
    details: { payment: 0 },
    hint: "ask whoever gave the destination for their own address",
  });
  const refusal = snapshot.refused?.find((simulated) => simulated.account === account);
  if (refusal !== undefined) {
    throw DESTINATION_REFUSES(`${address} would not take ${units} units of ${asset}: ${refusal.why}`, {
      field: "payments[0].account",
      details: { payment: 0 },
      hint: "ask for another destination, or try again once its contract takes it",
    });
  }
  const gas = snapshot.gas.find((simulated) => simulated.account === account)?.limit;
  if (asset === coin) {
    return { to, value: units, data: new Uint8Array(), gasLimit: BigInt(gas ?? PLAIN_GAS), paid: units };
  }
  // How much a token's contract takes, nothing but its own code says.
  if (gas === undefined) throw missing("gas", `what a transfer of ${asset} to ${address} takes`);
  const token = contractOf(asset);
  const data = encodeTransfer({ token, to, units });
  return { to: token, value: 0n, data, gasLimit: BigInt(gas), paid: OTHER_ASSET };
}

function assertHeld({ asset, units }: Payment["amount"], { account, view, snapshot }: Job): void {
  if (asset === nativeAsset(view.wallet.chain)) return;
  const held = snapshot.tokens?.find((token) => token.asset === asset)?.balance;
  if (held === undefined) throw missing("tokens", `how much of ${asset} ${account.address} holds`);
  if (units > BigInt(held))
    throw short(`${account.address} holds ${held} units of ${asset}, ${units} are paid`);
}

function missing(field: string, what: string) {
  return FACT_MISSING(`the chain facts do not say ${what}`, {
    field: `snapshot.${field}`,
    details: { payment: 0 },
    hint: "build again once the node answers: custody doctor",
  });
}

function short(why: string) {
  return BALANCE_SHORT(why, {
    field: "payments[0].amount",
    details: { payment: 0 },
    hint: "fund the account, or build at lower --rates",
  });
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

type Call = Pick<EvmTransaction, "to" | "value" | "data" | "gasLimit"> & {
  /** What its fee is a share of. */
  readonly paid: Judged;
};

function ladder(job: Job, call: Call, nonce: bigint): BuiltPlan {
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
  const cancelUnits = closing(fees, call.gasLimit, paid, job);
  const taken = call.value + cancelUnits;
  if (taken > BigInt(snapshot.balance))
    throw short(`${account.address} holds ${snapshot.balance} wei, ${taken} may be taken`);
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
