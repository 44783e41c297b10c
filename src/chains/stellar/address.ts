/** Accounts and contracts by their text: what a policy, a person and a transaction mean by the same thing. */
import type { Brand } from "../../core/brand.ts";
import { concatBytes } from "../../core/hex.ts";
import { declareError } from "../../core/errors.ts";
import { decodeStrkey, encodeStrkey, strkeyBytes } from "./strkey.ts";
import type { XdrAccountId, XdrMuxedAccount } from "./xdr/accounts.ts";
import type { ScAddress } from "./xdr/sc-val.ts";

/** An account, `G…`. */
export type Address = Brand<string, "StellarAddress">;

/** A contract, `C…`. */
export type ContractAddress = Brand<string, "StellarContract">;

export const DESTINATION_KIND = declareError(
  "STELLAR_DESTINATION_KIND",
  "invalid",
  "What is to be paid is neither an account nor a muxed account.",
);

/** @throws STELLAR_STRKEY_MALFORMED, STELLAR_STRKEY_KIND, STELLAR_STRKEY_SECRET */
export function parseAddress(text: string, field = "address"): Address {
  strkeyBytes(text, "account", field);
  return text as Address;
}

/** @throws STELLAR_STRKEY_MALFORMED, STELLAR_STRKEY_KIND, STELLAR_STRKEY_SECRET */
export function parseContract(text: string, field = "contract"): ContractAddress {
  strkeyBytes(text, "contract", field);
  return text as ContractAddress;
}

/**
 * Where a payment can go: an account, or a muxed account, which is an account and a number that its owner tells payments
 * apart by. @throws STELLAR_DESTINATION_KIND, and as `decodeStrkey`
 */
export function parseDestination(text: string, field = "address"): string {
  const { kind } = decodeStrkey(text, field);
  if (kind === "account" || kind === "muxed") return text;
  throw DESTINATION_KIND(`${field} is no account`, {
    field,
    hint: "accounts begin with G, muxed accounts with M",
  });
}

export function addressOfKey(publicKey: Uint8Array): Address {
  return encodeStrkey("account", publicKey) as Address;
}

/** The key that an account is named by: 32 bytes. Whether it may sign for the account is the ledger's to say. */
export function keyOfAddress(address: Address): Uint8Array {
  return strkeyBytes(address, "account", "address");
}

export function addressOfId({ value }: XdrAccountId): Address {
  return addressOfKey(value);
}

export function accountIdOf(address: Address): XdrAccountId {
  return { type: "ed25519", value: keyOfAddress(address) };
}

/** As people read it: `G…`, or `M…`. */
export function textOfMuxed(account: XdrMuxedAccount): string {
  if (account.type === "ed25519") return addressOfKey(account.value);
  const { ed25519, id } = account.value;
  return encodeStrkey("muxed", concatBytes(ed25519, numberBytes(id)));
}

/** @param text `G…` or `M…` @throws as `parseDestination` */
export function muxedOf(text: string, field = "address"): XdrMuxedAccount {
  const { kind, bytes } = decodeStrkey(parseDestination(text, field), field);
  if (kind === "account") return { type: "ed25519", value: bytes };
  const id = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(32);
  return { type: "muxed", value: { id, ed25519: bytes.slice(0, 32) } };
}

/** The account that holds what is paid there: a muxed account's own. */
export function holderOf(account: XdrMuxedAccount): Address {
  return addressOfKey(account.type === "ed25519" ? account.value : account.value.ed25519);
}

/** Whom a contract's call is about, as people read it. */
export function textOfScAddress(address: ScAddress): string {
  switch (address.type) {
    case "account":
      return addressOfId(address.value);
    case "contract":
      return encodeStrkey("contract", address.value);
    case "muxedAccount":
      return textOfMuxed({ type: "muxed", value: address.value });
    case "claimableBalance":
      return encodeStrkey("claimableBalance", concatBytes(Uint8Array.of(0), address.value.value));
    case "liquidityPool":
      return encodeStrkey("liquidityPool", address.value);
  }
}

function numberBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
