/**
 * What a plan's operations do: payments from the wallet's account, in lumens or what the policy lists, and nothing else. Every
 * other operation is refused by its name (attack S4), and so is one whose source is somebody else.
 */
import { accountId } from "../../core/account.ts";
import { assetFacts, nativeAsset, type AssetId } from "../../core/asset.ts";
import { declareError, type ErrorContext } from "../../core/errors.ts";
import type { WalletView } from "../adapter.ts";
import type { Effect } from "../effect.ts";
import { addressOfId, holderOf, textOfMuxed, type Address } from "./address.ts";
import { assetIdOf, issuedText } from "./assets.ts";
import type { StellarDescriptor } from "./descriptor.ts";
import { ownPlace } from "./wallet.ts";
import type { XdrAsset, XdrMuxedAccount } from "./xdr/accounts.ts";
import type { Operation } from "./xdr/operation.ts";

export const OPERATION_REFUSED = declareError(
  "STELLAR_OPERATION_REFUSED",
  "denied",
  "A plan's transaction does something else than pay.",
);
export const OPERATION_SOURCE = declareError(
  "STELLAR_OPERATION_SOURCE",
  "denied",
  "An operation is done for another account than the wallet's.",
);
export const ASSET_UNLISTED = declareError(
  "STELLAR_ASSET_UNLISTED",
  "denied",
  "An operation pays in an asset that the policy does not list.",
);
export const PAYS_NOTHING = declareError(
  "STELLAR_PAYS_NOTHING",
  "denied",
  "A payment goes to the account that it comes from, or is of nothing.",
);
export const MEMO_AND_MUXED = declareError(
  "STELLAR_MEMO_AND_MUXED",
  "denied",
  "A payment to a muxed account has a memo as well, so that nobody knows which of them counts.",
);

export type Paid = {
  readonly to: string;
  readonly holder: Address;
  readonly asset: AssetId;
  readonly units: bigint;
};

/** @param field where the operation stands */
export function effectOf(
  operation: Operation,
  account: StellarDescriptor,
  view: WalletView,
  memo: string | undefined,
  field: string,
): Effect {
  assertOwnSource(operation.source, account, field);
  const paid = paidBy(operation, view, field);
  assertPays(paid, account.address, { field, hint: CHANGED });
  assertOneReference(paid, memo, { field, hint: CHANGED });
  const { chain } = view.wallet;
  const moved = { account: accountId(chain, paid.to), asset: paid.asset, units: paid.units };
  const own = ownPlace(view, paid.holder);
  if (own === undefined) return { type: "pay", ...moved, ...(memo === undefined ? {} : { memo }) };
  return { type: "own", wallet: own.wallet, ...moved, path: own.path, index: 0 };
}

const CHANGED = "do not sign: somebody changed the transaction or the plan";

// Attack S4: for a source of its own an operation needs that account's signatures, and whose it is nobody here can say.
function assertOwnSource(
  source: XdrMuxedAccount | undefined,
  { address }: StellarDescriptor,
  field: string,
): void {
  if (source === undefined || textOfMuxed(source) === address) return;
  throw OPERATION_SOURCE(`${field} is done for ${textOfMuxed(source)}, and not for ${address}`, {
    field: `${field}.source`,
    hint: CHANGED,
  });
}

function paidBy({ body }: Operation, view: WalletView, field: string): Paid {
  const { chain } = view.wallet;
  if (body.type === "createAccount") {
    const { destination, startingBalance } = body.value;
    const holder = addressOfId(destination);
    return { to: holder, holder, asset: nativeAsset(chain), units: startingBalance };
  }
  if (body.type === "payment") {
    const { destination, asset, amount } = body.value;
    return {
      to: textOfMuxed(destination),
      holder: holderOf(destination),
      asset: listed(asset, view, `${field}.asset`),
      units: amount,
    };
  }
  throw OPERATION_REFUSED(`${field} is of kind ${body.type}: what it does is no payment`, {
    field,
    hint: CHANGED,
    details: { operation: body.type },
  });
}

// Attack S11: another issuer's asset of the same code is another asset, which nobody has agreed to.
function listed(asset: XdrAsset, { wallet: { chain }, tokens }: WalletView, field: string): AssetId {
  const id = assetIdOf(asset, chain, field);
  if (asset.type === "native" || tokens.includes(id)) return id;
  const { code, issuer } = issuedText(asset, field) ?? { code: assetFacts(id).symbol, issuer: "" };
  throw ASSET_UNLISTED(`${field} is ${code} of ${issuer}, which the policy does not list`, {
    field,
    hint: CHANGED,
  });
}

/** Refuses what would pay nobody, when it is built as when it is read. @throws STELLAR_PAYS_NOTHING */
export function assertPays({ holder, to, units }: Paid, from: Address, about: ErrorContext): void {
  if (holder === from) throw PAYS_NOTHING("the account is paid that the payment comes from", about);
  if (units <= 0n) throw PAYS_NOTHING(`${to} is paid ${units}`, about);
}

/** Attack S5: a number in the address and one beside it. @throws STELLAR_MEMO_AND_MUXED */
export function assertOneReference(
  { to, holder }: Paid,
  memo: string | undefined,
  about: ErrorContext,
): void {
  if (to === holder || memo === undefined) return;
  throw MEMO_AND_MUXED(`${to} has a number of its own, and the transaction has the memo ${memo}`, about);
}
