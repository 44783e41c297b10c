/**
 * A wallet seed, by BIP-39 words or by SLIP-39 shares. Pure: bytes and words come as arguments.
 * Kept is the entropy of the words, or the master secret of the shares; keys are made of them when they are needed. A
 * BIP-39 passphrase is never kept.
 */
import { pbkdf2Sync } from "node:crypto";
import { entropyToMnemonic, mnemonicToEntropy, wordlists } from "bip39";
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import {
  writeDescriptor,
  type Descriptor,
  type DescriptorKind,
} from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyExpression, type KeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { HARDENED, type KeyOrigin, type OriginKey } from "../../src/chains/key-path.ts";
import { accountPath } from "../../src/chains/bitcoin/kinds/table.ts";
import { BITCOIN_NETWORKS } from "../../src/chains/bitcoin/network.ts";
import type { Network } from "../../src/core/chain.ts";
import { publicKeyOf } from "../../src/core/ed25519.ts";
import { declareError } from "../../src/core/errors.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../../src/core/hex.ts";
import { slip10At, slip10Master, wipeSlip10, type Slip10Node } from "./slip10.ts";

export const WORDS_INVALID = declareError(
  "WORDS_INVALID",
  "invalid",
  "Seed words are not 12 or 24 words of the English BIP-39 list with a right checksum.",
);
const bip32 = BIP32Factory(ecc);

/** What the kept bytes are, and what else it takes to make the BIP-32 seed of them. */
export type SeedForm =
  /** Entropy of BIP-39 words, with the passphrase beside them, if they have one, as UTF-8 in form NFKD. */
  | { readonly standard: "bip39"; readonly passphrase?: Uint8Array | undefined }
  /** The master secret of SLIP-39 shares, which is the BIP-32 seed itself. */
  | { readonly standard: "slip39" };

export type SeedStandard = SeedForm["standard"];

export const BIP39: SeedForm = { standard: "bip39" };
export const SLIP39: SeedForm = { standard: "slip39" };

/** The English list of BIP-39; each word is known by its first four letters. */
export const BIP39_WORDS: readonly string[] = wordlists["english"] ?? [];

/** How many words a BIP-39 phrase of ours may have. */
export const PHRASE_WORDS: readonly number[] = [12, 24];

/** The 12 or 24 words of 16 or 32 bytes of entropy (BIP-39). */
export function wordsOf(entropy: Uint8Array): string {
  return entropyToMnemonic(toHex(entropy));
}

/** Entropy of 12 or 24 typed words, in any case and spacing. @throws WORDS_INVALID */
export function entropyOf(typed: string): Uint8Array {
  const words = typed.normalize("NFKD").trim().toLowerCase().split(/\s+/);
  try {
    if (PHRASE_WORDS.includes(words.length)) return fromHex(mnemonicToEntropy(words.join(" ")), "words");
  } catch {
    // The library's messages quote nothing, but its error is dropped all the same: it has seen the words.
  }
  throw WORDS_INVALID(`words: ${words.length} words that are no BIP-39 phrase of 12 or 24 words`, {
    field: "words",
    hint: "check the spelling and the order of the words, then type them again",
  });
}

/** Whether bytes of that length can be kept as a seed of that standard. */
export function isSeedLength(standard: SeedStandard, length: number): boolean {
  return standard === "bip39"
    ? length === 16 || length === 32
    : length >= 16 && length <= 64 && length % 2 === 0;
}

/** The BIP-32 seed of the kept bytes. The caller wipes it. */
export function bip32SeedOf(secret: Uint8Array, form: SeedForm): Uint8Array {
  return form.standard === "bip39" ? bip39Seed(wordsOf(secret), form.passphrase) : Uint8Array.from(secret);
}

/** The BIP-32 master key of the kept bytes. The caller wipes it with `wipeNode`. */
export function masterOf(secret: Uint8Array, network: Network, form = BIP39): BIP32Interface {
  const { master, ed25519 } = mastersOf(secret, network, form);
  wipeSlip10(ed25519);
  return master;
}

/** A seed's master key for each curve: of BIP-32, by whose fingerprint people know the seed, and of SLIP-10. */
export type Masters = { readonly master: BIP32Interface; readonly ed25519: Slip10Node };

/** The caller wipes both. */
export function mastersOf(secret: Uint8Array, network: Network, form = BIP39): Masters {
  const seed = bip32SeedOf(secret, form);
  try {
    return {
      master: bip32.fromSeed(seed, { wif: 0, bip32: BITCOIN_NETWORKS[network].bip32 }),
      ed25519: slip10Master(seed),
    };
  } finally {
    seed.fill(0);
  }
}

