/**
 * A plan of an account as it crosses the gap: its base is the unsigned transaction of the cheapest rung, and each attempt is
 * that transaction at another fee. The cancel rung has the same nonce and gas, pays nobody and calls nothing: mined, it
 * uses up the nonce. Everything is computed here from the base (law 1).
 */
import { accountId } from "../../core/account.ts";
import { nativeAsset } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { fromBase64, toHex } from "../../core/hex.ts";
import type { DecodedAttempt, DecodedAttempts, PlanBytes, WalletView } from "../adapter.ts";
import type { Effect } from "../effect.ts";
import { formatKeyPath } from "../key-path.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import { effectOf, PLAIN_GAS } from "./account-effects.ts";
import type { AccountAttempt } from "./attempt.ts";
import { assertLadder, atFee, BASE_FEE_MISSTATED, feeFacts } from "./fees.ts";
import { nonceKey } from "./nonce-key.ts";
import { encodeUnsigned, feePerGas, parseUnsigned, signingHash, type EvmTransaction } from "./transaction.ts";
import { walletAccount } from "./wallet.ts";

export const GAS_OUT_OF_RANGE = declareError(
  "EVM_GAS_OUT_OF_RANGE",
  "denied",
  "A gas limit is below what a payment takes, or above what a transaction may have.",
);
export const FEE_ZERO = declareError(
  "EVM_FEE_ZERO",
  "denied",
  "A transaction pays nothing for its gas, so that no attempt could be a dearer one.",
);
export const ACCESS_LIST_UNASKED = declareError(
  "EVM_ACCESS_LIST_UNASKED",
  "denied",
  "A plan's transaction carries an access list, which no payment of ours needs.",
);
export const CANCEL_ELSEWHERE = declareError(
  "EVM_CANCEL_ELSEWHERE",
  "denied",
  "A cancel rung names another place of change than the account itself.",
);

const GAS_MIN = PLAIN_GAS;
/** The most gas that a transaction may have (EIP-7825). */
const GAS_MAX = 2n ** 24n;

const CHANGED = "do not sign: somebody changed the transaction or the plan";

/**
 * @param _previous of other chains' plans in the request: a nonce is made by no transaction, and gate G5 finds what is stray
 * @throws the refusals of this file, and those of `transaction.ts`, `fees.ts` and `account-effects.ts`
 */
export function decodePlan(
  plan: PlanBytes,
  _previous: readonly Uint8Array[],
  view: WalletView,
): DecodedAttempts<AccountAttempt> {
  const { chain } = view.wallet;
  const account = walletAccount(view);
  const { base, rungs, cancel } = openPlan(plan, view, account);
  const decoded = (transaction: EvmTransaction, effects: readonly Effect[]) =>
    describe(transaction, effects, account, chain);
  return {
    rungs: rungs.map((rung) => decoded(rung, [doneBy(base, account, view)])),
    cancel: cancel && decoded(cancel, [returned(account, chain)]),
  };
}

/** Every attempt as others sign it: its unsigned bytes (EIP-2718). */
export function expandPlan(
  plan: PlanBytes,
  _previous: readonly Uint8Array[],
  view: WalletView,
): readonly Uint8Array[] {
  const { rungs, cancel } = openPlan(plan, view, walletAccount(view));
  return [...rungs, ...(cancel === undefined ? [] : [cancel])].map(encodeUnsigned);
}

/** One unsigned transaction of the wallet. */
export function decode(bytes: Uint8Array, view: WalletView): DecodedAttempt<AccountAttempt> {
  const account = walletAccount(view);
  const transaction = parseUnsigned(bytes, view.wallet.chain);
  assertPlain(transaction);
  return describe(transaction, [doneBy(transaction, account, view)], account, view.wallet.chain);
}

// What does nothing but use up its nonce is for an intent that asks for it (G6).
function doneBy(transaction: EvmTransaction, account: AccountDescriptor, view: WalletView): Effect {
  const { to, value, data } = transaction;
  const isNothing = to === account.address && value === 0n && data.length === 0;
  return isNothing ? returned(account, view.wallet.chain) : effectOf(transaction, account, view);
}

