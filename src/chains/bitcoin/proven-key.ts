/** Proof that a script is the wallet's own: the claimed path is walked from our descriptor, nothing else is believed. */
import { equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { deriveKey, type Branch, type Descriptor, type WalletKey } from "./descriptor.ts";
import type { PsbtDerivation } from "./psbt.ts";

/**
 * The wallet's key at the place that `derivation` claims, or undefined when the claim has another fingerprint, other
 * steps, or an index out of range (attack B7: an index beyond every scan is a ransom).
 */
export function claimedKey(derivation: PsbtDerivation, descriptor: Descriptor): WalletKey | undefined {
  const { fingerprint, path: prefix } = descriptor.origin;
  const { path } = derivation;
  const [branch, index] = path.slice(prefix.length);
  const sameOrigin =
    derivation.fingerprint === fingerprint &&
    path.length === prefix.length + 2 &&
    prefix.every((step, i) => step === path[i]);
  if (!sameOrigin || !isBranch(branch) || index === undefined || index > LIMITS.addressIndexMax)
    return undefined;
  return deriveKey(descriptor, branch, index);
}

/**
 * The wallet's key that `derivations` claim for `script`, when it is true: exactly one key is claimed, it comes out of
 * the descriptor, and it makes this very script (attacks B3, B4, B11).
 */
export function provenKey(
  derivations: readonly PsbtDerivation[],
  script: Uint8Array,
  descriptor: Descriptor,
): WalletKey | undefined {
  const [derivation, ...others] = derivations;
  if (derivation === undefined || others.length > 0) return undefined;
  const key = claimedKey(derivation, descriptor);
  const same =
    key !== undefined && equalBytes(key.publicKey, derivation.publicKey) && equalBytes(key.script, script);
  return same ? key : undefined;
}

function isBranch(step: number | undefined): step is Branch {
  return step === 0 || step === 1;
}