// BIP-39 "From mnemonic to seed". The library does the same in JavaScript, a hundred times slower.
function bip39Seed(words: string, passphrase: Uint8Array = new Uint8Array()): Uint8Array {
  const salt = concatBytes(utf8("mnemonic"), passphrase);
  try {
    return pbkdf2Sync(words.normalize("NFKD"), salt, 2048, 64, "sha512");
  } finally {
    salt.fill(0);
  }
}

/** The master key's fingerprint: 8 hex digits (BIP-32). */
export function fingerprintOf(master: BIP32Interface): string {
  return toHex(master.fingerprint);
}

/** The key at `path` below `master`; its own private key and those on the way can be wiped. */
export function deriveNode(master: BIP32Interface, path: readonly number[]): BIP32Interface {
  return path.reduce((node, step) => node.derive(step), master);
}

/**
 * Public descriptor of account 0 for a kind of one key, at first BIP-84's `wpkh([fp/84h/coin'/0h]xpub/<0;1>/*)#checksum`.
 */
export function accountDescriptor(
  master: BIP32Interface,
  network: Network,
  kind: DescriptorKind = "p2wpkh",
): Descriptor {
  return writeDescriptor(
    { kind, threshold: 1, keys: [accountKey(master, accountPath(kind, network))] },
    network,
  );
}

/** The key of account 0 for wallets of several keys, at first in P2WSH (BIP-48, script type 2): `[fp/48h/coin'/0h/2h]xpub`. */
export function cosignerKey(
  master: BIP32Interface,
  network: Network,
  kind: DescriptorKind = "p2wsh-sortedmulti",
): string {
  return accountKey(master, accountPath(kind, network));
}

/** The key of account 0 of the network's EVM chains: `m/44h/60h/0h/0/0`, on test networks coin 1 (BIP-44, SLIP-44). */
export function evmAccountKey(master: BIP32Interface, network: Network): OriginKey {
  const path = [44 + HARDENED, (network === "mainnet" ? 60 : 1) + HARDENED, HARDENED, 0, 0];
  const node = deriveNode(master, path);
  try {
    return { fingerprint: fingerprintOf(master), path, publicKey: Uint8Array.from(node.publicKey) };
  } finally {
    wipeNode(node);
  }
}

/** The extended key above that account's: `m/44h/60h/0h`, from which others derive `0/0`, `0/1`, … (BIP-44). */
export function evmExtendedKey(master: BIP32Interface, network: Network): ExtendedKey {
  const path = [44 + HARDENED, (network === "mainnet" ? 60 : 1) + HARDENED, HARDENED];
  const node = deriveNode(master, path);
  try {
    return {
      fingerprint: fingerprintOf(master),
      path,
      publicKey: Uint8Array.from(node.publicKey),
      chainCode: Uint8Array.from(node.chainCode),
      parentFingerprint: node.parentFingerprint,
    };
  } finally {
    wipeNode(node);
  }
}

/** A public key with what its children are derived by (BIP-32). */
export type ExtendedKey = OriginKey & {
  readonly chainCode: Uint8Array;
  /** The first four bytes of its parent's name, as a number. */
  readonly parentFingerprint: number;
};

/** Whether the seed under `master` holds the private key of `key`'s account. */
export function holdsAccount(master: BIP32Interface, { origin, xpub }: KeyExpression): boolean {
  if (fingerprintOf(master) !== origin.fingerprint) return false;
  return publicAccount(master, origin.path) === xpub;
}

function accountKey(master: BIP32Interface, steps: readonly number[]): string {
  const path = steps.map((step) => step + HARDENED);
  const origin = { fingerprint: fingerprintOf(master), path };
  return formatKeyExpression({ origin, xpub: publicAccount(master, path) });
}

function publicAccount(master: BIP32Interface, path: readonly number[]): string {
  const account = deriveNode(master, path);
  try {
    return account.neutered().toBase58();
  } finally {
    wipeNode(account);
  }
}

/** Overwrites a node's secrets. JavaScript may have copied them before; this shortens their life, no more. */
export function wipeNode(node: BIP32Interface): void {
  node.privateKey?.fill(0);
  node.chainCode.fill(0);
}

/** An Ed25519 public key of 32 bytes, where it lies, and of which seed: known by its BIP-32 master's fingerprint as every key here. */
export type Ed25519OriginKey = KeyOrigin & { readonly publicKey: Uint8Array };

/** The key of account 0 on Stellar: `m/44h/148h/0h` (SEP-5), on test networks coin 1 as of every coin here (SLIP-44). */
export function stellarAccountKey({ master, ed25519 }: Masters, network: Network): Ed25519OriginKey {
  const path = [44, network === "mainnet" ? 148 : 1, 0].map((step) => step + HARDENED);
  const node = slip10At(ed25519, path);
  try {
    const publicKey = fromHex(publicKeyOf(node.key), "key");
    return { fingerprint: fingerprintOf(master), path, publicKey };
  } finally {
    wipeSlip10(node);
  }
}
