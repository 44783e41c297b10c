/** Signatures of an account's attempts: ECDSA with RFC 6979 nonces and a low s, one for each attempt. */
import * as ecc from "tiny-secp256k1";
import { parseAccountDescriptor } from "../../src/chains/evm/account-descriptor.ts";
import type { EvmAttempt } from "../../src/chains/evm/attempt.ts";
import { evmCodec } from "../../src/chains/evm/index.ts";
import { inputSignature } from "../../src/chains/evm/partial.ts";
import { assert } from "../../src/core/errors.ts";
import { equalBytes } from "../../src/core/hex.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { KeyRing } from "../keystore/key-ring.ts";
import { KEY_MISSING } from "./bitcoin.ts";
import type { ChainSigner } from "./chain-signer.ts";
import { signRecoverable } from "./evm-ecdsa.ts";

export const evmSigner: ChainSigner<EvmAttempt> = {
  codec: evmCodec,
  quorum: () => "1 of 1",
  countKeys: (wallet, _network, keys) => (secretOf(wallet, keys) === undefined ? 0 : 1),
  sign(attempt, wallet, _network, keys) {
    const { key, text } = attempt.account;
    assert(text === wallet.descriptor, "an attempt is signed for the wallet that it was decoded against");
    const secret = secretOf(wallet, keys);
    if (secret === undefined) {
      throw KEY_MISSING(
        `no seed here holds the key of ${attempt.account.address} (master ${key.fingerprint})`,
        {
          field: `inputs[0]`,
          hint: "custody-signer keys list",
        },
      );
    }
    return [inputSignature(attempt, signRecoverable(attempt.hash, secret))];
  },
};

// The policy pins the key; the one at its path must be that very key, or the seed is another one.
function secretOf(wallet: PolicyWallet, keys: KeyRing): Uint8Array | undefined {
  const { key } = parseAccountDescriptor(wallet.descriptor, wallet.chain, "wallet.descriptor");
  const secret = keys.privateKey(key.fingerprint, key.path);
  const derived = secret === undefined ? null : ecc.pointFromScalar(secret, true);
  return derived !== null && equalBytes(derived, key.publicKey) ? secret : undefined;
}
