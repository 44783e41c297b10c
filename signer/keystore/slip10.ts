/**
 * SLIP-10 for Ed25519: private keys from a BIP-32 seed, by hardened steps alone. Stellar's wallets derive so (SEP-5). Pure; the
 * caller wipes what it gets.
 */
import { createHmac } from "node:crypto";
import { HARDENED } from "../../src/chains/key-path.ts";
import { assert } from "../../src/core/errors.ts";
import { concatBytes, utf8 } from "../../src/core/hex.ts";

/** A key on the way, and what its children are derived by: 32 bytes each. */
export type Slip10Node = { readonly key: Uint8Array; readonly chainCode: Uint8Array };

/** SLIP-10 "Master key generation"; every number of 32 bytes is a key of this curve. */
export function slip10Master(seed: Uint8Array): Slip10Node {
  return nodeOf(utf8("ed25519 seed"), seed);
}

/** SLIP-10 "Private parent key → private child key". @param step hardened: the curve has no other children */
export function slip10Child({ key, chainCode }: Slip10Node, step: number): Slip10Node {
  assert(step >= HARDENED && step < 2 * HARDENED, "an Ed25519 key has hardened children alone");
  const data = concatBytes(Uint8Array.of(0), key, numberBytes(step));
  try {
    return nodeOf(chainCode, data);
  } finally {
    data.fill(0);
  }
}

/** The node at `path` below `master`; the nodes between are wiped. */
export function slip10At(master: Slip10Node, path: readonly number[]): Slip10Node {
  let node: Slip10Node = { key: Uint8Array.from(master.key), chainCode: Uint8Array.from(master.chainCode) };
  for (const step of path) {
    const child = slip10Child(node, step);
    wipeSlip10(node);
    node = child;
  }
  return node;
}

/** Overwrites a node's secrets. */
export function wipeSlip10({ key, chainCode }: Slip10Node): void {
  key.fill(0);
  chainCode.fill(0);
}

function nodeOf(secret: Uint8Array, data: Uint8Array): Slip10Node {
  const digest = createHmac("sha512", secret).update(data).digest();
  try {
    return {
      key: Uint8Array.from(digest.subarray(0, 32)),
      chainCode: Uint8Array.from(digest.subarray(32)),
    };
  } finally {
    digest.fill(0);
  }
}

function numberBytes(step: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, step);
  return bytes;
}
