/** Signatures for bitcoin inputs: ECDSA with RFC 6979 nonces and low R, SIGHASH_ALL, one for each proven input. */
import * as ecc from "tiny-secp256k1";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { parseDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { encodeSignature } from "../../src/chains/bitcoin/signature.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { declareError } from "../../src/core/errors.ts";
import { equalBytes, toHex } from "../../src/core/hex.ts";
import type { ChainSigner } from "./chain-signer.ts";

export const KEY_MISSING = declareError(
  "KEY_MISSING",
  "denied",
  "No seed of this signer holds the key that an input needs.",
);

export const bitcoinSigner: ChainSigner<BitcoinAttempt> = {
  codec: bitcoinCodec,
  quorum: () => "1 of 1",
  holdsKey: (wallet, network, keys) =>
    keys.holds(parseDescriptor(wallet.descriptor, network, "wallet.descriptor")),
  sign(attempt, wallet, network, keys) {
    const { fingerprint } = parseDescriptor(wallet.descriptor, network, "wallet.descriptor").origin;
    return digests(attempt).map(({ input, digest, publicKey, keyPath }): InputSignature => {
      const secret = keys.privateKey(fingerprint, keyPath);
      // The path was proven against the descriptor; the key must be the one that the path promises (attack B3).
      const derived = secret === undefined ? null : ecc.pointFromScalar(secret, true);
      if (secret === undefined || derived === null || !equalBytes(derived, publicKey)) {
        throw KEY_MISSING(`no seed here holds the key of input ${input} (master ${fingerprint})`, {
          field: `inputs[${input}]`,
          hint: "custody-signer keys list",
        });
      }
      return { input, key: toHex(publicKey), signature: encodeSignature(signLowR(digest, secret)) };
    });
  },
};

/**
 * Compact ECDSA signature (r, s) of a 32-byte digest. RFC 6979, then as Bitcoin Core does: while R's top bit is set,
 * again with a counter from 1 as 32 bytes little-endian of extra entropy. Nothing random takes part, so that a second
 * signer can make the same signature and compare, and a nonce cannot carry the key out (attack B22, "Dark Skippy").
 */
export function signLowR(digest: Uint8Array, secret: Uint8Array): Uint8Array {
  let signature = ecc.sign(digest, secret);
  const extra = new Uint8Array(32);
  for (let counter = 1; (signature[0] as number) > 0x7f; counter++) {
    new DataView(extra.buffer).setUint32(0, counter, true);
    signature = ecc.sign(digest, secret, extra);
  }
  return signature;
}
