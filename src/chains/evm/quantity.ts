/** Whole numbers as RLP carries them: big-endian, without leading zeros; zero is the empty string. */
import { assert } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { RLP_MALFORMED, type Rlp } from "./rlp.ts";

/** @param bytesMax how many bytes the number may have: 8 for nonces and gas, 32 for what a word holds */
export function readQuantity(item: Rlp | undefined, bytesMax: number, field: string): bigint {
  if (!(item instanceof Uint8Array)) throw RLP_MALFORMED(`${field} is a list, not a number`, { field });
  if (item[0] === 0) throw RLP_MALFORMED(`${field} has a leading zero`, { field });
  if (item.length > bytesMax) throw RLP_MALFORMED(`${field} has more than ${bytesMax} bytes`, { field });
  return item.length === 0 ? 0n : BigInt(`0x${toHex(item)}`);
}

export function quantityBytes(value: bigint): Uint8Array {
  assert(value >= 0n, "a quantity is never negative");
  if (value === 0n) return new Uint8Array();
  const digits = value.toString(16);
  return new Uint8Array(Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex"));
}

/** The number in 32 bytes, as signatures and the virtual machine have it. */
export function wordBytes(value: bigint): Uint8Array {
  assert(value >= 0n && value < 2n ** 256n, "a word has 256 bits");
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
}
