/** Private keys while one signing lasts: seeds are opened when first needed and wiped with the ring. */
import type { BIP32Interface } from "bip32";
import type { Descriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyPath } from "../../src/chains/key-path.ts";
import type { Name } from "../../src/core/identifier.ts";
import { holdsAccount, masterOf, wipeNode } from "./seed.ts";
import { formOf, openSeed, type SeedFile } from "./seed-file.ts";

export type KeyRing = {
  /** How many account keys of `descriptor` the seeds hold. */
  countHeld(descriptor: Descriptor): number;
  /** The private key at `path` of the seed with `fingerprint`; undefined when there is no such seed. */
  privateKey(fingerprint: string, path: readonly number[]): Uint8Array | undefined;
  /** Overwrites everything that was opened. */
  wipe(): void;
};

/** BIP-39 passphrases by the names of their seeds. */
export type SeedPassphrases = ReadonlyMap<Name, Uint8Array>;

/** A ring over `files`, all under one passphrase of the signer. It keeps no passphrase after `wipe`. */
export function openKeyRing(
  files: readonly SeedFile[],
  passphrase: Uint8Array,
  seedPassphrases: SeedPassphrases = new Map(),
): KeyRing {
  const secret = Uint8Array.from(passphrase);
  const extensions = new Map([...seedPassphrases].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
  const nodes = new Map<string, BIP32Interface>();

  function master(fingerprint: string): BIP32Interface | undefined {
    const known = nodes.get(fingerprint);
    if (known !== undefined) return known;
    const file = files.find((candidate) => candidate.fingerprint === fingerprint);
    if (file === undefined) return undefined;
    const extension = extensions.get(file.name);
    const seed = openSeed(file, secret, extension);
    try {
      const node = masterOf(seed, file.network, formOf(file, extension));
      nodes.set(fingerprint, node);
      return node;
    } finally {
      seed.fill(0);
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
      for (const extension of extensions.values()) extension.fill(0);
      for (const node of nodes.values()) wipeNode(node);
      nodes.clear();
    },
  };
}
