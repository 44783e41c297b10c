/** Public keys below an account key: the same formula for cosigners' keys and for an internal key of taproot. */
import { createHmac } from "node:crypto";
import * as ecc from "tiny-secp256k1";
import type { BIP32Interface } from "bip32";
import { assert } from "../../core/errors.ts";

/** 0 receive, 1 change (BIP-389 `<0;1>`). */
export type Branch = 0 | 1;

type BranchNode = { readonly publicKey: Uint8Array; readonly chainCode: Uint8Array };
const branchNodes = new WeakMap<object, readonly [BranchNode, BranchNode]>();

/** Keeps both branches of `account` for as long as `owner` lives. */
export function keepBranches(owner: object, account: BIP32Interface): void {
  branchNodes.set(owner, [account.derive(0), account.derive(1)]);
}

/**
 * The compressed key at `branch`/`index` (BIP-32 "Public parent key -> public child key"). bip32's own derive() hashes the
 * parent again for a fingerprint that an address does not need; test/differential compares the two.
 */
export function childPublicKey(owner: object, branch: Branch, index: number): Uint8Array {
  const nodes = branchNodes.get(owner);
  assert(nodes !== undefined, "a descriptor comes from parseDescriptor");
  const { publicKey, chainCode } = nodes[branch];
  const data = new Uint8Array(37);
  data.set(publicKey);
  new DataView(data.buffer).setUint32(33, index, false);
  const tweak = new Uint8Array(createHmac("sha512", chainCode).update(data).digest()).subarray(0, 32);
  const child = ecc.pointAddScalar(publicKey, tweak, true);
  // Probability 2^-127 (BIP-32): such an index has no key.
  assert(child !== null, "this index has no key");
  return child;
}
