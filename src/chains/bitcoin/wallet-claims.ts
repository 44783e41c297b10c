/** What a PSBT says of a wallet's own keys and scripts, as we write it: from the descriptor, for each kind its fields. */
import { concatBytes } from "../../core/hex.ts";
import type { WalletKey } from "./descriptor.ts";
import type { PsbtDerivation } from "./psbt-maps.ts";
import { TAPSCRIPT, xOnly, type TapLeaf } from "./taproot.ts";
import { compactSize } from "./wire.ts";

/** Key origins in the script's order; of taproot x-only, with the script that they are in (BIP-371). */
export function derivationsOf({ keys, taproot }: WalletKey): readonly PsbtDerivation[] {
  if (taproot === undefined) return keys;
  const leafHashes = taproot.leaf === undefined ? [] : [taproot.leaf.hash];
  return keys.map((key) => ({ ...key, publicKey: xOnly(key.publicKey), leafHashes }));
}

/** Value of PSBT_IN_TAP_LEAF_SCRIPT: the script and its leaf version. */
export function leafField({ script }: TapLeaf): Uint8Array {
  return concatBytes(script, Uint8Array.of(TAPSCRIPT));
}

/** Value of PSBT_OUT_TAP_TREE for one leaf: depth, leaf version, length, script. */
export function treeField({ script }: TapLeaf): Uint8Array {
  return concatBytes(Uint8Array.of(0, TAPSCRIPT), compactSize(script.length), script);
}
