/**
 * Internal keys that provably nobody can sign with, so that a taproot wallet of several keys has no way around its script
 * (BIP-341 "Constructing and spending Taproot outputs"). Two forms: the point H itself, which everybody recognises; or an
 * extended key on H whose chain code is computed from the cosigners' keys, as Liana and Ledger do, so that each address
 * has another internal key and BIP-388, which has extended keys only, can say it. A chain code that somebody chose would
 * be no danger either, but would be one thing more to compare, so there is exactly one.
 */
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import type { Network } from "../../core/chain.ts";
import { sha256 } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { concatBytes, fromHex } from "../../core/hex.ts";
import { childPublicKey, keepBranches, type Branch } from "./child-keys.ts";
import { BRANCHES } from "./descriptor-shape.ts";
import { BITCOIN_NETWORKS } from "./network.ts";
import { lifted, xOnly } from "./taproot.ts";

export type InternalKey =
  | { readonly form: "point" }
  /** @see unspendableAccount */
  | { readonly form: "extended"; readonly xpub: string };

export const DESCRIPTOR_INTERNAL_KEY = declareError(
  "DESCRIPTOR_INTERNAL_KEY",
  "invalid",
  "A taproot descriptor of several keys has an internal key that somebody might sign with, alone and unseen.",
);

/** BIP-341's H: the x coordinate of a point that was found by hashing the generator, so that no one knows its logarithm. */
export const UNSPENDABLE_POINT = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";

const POINT = fromHex(UNSPENDABLE_POINT);
const bip32 = BIP32Factory(ecc);

/**
 * The unspendable account of a wallet: H with the chain code SHA-256(keys), as an extended key of depth 0.
 * @param accountKeys compressed public keys of the wallet's accounts, in the descriptor's order
 */
export function unspendableAccount(accountKeys: readonly Uint8Array[], network: Network): BIP32Interface {
  const chainCode = sha256(concatBytes(...accountKeys));
  const versions = { wif: 0, bip32: BITCOIN_NETWORKS[network].bip32 };
  return bip32.fromPublicKey(lifted(POINT), chainCode, versions);
}

/**
 * Reads the internal key of a wallet of `accountKeys`.
 * @param text as it stands in the descriptor, branches included @throws DESCRIPTOR_INTERNAL_KEY
 */
export function parseInternalKey(
  text: string,
  accountKeys: readonly Uint8Array[],
  network: Network,
  field: string,
): InternalKey {
  if (text === UNSPENDABLE_POINT) return { form: "point" };
  const account = unspendableAccount(accountKeys, network);
  const xpub = account.toBase58();
  if (text === `${xpub}${BRANCHES}`) {
    const key: InternalKey = { form: "extended", xpub };
    keepBranches(key, account);
    return key;
  }
  throw DESCRIPTOR_INTERNAL_KEY(
    `${field} has an internal key that is not one of the two which nobody can sign with`,
    { field, hint: `use ${UNSPENDABLE_POINT} as the internal key (BIP-341)` },
  );
}

/** As it stands in a descriptor. */
export function formatInternalKey(key: InternalKey): string {
  return key.form === "point" ? UNSPENDABLE_POINT : `${key.xpub}${BRANCHES}`;
}

/** The internal key at a place: x-only, 32 bytes. */
export function internalKeyAt(key: InternalKey, branch: Branch, index: number): Uint8Array {
  return key.form === "point" ? POINT : xOnly(childPublicKey(key, branch, index));
}
