/** Private keys while one signing lasts: seeds are opened when first needed and wiped with the ring. */
import type { BIP32Interface } from "bip32";
import type { Descriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyPath } from "../../src/chains/bitcoin/key-path.ts";
import { holdsAccount, masterOf, wipeNode } from "./seed.ts";
import { openSeed, type SeedFile } from "./seed-file.ts";

export type KeyRing = {
  /** How many account keys of `descriptor` the seeds hold. */
  countHeld(descriptor: Descriptor): number;
  /** The private key at `path` of the seed with `fingerprint`; undefined when there is no such seed. */
  privateKey(fingerprint: string, path: readonly number[]): Uint8Array | undefined;
  /** Overwrites everything that was opened. */
  wipe(): void;
};

/** A ring over `files`, all under one passphrase. It keeps no passphrase after `wipe`. */
export function openKeyRing(files: readonly SeedFile[], passphrase: Uint8Array): KeyRing {
  const secret = Uint8Array.from(passphrase);
  const nodes = new Map<string, BIP32Interface>();

  function master(fingerprint: string): BIP32Interface | undefined {
    const known = nodes.get(fingerprint);
    if (known !== undefined) return known;
    const file = files.find((candidate) => candidate.fingerprint === fingerprint);
    if (file === undefined) return undefined;
    const entropy = openSeed(file, secret);
    try {
      const node = masterOf(entropy, file.network);
      nodes.set(fingerprint, node);
      return node;
    } finally {
      entropy.fill(0);
    }
  }

  // Inner nodes are kept, so that a thousand inputs of one branch cost one derivation each.
  function nodeAt(fingerprint: string, path: readonly number[]): BIP32Interface | undefined {
    if (path.length === 0) return master(fingerprint);
    const key = `${fingerprint}${formatKeyPath(path)}`;
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const node = nodeAt(fingerprint, path.slice(0, -1))?.derive(path[path.length - 1] as number);
    if (node !== undefined) nodes.set(key, node);
    return node;
  }

  return {
    countHeld(descriptor) {
      return descriptor.keys.filter((key) => {
        const node = master(key.origin.fingerprint);
        return node !== undefined && holdsAccount(node, key);
      }).length;
    },
    privateKey: (fingerprint, path) => nodeAt(fingerprint, path)?.privateKey,
    wipe() {
      secret.fill(0);
      for (const node of nodes.values()) wipeNode(node);
      nodes.clear();
    },
  };
}
