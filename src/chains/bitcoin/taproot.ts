/** Taproot outputs (BIP-341): how a key commits to a tree of scripts, and the proof that a script is in it. */
import * as ecc from "tiny-secp256k1";
import { sha256 } from "../../core/digest.ts";
import { assert } from "../../core/errors.ts";
import { concatBytes, utf8 } from "../../core/hex.ts";
import { compactSize } from "./wire.ts";

/** The one leaf version that has a meaning: tapscript (BIP-342). */
export const TAPSCRIPT = 0xc0;

export type OutputKey = {
  /** x-only, 32 bytes: what the output script holds. */
  readonly key: Uint8Array;
  /** Whether the point's y is odd; a control block says so. */
  readonly parity: 0 | 1;
};

/** A script in the tree, with what a spend of it must show. */
export type TapLeaf = {
  readonly script: Uint8Array;
  /** 32 bytes: for us, who have trees of one leaf, the Merkle root as well. */
  readonly hash: Uint8Array;
  /** Leaf version with the output key's parity, internal key, Merkle path (empty with one leaf). */
  readonly controlBlock: Uint8Array;
};

/** What a taproot output of ours is made of. Without a leaf it is spent by its key alone (BIP-86). */
export type TaprootOutput = {
  /** x-only, 32 bytes. */
  readonly internalKey: Uint8Array;
  /** x-only, 32 bytes. */
  readonly outputKey: Uint8Array;
  readonly leaf: TapLeaf | undefined;
};

/** BIP-340's tagged hash: SHA-256 over SHA-256(tag) twice and the parts. 32 bytes. */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const prefix = tagHash(tag);
  return sha256(prefix, prefix, ...parts);
}

/** The part of a compressed public key (33 bytes) that taproot keeps: its x coordinate, 32 bytes. */
export function xOnly(publicKey: Uint8Array): Uint8Array {
  assert(publicKey.length === 33, "a compressed public key");
  return publicKey.subarray(1);
}

/**
 * An x-only key as a compressed one: the point with that x and an even y (BIP-340 lift_x). Our documents name taproot
 * keys so, in one form for all kinds; which of the two points a seed derives, no signature says.
 */
export function lifted(key: Uint8Array): Uint8Array {
  assert(key.length === 32, "an x-only public key");
  return concatBytes(EVEN_Y, key);
}

/**
 * The scalar that is added to an internal key: hash_TapTweak(key ‖ root).
 * @param internalKey x-only @param root 32 bytes; left out for a key that commits to having no scripts (BIP-86)
 */
export function taprootTweak(internalKey: Uint8Array, root: Uint8Array = NO_SCRIPTS): Uint8Array {
  return taggedHash("TapTweak", internalKey, root);
}

/** The tweaked key that an output pays. @param internalKey x-only, a point of the curve */
export function taprootOutputKey(internalKey: Uint8Array, root?: Uint8Array): OutputKey {
  const tweaked = ecc.xOnlyPointAddTweak(internalKey, taprootTweak(internalKey, root));
  // Probability 2^-128: the tweak is above the order, or its point the key's negation.
  assert(tweaked !== null, "an internal key that can be tweaked");
  return { key: tweaked.xOnlyPubkey, parity: tweaked.parity };
}

/** hash_TapLeaf(version ‖ length ‖ script). */
export function tapLeafHash(script: Uint8Array, version: number = TAPSCRIPT): Uint8Array {
  return taggedHash("TapLeaf", Uint8Array.of(version), compactSize(script.length), script);
}

/** Output of a key that can be spent by its signature alone. @param internalKey x-only */
export function keyPathOutput(internalKey: Uint8Array): TaprootOutput {
  return { internalKey, outputKey: taprootOutputKey(internalKey).key, leaf: undefined };
}

/** Output whose tree is one script. @param internalKey x-only */
export function oneLeafOutput(internalKey: Uint8Array, script: Uint8Array): TaprootOutput {
  const hash = tapLeafHash(script);
  const { key, parity } = taprootOutputKey(internalKey, hash);
  const controlBlock = concatBytes(Uint8Array.of(TAPSCRIPT | parity), internalKey);
  return { internalKey, outputKey: key, leaf: { script, hash, controlBlock } };
}

const EVEN_Y = Uint8Array.of(0x02);
const NO_SCRIPTS = new Uint8Array();
const tagHashes = new Map<string, Uint8Array>();

// The tags are few and constant; hashing them anew costs as much as the message.
function tagHash(tag: string): Uint8Array {
  const known = tagHashes.get(tag);
  if (known !== undefined) return known;
  const hash = sha256(utf8(tag));
  tagHashes.set(tag, hash);
  return hash;
}
