/** What a transaction has besides numbers: bytes, addresses and the access list (EIP-2930), read strictly. */
import { declareError } from "../../core/errors.ts";
import { ADDRESS_BYTES, addressOf, type Address } from "./address.ts";
import type { Rlp } from "./rlp.ts";

/** Order and repetitions as they were written: both are part of what is signed. */
export type AccessList = readonly { readonly address: Address; readonly keys: readonly Uint8Array[] }[];

export const TRANSACTION_MALFORMED = declareError(
  "EVM_TRANSACTION_MALFORMED",
  "invalid",
  "Bytes are not a transaction, or not in its one spelling.",
);

const KEY_BYTES = 32;

export function readBytes(item: Rlp | undefined, field: string): Uint8Array {
  if (item instanceof Uint8Array) return item;
  throw malformed(field, "is a list, not bytes");
}

export function readAddress(item: Rlp | undefined, field: string): Address {
  const bytes = readBytes(item, field);
  if (bytes.length !== ADDRESS_BYTES)
    throw malformed(field, `has ${bytes.length} bytes, an address ${ADDRESS_BYTES}`);
  return addressOf(bytes);
}

export function readAccessList(item: Rlp | undefined, field: string): AccessList {
  return readList(item, field).map((entry, place) => {
    const [address, keys, ...others] = readList(entry, `${field}[${place}]`);
    if (others.length > 0) throw malformed(`${field}[${place}]`, "is not an address and its keys");
    return {
      address: readAddress(address, `${field}[${place}].address`),
      keys: readList(keys, `${field}[${place}].keys`).map((key) => {
        const bytes = readBytes(key, `${field}[${place}].keys`);
        if (bytes.length === KEY_BYTES) return bytes;
        throw malformed(`${field}[${place}].keys`, `has a key of ${bytes.length} bytes, not ${KEY_BYTES}`);
      }),
    };
  });
}

function readList(item: Rlp | undefined, field: string): readonly Rlp[] {
  if (item !== undefined && !(item instanceof Uint8Array)) return item;
  throw malformed(field, "is no list");
}

export function malformed(field: string, why: string) {
  return TRANSACTION_MALFORMED(`${field} ${why}`, { field, hint: "have it built again" });
}
