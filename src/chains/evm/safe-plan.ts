/**
 * A plan of a Safe as it crosses the gap: its base is the transaction that the owners sign, packed in the order of the
 * EIP-712 type. It has one rung, whose fee is nothing, for gas is the relayer's; its cancel rung has the same nonce, pays nobody
 * and calls nothing. Everything is read here from the base (law 1), and refused where it is no payment.
 */
import { accountId } from "../../core/account.ts";
import { nativeAsset } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { assert, declareError } from "../../core/errors.ts";
import { concatBytes, fromBase64, toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import type { DecodedAttempt, DecodedAttempts, PlanBytes, WalletView } from "../adapter.ts";
import type { Effect } from "../effect.ts";
import { formatKeyPath } from "../key-path.ts";
import { ADDRESS_BYTES, addressBytes, addressOf } from "./address.ts";
import type { SafeAttempt } from "./attempt.ts";
import { wordBytes } from "./quantity.ts";
import { hashSafeTx, isSafeCancel, makeSafeCancel, makeSafeTx, operationOf, type SafeTx } from "./safe.ts";
import type { SafeDescriptor } from "./safe-descriptor.ts";
import { readSafePayments, type SafePayment } from "./safe-payments.ts";
import { assertNeedsUs, changeText, decodeChange, isChange } from "./safe-change.ts";
import { safeNonceKey } from "./safe-nonce-key.ts";
import { contractOf, tokenAt } from "./tokens.ts";
import { ownPlace, walletSafe } from "./wallet.ts";

export const SAFE_PLAN_MALFORMED = declareError(
  "SAFE_PLAN_MALFORMED",
  "denied",
  "A Safe's plan is not packed as ours are, has several rungs, or states a fee that the Safe would pay.",
);

const CHANGED = "do not sign: somebody changed the transaction or the plan";
/** to, value, operation, nonce; the calldata follows. */
const HEAD_BYTES = ADDRESS_BYTES + 32 + 1 + 32;

/** The bytes of a base. Refunds are none, so that they are not written. */
export function packSafeTx({ to, value, operation, nonce, data }: SafeTx): Uint8Array {
  return concatBytes(addressBytes(to), wordBytes(value), Uint8Array.of(operation), wordBytes(nonce), data);
}

/** @throws SAFE_PLAN_MALFORMED, SAFE_TX_MALFORMED */
export function unpackSafeTx(bytes: Uint8Array, field = "plan.base"): SafeTx {
  if (bytes.length < HEAD_BYTES || bytes.length > LIMITS.evmTransactionBytesMax)
    throw malformed(field, `has ${bytes.length} bytes`);
  const number = (from: number, length: number) => BigInt(`0x${toHex(bytes.subarray(from, from + length))}`);
  return makeSafeTx({
    to: addressOf(bytes.subarray(0, ADDRESS_BYTES)),
    value: number(ADDRESS_BYTES, 32),
    operation: operationOf(number(ADDRESS_BYTES + 32, 1), `${field}.operation`),
    nonce: number(ADDRESS_BYTES + 33, 32),
    data: bytes.slice(HEAD_BYTES),
  });
}

/** @throws SAFE_PLAN_MALFORMED, SAFE_…, EVM_… */
export function decodeSafePlan(plan: PlanBytes, view: WalletView): DecodedAttempts<SafeAttempt> {
  const safe = walletSafe(view);
  const { chain } = view.wallet;
  const tx = openSafePlan(plan);
  const effects = effectsOf(tx, safe, view, "plan.base");
  const cancel = makeSafeCancel(safe, tx.nonce);
  return {
    rungs: [describe(tx, effects, safe, chain)],
    cancel: plan.cancel && describe(cancel, [returned(safe, chain)], safe, chain),
  };
}

/** Each attempt as it is packed. */
export function expandSafePlan(plan: PlanBytes, view: WalletView): readonly Uint8Array[] {
  const safe = walletSafe(view);
  const tx = openSafePlan(plan);
  const cancel = plan.cancel === undefined ? [] : [makeSafeCancel(safe, tx.nonce)];
  return [tx, ...cancel].map(packSafeTx);
}

/** One packed transaction of the Safe. */
export function decodeSafe(bytes: Uint8Array, view: WalletView): DecodedAttempt<SafeAttempt> {
  const safe = walletSafe(view);
  const tx = unpackSafeTx(bytes, "transaction");
  return describe(tx, effectsOf(tx, safe, view, "transaction"), safe, view.wallet.chain);
}

// What does nothing but use up its nonce, and what changes who commands the Safe, is for an intent that asks for it (G6).
function effectsOf(tx: SafeTx, safe: SafeDescriptor, view: WalletView, field: string): readonly Effect[] {
  if (isSafeCancel(tx, safe, field)) return [returned(safe, view.wallet.chain)];
  if (isChange(tx, safe)) {
    const change = decodeChange(tx, safe, field);
    assertNeedsUs(change, view.wallet, field);
    return [
      { type: "control", account: accountId(view.wallet.chain, safe.address), change: changeText(change) },
    ];
  }
  const tokens = view.tokens.map((token) => contractOf(token));
  return readSafePayments(tx, safe, tokens, field).map((payment) => effectOf(payment, safe, view));
}

function openSafePlan({ base, rungs, cancel }: PlanBytes): SafeTx {
  if (rungs.length !== 1) throw malformed("plan.rungs", `are ${rungs.length}, a Safe's plan has one`);
  const fees = [...rungs, ...(cancel === undefined ? [] : [cancel])].map(({ feeUnits }) => feeUnits);
  if (fees.some((fee) => fee !== "0"))
    throw malformed("plan.rungs", "state a fee, and a Safe of ours pays none");
  if (cancel !== undefined && cancel.changeIndex !== 0)
    throw malformed("plan.cancel.changeIndex", `is ${cancel.changeIndex}, a Safe has one address`);
  return unpackSafeTx(fromBase64(base, "plan.base"));
}

function effectOf({ token, to, units }: SafePayment, safe: SafeDescriptor, view: WalletView): Effect {
  const { chain } = view.wallet;
  const asset = token === undefined ? nativeAsset(chain) : tokenAt(token, view.tokens);
  assert(asset !== undefined, "a payment is read of listed tokens alone");
  if (token === undefined && tokenAt(to, view.tokens) !== undefined)
    throw malformed("plan.base", `pays coins to ${to}, a token's contract`);
  const paid = { account: accountId(chain, to), asset, units };
  const own = ownPlace(view, to);
  if (own === undefined || to === safe.address) return { type: "pay", ...paid };
  return { type: "own", wallet: own.wallet, ...paid, path: own.path, index: 0 };
}

function returned({ address, keys }: SafeDescriptor, chain: ChainId): Effect {
  return {
    type: "change",
    account: accountId(chain, address),
    asset: nativeAsset(chain),
    units: 0n,
    path: formatKeyPath(keys[0]?.key.path ?? []),
    index: 0,
    keeps: true,
  };
}

function describe(
  tx: SafeTx,
  effects: readonly Effect[],
  safe: SafeDescriptor,
  chain: ChainId,
): DecodedAttempt<SafeAttempt> {
  const { digest } = hashSafeTx(tx, safe);
  const key = safeNonceKey({ chain, safe: safe.address, nonce: tx.nonce });
  const coin = nativeAsset(chain);
  const units = effects.reduce(
    (sum, effect) => ("units" in effect && effect.asset === coin ? sum + effect.units : sum),
    0n,
  );
  return {
    tx: { kind: "safe", transaction: tx, safe, hash: digest },
    transaction: toHex(digest) as Digest,
    conflictKeys: [key],
    inputs: [
      { conflictKey: key, units: units.toString(), path: formatKeyPath(safe.keys[0]?.key.path ?? []) },
    ],
    effects,
    fee: { units: 0n, rateMilli: 0n, virtualSize: 1 },
    locks: [],
    warnings: [],
  };
}

function malformed(field: string, why: string) {
  return SAFE_PLAN_MALFORMED(`${field} ${why}`, { field, hint: CHANGED });
}