type OpenPlan = {
  readonly base: EvmTransaction;
  readonly rungs: readonly EvmTransaction[];
  readonly cancel: EvmTransaction | undefined;
};

function openPlan(plan: PlanBytes, { wallet: { chain } }: WalletView, account: AccountDescriptor): OpenPlan {
  const base = parseUnsigned(fromBase64(plan.base, "plan.base"), chain, "plan.base");
  assertPlain(base);
  const stated = BigInt(plan.rungs[0]?.feeUnits ?? -1);
  const costs = feeFacts(base, chain).units;
  if (stated !== costs) {
    throw BASE_FEE_MISSTATED(`the base costs ${costs} wei, the plan's first rung says ${stated}`, {
      field: "plan.rungs[0].feeUnits",
      hint: CHANGED,
    });
  }
  const rungs = plan.rungs.map(({ feeUnits }, place) => {
    const field = `plan.rungs[${place}]`;
    return readAgain(atFee(base, BigInt(feeUnits), `${field}.feeUnits`), chain, field);
  });
  const cancel = plan.cancel === undefined ? undefined : cancelOf(base, plan.cancel, account, chain);
  assertLadder(cancel === undefined ? rungs : [...rungs, cancel]);
  return { base, rungs, cancel };
}

function cancelOf(
  base: EvmTransaction,
  { feeUnits, changeIndex }: NonNullable<PlanBytes["cancel"]>,
  account: AccountDescriptor,
  chain: ChainId,
): EvmTransaction {
  if (changeIndex !== 0) {
    throw CANCEL_ELSEWHERE(`the cancel rung goes to index ${changeIndex}, an account has one address`, {
      field: "plan.cancel.changeIndex",
      hint: CHANGED,
    });
  }
  const nothing = { ...base, to: account.address, value: 0n, data: new Uint8Array() };
  return readAgain(atFee(nothing, BigInt(feeUnits), "plan.cancel.feeUnits"), chain, "plan.cancel");
}

// What was computed is held to all that reading holds bytes to: a fee can be stated that no word holds.
function readAgain(transaction: EvmTransaction, chain: ChainId, field: string): EvmTransaction {
  return parseUnsigned(encodeUnsigned(transaction), chain, field);
}

function assertPlain(transaction: EvmTransaction): void {
  const { gasLimit } = transaction;
  // Of nothing there is no proportion, by which the other attempts' fees are made (as attack B12).
  if (feePerGas(transaction) === 0n) {
    throw FEE_ZERO("the transaction pays nothing for its gas", { field: "plan.base", hint: CHANGED });
  }
  if (gasLimit < GAS_MIN || gasLimit > GAS_MAX) {
    throw GAS_OUT_OF_RANGE(`the gas limit is ${gasLimit}, it lies between ${GAS_MIN} and ${GAS_MAX}`, {
      field: "plan.base.gasLimit",
      hint: CHANGED,
    });
  }
  if (transaction.type === 0 || transaction.accessList.length === 0) return;
  throw ACCESS_LIST_UNASKED("the transaction carries an access list", {
    field: "plan.base.accessList",
    hint: CHANGED,
  });
}

function returned(account: AccountDescriptor, chain: ChainId): Effect {
  return {
    type: "change",
    account: accountId(chain, account.address),
    asset: nativeAsset(chain),
    units: 0n,
    path: formatKeyPath(account.key.path),
    index: 0,
    keeps: true,
  };
}

function describe(
  transaction: EvmTransaction,
  effects: readonly Effect[],
  account: AccountDescriptor,
  chain: ChainId,
): DecodedAttempt<AccountAttempt> {
  const hash = signingHash(transaction);
  const fee = feeFacts(transaction, chain);
  const key = nonceKey({ chain, address: account.address, nonce: transaction.nonce });
  const units = (transaction.value + fee.units).toString();
  return {
    tx: { kind: "account", transaction, account, hash },
    transaction: toHex(hash) as Digest,
    conflictKeys: [key],
    inputs: [{ conflictKey: key, units, path: formatKeyPath(account.key.path) }],
    effects,
    fee,
    locks: [],
    warnings: [],
  };
}
