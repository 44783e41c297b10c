/** What one kind of wallet is: its descriptor's frame, its scripts, and what spends them. `table.ts` has all of them. */
import type { OriginKey } from "../../key-path.ts";
import type { TaprootOutput } from "../taproot.ts";

export type DescriptorKind =
  | "p2wpkh"
  | "p2sh-p2wpkh"
  | "p2tr"
  | "p2wsh-sortedmulti"
  | "p2sh-p2wsh-sortedmulti"
  | "p2tr-sortedmulti";

/** The scripts of a wallet at one place. */
export type KeyScripts = {
  /** The output script. */
  readonly script: Uint8Array;
  /** What a p2sh script is the hash of: a witness program, and for us never anything else. */
  readonly redeemScript: Uint8Array | undefined;
  /** What a p2wsh script is the hash of. */
  readonly witnessScript: Uint8Array | undefined;
  readonly taproot: TaprootOutput | undefined;
};

/** A verified signature in the form of our documents, as bytes, with the key that made it (33 bytes). */
export type KeyedSignature = { readonly publicKey: Uint8Array; readonly signature: Uint8Array };

export type WalletKind = {
  readonly kind: DescriptorKind;
  /** What stands around the keys in a descriptor, threshold and first comma left out: `wsh(sortedmulti(` and `))`. */
  readonly before: string;
  readonly after: string;
  /** Whether a threshold and several keys stand there; else it is one key. */
  readonly several: boolean;
  /** What follows the internal key that nobody can sign with (BIP-341), where one stands first: `,sortedmulti_a(`. */
  readonly afterInternal: string | undefined;
  /** Purpose of our own account's path (BIP-43), and its last step where it has one (BIP-48). */
  readonly purpose: 48 | 49 | 84 | 86;
  readonly scriptType: number | undefined;
  /** ECDSA: strict DER with SIGHASH_ALL (BIP-143). Schnorr: 64 bytes, SIGHASH_DEFAULT (BIP-340, BIP-341). */
  readonly scheme: "ecdsa" | "schnorr";
  /** The keys in the script's order; those of taproot with an even y, which is all that an x-only key says. */
  readonly order: (keys: readonly OriginKey[]) => readonly OriginKey[];
  /** @param keys in the script's order @param internalKey x-only, of a kind that has one */
  readonly scripts: (threshold: number, keys: readonly OriginKey[], internalKey?: Uint8Array) => KeyScripts;
  /** Weight of a signed input's script signature and witness, with the largest signatures, item count included. */
  readonly spendWeight: (threshold: number, keys: number) => number;
  /**
   * The witness stack.
   * @param keys in the script's order @param found at least `threshold` signatures, in the same order
   */
  readonly witness: (
    scripts: KeyScripts & { readonly keys: readonly OriginKey[] },
    found: readonly KeyedSignature[],
    threshold: number,
  ) => readonly Uint8Array[];
};

/**
 * A DER signature with its length: with low S it has 71 bytes when R is high and 70 when R is low (BIP-66, BIP-62), and
 * one sighash byte follows. Our own signer grinds for low R as Bitcoin Core does and stays one below this.
 */
export const ECDSA_WEIGHT = 1 + 72;
/** A BIP-340 signature with its length; SIGHASH_DEFAULT has no byte of its own. */
export const SCHNORR_WEIGHT = 1 + 64;

/** Weight of what is not witness: a byte counts four times (BIP-141). */
export const baseWeight = (bytes: number): number => 4 * bytes;
