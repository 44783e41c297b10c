/** What an account's entries in a ledger say that it may give, and that it would take. */
import { accountId } from "../../core/account.ts";
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { amount } from "../../core/amount.ts";
import { toHex, utf8 } from "../../core/hex.ts";
import type { Held } from "../chain-node.ts";
import { accountIdOf, type Address } from "./address.ts";
import { xdrAssetOf } from "./assets.ts";
import { LEDGER_KEY } from "./xdr/ledger-key.ts";
import type { AccountEntry, TrustLineEntry } from "./xdr/ledger.ts";
import { encodeXdr } from "./xdr/type.ts";

/** SEP-29: an account with this entry asks for a memo, where it says `1`. */
const MEMO_REQUIRED = "config.memo_required";
/** TrustLineFlags. */
const AUTHORIZED = 1;

export function accountKey(address: Address): Uint8Array {
  return encodeXdr(LEDGER_KEY, { type: "account", value: { accountId: accountIdOf(address) } });
}

/** Undefined of lumens, which no trust line holds, and of a contract's token. */
export function trustLineKey(address: Address, asset: AssetId): Uint8Array | undefined {
  const xdr = xdrAssetOf(asset);
  if (xdr === undefined || xdr.type === "native") return undefined;
  return encodeXdr(LEDGER_KEY, { type: "trustline", value: { accountId: accountIdOf(address), asset: xdr } });
}

export function memoRequiredKey(address: Address): Uint8Array {
  const value = { accountId: accountIdOf(address), dataName: utf8(MEMO_REQUIRED) };
  return encodeXdr(LEDGER_KEY, { type: "data", value });
}

/** @param value of the entry that `memoRequiredKey` finds */
export function asksForMemo(value: Uint8Array | undefined): boolean {
  return value !== undefined && toHex(value) === toHex(utf8("1"));
}

/** An account without entries of its own holds back two of these (CAP-33 counts what others pay for). */
const OWN_ENTRIES = 2n;

/** Stroops that an account may give: above its reserve, and above what its offers have promised. */
export function spendable({ balance, subEntries, ext }: AccountEntry, reserveUnits: bigint): bigint {
  const v1 = ext.type === "v1" ? ext.value : undefined;
  const v2 = v1?.ext.type === "v2" ? v1.ext.value : undefined;
  const entries = OWN_ENTRIES + BigInt(subEntries) + BigInt(v2?.sponsoring ?? 0) - BigInt(v2?.sponsored ?? 0);
  const free = balance - entries * reserveUnits - (v1?.liabilities.selling ?? 0n);
  return free < 0n ? 0n : free;
}

/** Units that a trust line may give: nothing where its issuer has taken the leave to. */
export function spendableOf({ balance, flags, ext }: TrustLineEntry): bigint {
  if ((flags & AUTHORIZED) === 0) return 0n;
  return balance - (ext.type === "v1" ? ext.value.liabilities.selling : 0n);
}

/** Why a trust line would not take `units`, or undefined. */
export function whyNotTaken(line: TrustLineEntry | undefined, units: bigint): string | undefined {
  if (line === undefined) return "it has no trust line for the asset";
  if ((line.flags & AUTHORIZED) === 0) return "the asset's issuer has not authorised it";
  const promised = line.ext.type === "v1" ? line.ext.value.liabilities.buying : 0n;
  const room = line.limit - line.balance - promised;
  return room < units ? `its trust line takes ${room < 0n ? 0n : room} units more` : undefined;
}

/** What an account holds, reserve and all: what a ledger's books are compared with. */
export function heldIn(
  chain: ChainId,
  address: Address,
  account: AccountEntry | undefined,
  lines: readonly { readonly asset: AssetId; readonly line: TrustLineEntry | undefined }[],
): readonly Held[] {
  const held = (asset: AssetId, units: bigint): Held => ({
    account: accountId(chain, address),
    amount: amount(asset, units),
  });
  return [
    held(nativeAsset(chain), account?.balance ?? 0n),
    ...lines.map(({ asset, line }) => held(asset, line?.balance ?? 0n)),
  ];
}
