/** Private keys while one signing lasts: seeds are opened when first needed and wiped with the ring. */
import type { BIP32Interface } from "bip32";
import type { Descriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyPath } from "../../src/chains/key-path.ts";
import type { Name } from "../../src/core/identifier.ts";
import { holdsAccount, mastersOf, wipeNode, type Masters } from "./seed.ts";
import { formOf, openSeed, type SeedFile } from "./seed-file.ts";
import { slip10At, wipeSlip10, type Slip10Node } from "./slip10.ts";

export type KeyRing = {
  /** How many account keys of `descriptor` the seeds hold. */
  countHeld(descriptor: Descriptor): number;
  /** The private key at `path` of the seed with `fingerprint`; undefined when there is no such seed. */
  privateKey(fingerprint: string, path: readonly number[]): Uint8Array | undefined;
  /** The Ed25519 private key at a hardened `path` of the seed with `fingerprint` (SLIP-10); undefined as above. */
  ed25519Key(fingerprint: string, path: readonly number[]): Uint8Array | undefined;
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
  const masters = new Map<string, Masters>();
  const nodes = new Map<string, BIP32Interface>();
  const ed25519 = ed25519Branches((fingerprint) => mastersAt(fingerprint)?.ed25519);

  function mastersAt(fingerprint: string): Masters | undefined {
    const known = masters.get(fingerprint);
    if (known !== undefined) return known;
    const file = files.find((candidate) => candidate.fingerprint === fingerprint);
    if (file === undefined) return undefined;
    const extension = extensions.get(file.name);
    const seed = openSeed(file, secret, extension);
    try {
      const opened = mastersOf(seed, file.network, formOf(file, extension));
      masters.set(fingerprint, opened);
      return opened;
    } finally {
      seed.fill(0);
    }
  }

  // Inner nodes are kept, so that a thousand inputs of one branch cost one derivation each.
  function nodeAt(fingerprint: string, path: readonly number[]): BIP32Interface | undefined {
    if (path.length === 0) return mastersAt(fingerprint)?.master;
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
        const node = mastersAt(key.origin.fingerprint)?.master;
        return node !== undefined && holdsAccount(node, key);
      }).length;
    },
    privateKey: (fingerprint, path) => nodeAt(fingerprint, path)?.privateKey,
    ed25519Key: (fingerprint, path) => ed25519.keyAt(fingerprint, path),
    wipe() {
      secret.fill(0);
      for (const extension of extensions.values()) extension.fill(0);
      for (const opened of masters.values()) {
        wipeNode(opened.master);
        wipeSlip10(opened.ed25519);
      }
      for (const node of nodes.values()) wipeNode(node);
      masters.clear();
      nodes.clear();
      ed25519.wipe();
    },
  };
}

/** Keys of the other curve: each path of theirs is hardened and short, so only its end is kept. */
function ed25519Branches(masterAt: (fingerprint: string) => Slip10Node | undefined) {
  const nodes = new Map<string, Slip10Node>();
  return {
    keyAt(fingerprint: string, path: readonly number[]): Uint8Array | undefined {
      const key = `${fingerprint}${formatKeyPath(path)}`;
      const known = nodes.get(key);
      if (known !== undefined) return known.key;
      const master = masterAt(fingerprint);
      if (master === undefined) return undefined;
      const node = slip10At(master, path);
      nodes.set(key, node);
      return node.key;
    },
    wipe() {
      for (const node of nodes.values()) wipeSlip10(node);
      nodes.clear();
    },
  };
}
