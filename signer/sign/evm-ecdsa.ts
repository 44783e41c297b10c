import * as ecc from "tiny-secp256k1";
import { readSignature, type Signature } from "../../src/chains/evm/signature.ts";
import { toHex } from "../../src/core/hex.ts";

/**
 * ECDSA signature of a 32-byte hash with its parity: RFC 6979, low s. Nothing random takes part, so that a second signer
 * makes the same signature, and a nonce cannot carry the key out (attack B22, "Dark Skippy").
 */
export function signRecoverable(hash: Uint8Array, secret: Uint8Array): Signature {
  const { signature, recoveryId } = ecc.signRecoverable(hash, secret);
  const number = (from: number, to: number) => BigInt(`0x${toHex(signature.subarray(from, to))}`);
  // A recovery id above 1 says that r was above the order: one in 2^127, and readSignature refuses it.
  return readSignature({ r: number(0, 32), s: number(32, 64), yParity: BigInt(recoveryId) });
}
