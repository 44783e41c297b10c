import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "../../core/hex.ts";

/**
 * Keccak-256 over the parts one after the other: the hash that Ethereum calls SHA3 in its Yellow Paper, with the padding of
 * before FIPS 202. 32 bytes.
 */
export function keccak256(...parts: readonly Uint8Array[]): Uint8Array {
  return keccak_256(parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(...parts));
}
