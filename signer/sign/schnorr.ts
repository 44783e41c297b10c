/** Schnorr signatures (BIP-340) by wallet keys, tweaked where the output's own key signs (BIP-341). */
import * as ecc from "tiny-secp256k1";
import { taprootTweak, xOnly } from "../../src/chains/bitcoin/taproot.ts";
import { assert } from "../../src/core/errors.ts";

/**
 * BIP-340 signature of a 32-byte digest: 64 bytes. Auxiliary randomness is zero, so that a second signer can make the same
 * signature and compare, and a nonce cannot carry the key out (attack B22, "Dark Skippy").
 */
export function signSchnorr(digest: Uint8Array, secret: Uint8Array): Uint8Array {
  return ecc.signSchnorr(digest, secret, NO_RANDOMNESS);
}

/**
 * The private key of an output that commits to no scripts (BIP-341 taproot_tweak_seckey, BIP-86). The caller wipes it.
 * @param secret of the internal key
 */
export function tweakedSecret(secret: Uint8Array): Uint8Array {
  const point = ecc.pointFromScalar(secret, true);
  assert(point !== null, "a private key");
  const even = point[0] === 0x02 ? Uint8Array.from(secret) : ecc.privateNegate(secret);
  const tweaked = ecc.privateAdd(even, taprootTweak(xOnly(point)));
  even.fill(0);
  // Probability 2^-256: the tweak is the key's negation.
  assert(tweaked !== null, "a key that can be tweaked");
  return tweaked;
}

const NO_RANDOMNESS = new Uint8Array(32);
