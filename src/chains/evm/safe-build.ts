/**
 * Payments to a plan of a Safe: one transaction, several payments in one batch. Its fee is the relayer's. Pure: the same
 * arguments give the same bytes.
 */
import { splitAccount } from "../../core/account.ts";
import { nativeAsset, tokenContract, type AssetId } from "../../core/asset.ts";
import { toBase64 } from "../../core/hex.ts";
import type { BuildOptions, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import { assertPays } from "./account-effects.ts";
import { parseAddress } from "./address.ts";
import {
  BALANCE_SHORT,
  DESTINATION_REFUSES,
  FACT_MISSING,
  NONCE_TAKEN,
  nonceUsed,
  ONE_PAYMENT,
  SAFE_HAS_MODULE,
} from "./build-errors.ts";
import { MULTI_SEND_CALLS_MAX } from "./multi-send.ts";
import type { SafeDescriptor } from "./safe-descriptor.ts";
import { makeSafeCancel, type SafeTx } from "./safe.ts";
import { paySafeTx, type SafePayment } from "./safe-payments.ts";
import { packSafeTx } from "./safe-plan.ts";
import { changeSafeTx, parseChange } from "./safe-change.ts";
import { safeNonceKey, safeNonceOf } from "./safe-nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import { contractOf } from "./tokens.ts";
import { walletSafe } from "./wallet.ts";

/** @throws EVM_ONE_PAYMENT, EVM_NONCE_TAKEN, EVM_BALANCE_SHORT, EVM_DESTINATION_REFUSES, and the errors of `paySafeTx` */
export function buildSafePayments(
  payments: readonly Payment[],
  view: WalletView,
  snapshot: EvmSnapshot,
  { anchors }: Pick<BuildOptions, "anchors">,
): BuiltPlan {
  const safe = walletSafe(view);
  if (payments.length > MULTI_SEND_CALLS_MAX) {
    throw ONE_PAYMENT(`a batch holds ${MULTI_SEND_CALLS_MAX} payments`, {
      field: "payments",
      details: { payment: MULTI_SEND_CALLS_MAX, anotherPlan: true },
    });
  }
  assertContractAlone(payments);
  assertNoModules(safe, snapshot);
  const calls = payments.map((payment, place) => callFor(payment, place, { safe, view, snapshot }));
  assertHeld(payments, view, snapshot);
  // Whoever has a nonce before holds it: what takes its place has the same (law 4).
  const nonce = anchors.length === 0 ? BigInt(snapshot.nonce) : heldNonce(anchors, safe, view, snapshot);
  return planOf(paySafeTx(calls, safe, nonce), safe, view, { cancel: { feeUnits: "0", changeIndex: 0 } });
}

/** Uses up a nonce of the Safe that a plan holds which nobody wants any more. @throws EVM_NONCE_TAKEN */
export function buildSafeCancel(
  conflictKeys: readonly string[],
  view: WalletView,
  snapshot: EvmSnapshot,
): BuiltPlan {
  const safe = walletSafe(view);
  const nonce = heldNonce(conflictKeys, safe, view, snapshot);
  return planOf(makeSafeCancel(safe, nonce), safe, view, {});
}

/** Has the Safe change who commands it. @throws SAFE_CHANGE_MALFORMED, SAFE_CHANGE_INVALID, EVM_FACT_MISSING */
export function buildSafeChange(text: string, view: WalletView, snapshot: EvmSnapshot): BuiltPlan {
  const safe = walletSafe(view);
  const change = parseChange(text);
  const { lists } = snapshot;
  if (lists === undefined)
    throw FACT_MISSING("the Safe's own lists were not read", { field: "snapshot.lists" });
  return planOf(changeSafeTx(change, safe, lists, BigInt(snapshot.nonce)), safe, view, {});
}

function planOf(
  tx: SafeTx,
  { address }: SafeDescriptor,
  { wallet: { chain } }: WalletView,
  closing: Pick<BuiltPlan, "cancel">,
): BuiltPlan {
  return {
    base: toBase64(packSafeTx(tx)),
    rungs: [{ feeUnits: "0" }],
    ...closing,
    conflictKeys: [safeNonceKey({ chain, safe: address, nonce: tx.nonce })],
    previous: [],
    changeIndex: undefined,
  };
}

// Modules move what the Safe has without its owners.
function assertNoModules({ address }: SafeDescriptor, { lists }: EvmSnapshot): void {
  const [code] = lists?.modules ?? [];
  if (code === undefined) return;
  throw SAFE_HAS_MODULE(`the Safe ${address} obeys module ${code}, which needs no owner to move its money`, {
    field: "wallet",
    hint: `custody intent new --type control --wallet NAME --change "disable module ${code}"`,
  });
}

// What a contract does when it is paid is nobody's to foresee: it stands in no batch with others.
function assertContractAlone(payments: readonly Payment[]): void {
  const place = payments.findIndex(({ contract }) => contract !== undefined);
  if (place < 0 || payments.length === 1) return;
  throw ONE_PAYMENT("a contract is paid by itself, in a plan of its own", {
    field: `payments[${place}].account`,
    details: { payment: place, anotherPlan: true },
  });
}

type About = { readonly safe: SafeDescriptor; readonly view: WalletView; readonly snapshot: EvmSnapshot };

function callFor(
  { account, amount: { asset, units } }: Payment,
  place: number,
  { safe, view, snapshot }: About,
): SafePayment {
  const { chain, address } = splitAccount(account);
  const about = { field: `payments[${place}].account`, details: { payment: place } };
  const isCoin = asset === nativeAsset(view.wallet.chain);
  if (chain !== view.wallet.chain || (!isCoin && !view.tokens.includes(asset)))
    throw ONE_PAYMENT(
      `${asset} is neither the coin of ${view.wallet.chain} nor a token of the policy`,
      about,
    );
  const refusal = snapshot.refused?.find((simulated) => simulated.account === account);
  if (refusal !== undefined)
    throw DESTINATION_REFUSES(`${address} would not take ${units} units of ${asset}: ${refusal.why}`, about);
  const to = parseAddress(address);
  assertPays({ to, units }, safe.address, view.tokens, about);
  return isCoin ? { to, units } : { token: contractOf(asset), to, units };
}

/** The first payment that the Safe does not hold enough for is named, so that the ones before it can go. */
function assertHeld(payments: readonly Payment[], view: WalletView, snapshot: EvmSnapshot): void {
  const left = new Map<AssetId, bigint>([
    [nativeAsset(view.wallet.chain), BigInt(snapshot.balance)],
    ...(snapshot.tokens ?? []).map(({ asset, balance }) => [asset, BigInt(balance)] as const),
  ]);
  payments.forEach(({ amount: { asset, units } }, place) => {
    const rest = (left.get(asset) ?? 0n) - units;
    left.set(asset, rest);
    if (rest >= 0n) return;
    throw BALANCE_SHORT(
      `the Safe lacks ${-rest} units of ${tokenContract(asset) ?? "its coin"} for payment ${place}`,
      {
        field: `payments[${place}].amount`,
        details: { payment: place },
        hint: "fund the Safe, or wait until other plans of it are settled",
      },
    );
  });
}

function heldNonce(
  keys: readonly string[],
  safe: SafeDescriptor,
  view: WalletView,
  snapshot: EvmSnapshot,
): bigint {
  const [key = "", ...others] = keys;
  const held = safeNonceOf(key);
  if (held?.chain === view.wallet.chain && held.safe === safe.address && others.length === 0) {
    if (held.nonce >= BigInt(snapshot.nonce)) return held.nonce;
    throw nonceUsed(held.nonce, `the Safe ${safe.address}`);
  }
  throw NONCE_TAKEN(`${keys.join(", ")} is not one nonce of the Safe ${safe.address}`, {
    field: "conflictKeys",
  });
}
