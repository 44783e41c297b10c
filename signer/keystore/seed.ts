/**
 * A wallet seed: 256 bits of entropy, shown as 24 BIP-39 words. Pure: bytes and words come as arguments.
 * Kept is the entropy, from which words and keys are made again when they are needed.
 */
import { pbkdf2Sync } from "node:crypto";
import { entropyToMnemonic, mnemonicToEntropy } from "bip39";
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import { writeDescriptor, type Descriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyExpression, type KeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { HARDENED } from "../../src/chains/bitcoin/key-path.ts";
import { BITCOIN_NETWORKS } from "../../src/chains/bitcoin/network.ts";
import type { Network } from "../../src/core/chain.ts";
import { sha256 } from "../../src/core/digest.ts";
import { assert, declareError } from "../../src/core/errors.ts";
import { fromHex, toHex, utf8 } from "../../src/core/hex.ts";

export const WORDS_INVALID = declareError(
  "WORDS_INVALID",
  "invalid",
  "Seed words are not 24 words of the English BIP-39 list with a right checksum.",
);
export const DICE_INVALID = declareError(
  "DICE_INVALID",
  "invalid",
  "Dice rolls are too few, or hold something else than the digits 1 to 6.",
);

const bip32 = BIP32Factory(ecc);

/** 50 rolls of a fair die carry 129 bits: enough alone should the system's generator be worthless. */
const DICE_ROLLS_MIN = 50;

/**
 * Entropy for a new seed: the system's bytes hashed together with what a person typed, so that neither a poor
 * generator (attack B23: Coldcard's seeds of 2021 to 2026) nor a poor die decides alone.
 */
export function mixEntropy(system: Uint8Array, typed: string): Uint8Array {
  assert(system.length === 32, "a seed takes 32 system bytes");
  return sha256(system, utf8(typed));
}

/** Dice rolls as typed, spaces aside. @throws DICE_INVALID */
export function parseDice(text: string): string {
  const rolls = text.replace(/\s+/g, "");
  if (/^[1-6]*$/.test(rolls) && rolls.length >= DICE_ROLLS_MIN) return rolls;
  throw DICE_INVALID(`dice: ${DICE_ROLLS_MIN} or more rolls are needed, each a digit from 1 to 6`, {
    field: "dice",
    hint: "roll again and type the digits in one line",
  });
}

/** The 24 words of 32 bytes of entropy (BIP-39). */
export function wordsOf(entropy: Uint8Array): string {
  return entropyToMnemonic(toHex(entropy));
}

/** Entropy of 24 typed words, in any case and spacing. @throws WORDS_INVALID */
export function entropyOf(typed: string): Uint8Array {
  const words = typed.normalize("NFKD").trim().toLowerCase().split(/\s+/);
  try {
    if (words.length === 24) return fromHex(mnemonicToEntropy(words.join(" ")), "words", 32);
  } catch {
    // The library's messages quote nothing, but its error is dropped all the same: it has seen the words.
  }
  throw WORDS_INVALID(`words: ${words.length} words that are no BIP-39 phrase of 24 words`, {
    field: "words",
    hint: "check the spelling and the order of the words, then type them again",
  });
}

/** The BIP-32 master key of a seed without BIP-39 passphrase. The caller wipes it with `wipeNode`. */
export function masterOf(entropy: Uint8Array, network: Network): BIP32Interface {
  const seed = bip39Seed(wordsOf(entropy));
  try {
    return bip32.fromSeed(seed, { wif: 0, bip32: BITCOIN_NETWORKS[network].bip32 });
  } finally {
    seed.fill(0);
  }
}

// BIP-39 "From mnemonic to seed", with an empty passphrase. The library does the same in JavaScript, a hundred times slower.
function bip39Seed(words: string): Buffer {
  return pbkdf2Sync(words.normalize("NFKD"), "mnemonic", 2048, 64, "sha512");
}

/** The master key's fingerprint: 8 hex digits (BIP-32). */
export function fingerprintOf(master: BIP32Interface): string {
  return toHex(master.fingerprint);
}

/** The key at `path` below `master`; its own private key and those on the way can be wiped. */
export function deriveNode(master: BIP32Interface, path: readonly number[]): BIP32Interface {
  return path.reduce((node, step) => node.derive(step), master);
}

/** Public descriptor of account 0 for P2WPKH (BIP-84): `wpkh([fp/84h/coin'/0h]xpub/<0;1>/*)#checksum`. */
export function accountDescriptor(master: BIP32Interface, network: Network): Descriptor {
  const { coinType } = BITCOIN_NETWORKS[network];
  const key = accountKey(master, [84, coinType, 0]);
  return writeDescriptor({ kind: "p2wpkh", threshold: 1, keys: [key] }, network);
}

/** The key of account 0 for wallets of several keys in P2WSH (BIP-48, script type 2): `[fp/48h/coin'/0h/2h]xpub`. */
export function cosignerKey(master: BIP32Interface, network: Network): string {
  return accountKey(master, [48, BITCOIN_NETWORKS[network].coinType, 0, 2]);
}

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
