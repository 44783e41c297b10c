/**
 * The scripts that a PSBT claims beside a wallet's keys: each stands where the descriptor has one, and is the very same.
 * The key's own scripts make the output script that is spent (`proven-key.ts`), so equality here is BIP-174's check of
 * both hashes, and BIP-341's of the control block (attack B14).
 */
import { declareError, type ErrorKind } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import type { WalletKey } from "./descriptor.ts";
import type { PsbtInput, PsbtOutput } from "./psbt-maps.ts";
import { leafField, treeField } from "./wallet-claims.ts";

export const REDEEM_SCRIPT_MISMATCH = declareError(
  "REDEEM_SCRIPT_MISMATCH",
  "denied",
  "A redeem script is missing, or is not the one that the wallet's descriptor gives: likely attack.",
);
export const WITNESS_SCRIPT_MISMATCH = declareError(
  "WITNESS_SCRIPT_MISMATCH",
  "denied",
  "A witness script is missing, or is not the one that the wallet's descriptor gives: likely attack.",
);
export const TAPROOT_MISMATCH = declareError(
  "TAPROOT_MISMATCH",
  "denied",
  "A taproot internal key, script or tree is missing, or is not what the wallet's descriptor gives: likely attack.",
);

/** Of an input all that the kind has must be there. @throws the errors declared above, naming the field */
export function assertInputScripts({ taproot, ...claimed }: PsbtInput, key: WalletKey, where: string): void {
  const check = checker(key, where, true);
  check(REDEEM_SCRIPT_MISMATCH, "redeemScript", claimed.redeemScript, key.redeemScript);
  check(WITNESS_SCRIPT_MISMATCH, "witnessScript", claimed.witnessScript, key.witnessScript);
  check(TAPROOT_MISMATCH, "tapInternalKey", taproot.internalKey, key.taproot?.internalKey);
  const own = key.taproot?.leaf;
  check(TAPROOT_MISMATCH, "tapMerkleRoot", taproot.merkleRoot, own?.hash);
  const [leaf, second] = taproot.leaves;
  check(TAPROOT_MISMATCH, "tapLeafScript", leaf?.controlBlock, own?.controlBlock);
  check(TAPROOT_MISMATCH, "tapLeafScript", leaf?.script, own && leafField(own));
  check(TAPROOT_MISMATCH, "tapLeafScript", second?.script, undefined);
}

/**
 * Of an output what stands there must be right. Whether it must stand there is the reader's business: other makers'
 * signers demand it to recognise change. @throws as `assertInputScripts`
 */
export function assertOutputScripts(
  { taproot, ...claimed }: PsbtOutput,
  key: WalletKey,
  where: string,
): void {
  const check = checker(key, where, false);
  check(REDEEM_SCRIPT_MISMATCH, "redeemScript", claimed.redeemScript, key.redeemScript);
  check(WITNESS_SCRIPT_MISMATCH, "witnessScript", claimed.witnessScript, key.witnessScript);
  check(TAPROOT_MISMATCH, "tapInternalKey", taproot.internalKey, key.taproot?.internalKey);
  const leaf = key.taproot?.leaf;
  check(TAPROOT_MISMATCH, "tapTree", taproot.tree, leaf && treeField(leaf));
}

/** Whether an output claims any script, as somebody else's never does. */
export function claimsScripts({ redeemScript, witnessScript, taproot }: PsbtOutput): boolean {
  return [redeemScript, witnessScript, taproot.internalKey, taproot.tree].some((each) => each !== undefined);
}

function checker({ path }: WalletKey, where: string, demanded: boolean) {
  return (
    mismatch: ErrorKind,
    name: keyof typeof NAMES,
    claimed: Uint8Array | undefined,
    own: Uint8Array | undefined,
  ): void => {
    if (claimed === undefined && (own === undefined || !demanded)) return;
    if (claimed !== undefined && own !== undefined && equalBytes(claimed, own)) return;
    const what = claimed === undefined ? "has no" : "has another";
    throw mismatch(`${where} ${what} ${NAMES[name]} than the wallet's descriptor gives at ${path}`, {
      field: `${where}.${name}`,
      hint: "build the transaction with the wallet's own descriptor",
    });
  };
}

const NAMES = {
  redeemScript: "redeem script",
  witnessScript: "witness script",
  tapInternalKey: "taproot internal key",
  tapMerkleRoot: "taproot Merkle root",
  tapLeafScript: "taproot leaf script",
  tapTree: "taproot tree",
} as const;
