/** Signatures of a Stellar account's transactions: Ed25519 over the transaction's name, one by each key that a seed here holds. */
import type { StellarAttempt } from "../../src/chains/stellar/attempt.ts";
import type { AccountKey } from "../../src/chains/stellar/descriptor.ts";
import { stellarCodec } from "../../src/chains/stellar/index.ts";
import { quorumOf, walletAccount } from "../../src/chains/stellar/wallet.ts";
import { publicKeyOf, sign } from "../../src/core/ed25519.ts";
import { assert } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import type { KeyRing } from "../keystore/key-ring.ts";
import { KEY_MISSING } from "./bitcoin.ts";
import type { ChainSigner } from "./chain-signer.ts";

export const stellarSigner: ChainSigner<StellarAttempt> = {
  codec: stellarCodec,
  quorum: (wallet) => quorumOf(walletAccount({ wallet })),
  countKeys: (wallet, _network, keys) =>
    walletAccount({ wallet }).keys.filter((key) => secretOf(key, keys) !== undefined).length,
  sign({ account, hash }, wallet, _network, keys) {
    assert(
      account.text === wallet.descriptor,
      "an attempt is signed for the wallet that it was decoded against",
    );
    const signatures = account.keys.flatMap((key) => {
      const secret = secretOf(key, keys);
      if (secret === undefined) return [];
      return [{ input: 0, key: toHex(key.publicKey), signature: toHex(sign(hash, secret)) }];
    });
    if (signatures.length > 0) return signatures;
    const [first] = account.keys;
    throw KEY_MISSING(`no seed here holds a key of ${account.address} (master ${first?.fingerprint ?? ""})`, {
      field: "inputs[0]",
      hint: "custody-signer keys list",
    });
  },
};

// The policy pins the key; the one at its path must be that very key, or the seed is another one.
function secretOf({ fingerprint, path, publicKey }: AccountKey, keys: KeyRing): Uint8Array | undefined {
  const secret = keys.ed25519Key(fingerprint, path);
  return secret !== undefined && publicKeyOf(secret) === toHex(publicKey) ? secret : undefined;
}
