/** Addresses of accounts and contracts: twenty bytes, written with the checksum of EIP-55. */
import type { Brand } from "../../core/brand.ts";
import { declareError } from "../../core/errors.ts";
import { fromHex, toHex, utf8 } from "../../core/hex.ts";
import { quoted } from "../../core/text.ts";
import { keccak256 } from "./keccak.ts";

/** `0x` and forty hex digits whose capitals are the checksum of EIP-55: the one spelling that documents have. */
export type Address = Brand<string, "EvmAddress">;

export const ADDRESS_MALFORMED = declareError(
  "EVM_ADDRESS_MALFORMED",
  "invalid",
  "An address is not 0x and forty hex digits.",
);
export const ADDRESS_CHECKSUM = declareError(
  "EVM_ADDRESS_CHECKSUM",
  "invalid",
  "The capitals of an address are not its checksum (EIP-55).",
);

export const ADDRESS_BYTES = 20;

/** The address of twenty bytes, as EIP-55 writes it. */
export function addressOf(bytes: Uint8Array): Address {
  const digits = toHex(bytes);
  const hash = toHex(keccak256(utf8(digits)));
  const spelt = [...digits].map((digit, place) =>
    Number.parseInt(hash[place] as string, 16) >= 8 ? digit.toUpperCase() : digit,
  );
  return `0x${spelt.join("")}` as Address;
}

/**
 * An address as a person types it. All in small letters, or all in capitals, it has no checksum and is refused: a mistyped
 * digit would be another address.
 * @throws EVM_ADDRESS_MALFORMED, EVM_ADDRESS_CHECKSUM
 */
export function parseAddress(text: string, field = "address"): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw ADDRESS_MALFORMED(`${field} ${quoted(text)} is not 0x and forty hex digits`, { field });
  }
  const address = addressOf(fromHex(text.slice(2).toLowerCase(), field));
  if (address === text) return address;
  throw ADDRESS_CHECKSUM(`${field} ${quoted(text)} does not carry the checksum of EIP-55`, {
    field,
    hint: "copy it again from where it came: its capitals are part of it",
  });
}

/** The twenty bytes of an address. */
export function addressBytes(address: Address): Uint8Array {
  return fromHex(address.slice(2).toLowerCase(), "address");
}

/** The account of an uncompressed public key's 64 bytes, without the prefix 04 (Yellow Paper, appendix F). */
export function addressOfKey(key: Uint8Array): Address {
  return addressOf(keccak256(key).subarray(12));
}
