/** Signatures of accounts' and Safes' attempts: ECDSA with RFC 6979 nonces and a low s, one for each attempt. */
import * as ecc from "tiny-secp256k1";
import type { AccountDescriptor } from "../../src/chains/evm/account-descriptor.ts";
import type { EvmAttempt } from "../../src/chains/evm/attempt.ts";
import { evmCodec } from "../../src/chains/evm/index.ts";
import { isSafe } from "../../src/chains/evm/safe-descriptor.ts";
import { signatureBytes, type Signature } from "../../src/chains/evm/signature.ts";
import { walletAccount, walletSafe } from "../../src/chains/evm/wallet.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { assert } from "../../src/core/errors.ts";
import { equalBytes, toHex } from "../../src/core/hex.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { KeyRing } from "../keystore/key-ring.ts";
import { KEY_MISSING } from "./bitcoin.ts";
import type { ChainSigner } from "./chain-signer.ts";
import { signRecoverable } from "./evm-ecdsa.ts";

export const evmSigner: ChainSigner<EvmAttempt> = {
  codec: evmCodec,
  quorum: quorumOf,
  countKeys: (wallet, _network, keys) =>
    ownersOf(wallet).filter((owner) => secretOf(owner, keys) !== undefined).length,
  sign(attempt, wallet, _network, keys) {
    const { text, owners } = signingFor(attempt);
    assert(text === wallet.descriptor, "an attempt is signed for the wallet that it was decoded against");
    const signatures = owners.flatMap((owner) => {
      const secret = secretOf(owner, keys);
      return secret === undefined ? [] : [signatureOf(owner, signRecoverable(attempt.hash, secret))];
    });
    if (signatures.length > 0) return signatures;
    const [first] = owners;
    throw KEY_MISSING(`no seed here holds a key of ${text} (master ${first?.key.fingerprint ?? ""})`, {
      field: `inputs[0]`,
      hint: "custody-signer keys list",
    });
  },
};

/** The keys that may sign an attempt: an account's one, a Safe's owners. */
function signingFor(attempt: EvmAttempt): {
  readonly text: string;
  readonly owners: readonly AccountDescriptor[];
} {
  if (attempt.kind === "safe") return { text: attempt.safe.text, owners: attempt.safe.keys };
  return { text: attempt.account.text, owners: [attempt.account] };
}

function ownersOf(wallet: PolicyWallet): readonly AccountDescriptor[] {
  return isSafe(wallet) ? walletSafe({ wallet }).keys : [walletAccount({ wallet })];
}

function quorumOf(wallet: PolicyWallet): string {
  if (!isSafe(wallet)) return "1 of 1";
  const { threshold, keys } = walletSafe({ wallet });
  return `${threshold} of ${keys.length}`;
}

// The policy pins the key; the one at its path must be that very key, or the seed is another one.
function secretOf({ key }: AccountDescriptor, keys: KeyRing): Uint8Array | undefined {
  const secret = keys.privateKey(key.fingerprint, key.path);
  const derived = secret === undefined ? null : ecc.pointFromScalar(secret, true);
  return derived !== null && equalBytes(derived, key.publicKey) ? secret : undefined;
}

function signatureOf({ key }: AccountDescriptor, signature: Signature): InputSignature {
  return { input: 0, key: toHex(key.publicKey), signature: toHex(signatureBytes(signature)) };
}
