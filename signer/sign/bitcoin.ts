/**
 * Signatures for each proven bitcoin input: ECDSA with RFC 6979 nonces and low R, SIGHASH_ALL; of taproot Schnorr without
 * randomness, SIGHASH_DEFAULT.
 */
import * as ecc from "tiny-secp256k1";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { parseDescriptor, type Descriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { digests, type InputDigest } from "../../src/chains/bitcoin/sighash.ts";
import { encodeSignature } from "../../src/chains/bitcoin/signature.ts";
import { lifted, xOnly, type TaprootOutput } from "../../src/chains/bitcoin/taproot.ts";
import type { Network } from "../../src/core/chain.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { assert, declareError } from "../../src/core/errors.ts";
import { equalBytes, toHex } from "../../src/core/hex.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { KeyRing } from "../keystore/key-ring.ts";
import type { ChainSigner } from "./chain-signer.ts";
import { signSchnorr, tweakedSecret } from "./schnorr.ts";

export const KEY_MISSING = declareError(
  "KEY_MISSING",
  "denied",
  "No seed of this signer holds a key of an input.",
);

export const bitcoinSigner: ChainSigner<BitcoinAttempt> = {
  codec: bitcoinCodec,
  quorum(wallet, network) {
    const { threshold, keys } = descriptorOf(wallet, network);
    return `${threshold} of ${keys.length}`;
  },
  countKeys: (wallet, network, keys) => keys.countHeld(descriptorOf(wallet, network)),
  sign(attempt, wallet, network, keys) {
    const { text } = descriptorOf(wallet, network);
    assert(
      attempt.descriptor.text === text,
      "an attempt is signed for the wallet that it was decoded against",
    );
    return digests(attempt).flatMap((digest) => signInput(digest, keys));
  },
};

/** One signature by each of the input's keys that a seed here holds. @throws KEY_MISSING when there is none */
function signInput({ input, digest, keys, taproot }: InputDigest, ring: KeyRing): readonly InputSignature[] {
  const signatures = keys.flatMap(({ fingerprint, path, publicKey }): InputSignature[] => {
    const secret = ring.privateKey(fingerprint, path);
    // The path was proven against the descriptor; the key must be the one that the path promises (attack B3).
    const derived = secret === undefined ? null : ecc.pointFromScalar(secret, true);
    if (secret === undefined || derived === null) return [];
    const promised = taproot === undefined ? derived : lifted(xOnly(derived));
    if (!equalBytes(promised, publicKey)) return [];
    const signature =
      taproot === undefined
        ? encodeSignature(signLowR(digest, secret))
        : toHex(signTaproot(digest, secret, taproot));
    return [{ input, key: toHex(publicKey), signature }];
  });
  if (signatures.length > 0) return signatures;
  const masters = keys.map(({ fingerprint }) => fingerprint).join(", ");
  throw KEY_MISSING(`no seed here holds a key of input ${input} (master ${masters})`, {
    field: `inputs[${input}]`,
    hint: "custody-signer keys list",
  });
}

// A script's key signs as it is; an output without scripts is signed for by its own key, which is the tweaked one.
function signTaproot(digest: Uint8Array, secret: Uint8Array, { leaf }: TaprootOutput): Uint8Array {
  if (leaf !== undefined) return signSchnorr(digest, secret);
  const tweaked = tweakedSecret(secret);
  try {
    return signSchnorr(digest, tweaked);
  } finally {
    tweaked.fill(0);
  }
}

function descriptorOf(wallet: PolicyWallet, network: Network): Descriptor {
  return parseDescriptor(wallet.descriptor, network, "wallet.descriptor");
}

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
