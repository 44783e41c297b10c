/** Proof that a script is a wallet's own: the claimed place is derived from our descriptor, nothing else is believed. */
import { equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { deriveKey, type Branch, type Descriptor, type WalletKey } from "./descriptor.ts";
import type { PsbtDerivation } from "./psbt-maps.ts";
import { derivationsOf } from "./wallet-claims.ts";

/**
 * The wallet's keys at the place that `derivation` claims, or undefined when the claim has a fingerprint or steps that
 * the wallet does not have, or an index out of range (attack B7: an index beyond every scan is a ransom).
 */
export function claimedKey(derivation: PsbtDerivation, descriptor: Descriptor): WalletKey | undefined {
  const { path } = derivation;
  // Fingerprints of a wallet's keys are distinct (descriptor.ts), so the claim is about this key or none.
  const prefix = descriptor.keys.find(({ origin }) => origin.fingerprint === derivation.fingerprint)?.origin
    .path;
  if (prefix === undefined || path.length !== prefix.length + 2) return undefined;
  const [branch, index] = path.slice(prefix.length);
  const sameOrigin = prefix.every((step, i) => step === path[i]);
  if (!sameOrigin || !isBranch(branch) || index === undefined || index > LIMITS.addressIndexMax)
    return undefined;
  return deriveKey(descriptor, branch, index);
}

/**
 * The wallet's keys that `derivations` claim for `script`, when the claim is true: every key of the wallet is named
 * once and none other, all at one place, each comes out of the descriptor, and together they make this very script.
 * Attacks B3 and B11; B4: of {p1,p2,p3} and a foreign p4, a quorum of {p1,p2,p4} looks like ours by two keys.
 */
export function provenKey(
  derivations: readonly PsbtDerivation[],
  script: Uint8Array,
  descriptor: Descriptor,
): WalletKey | undefined {
  const [first] = derivations;
  if (first === undefined || derivations.length !== descriptor.keys.length) return undefined;
  const key = claimedKey(first, descriptor);
  if (key === undefined || !equalBytes(key.script, script)) return undefined;
  const claims = new Map(derivations.map((derivation) => [derivation.fingerprint, derivation]));
  const all = derivationsOf(key).every(({ fingerprint, publicKey, path, leafHashes }) => {
    const claim = claims.get(fingerprint);
    if (claim === undefined || !equalBytes(claim.publicKey, publicKey)) return false;
    if (!sameLeaves(claim.leafHashes, leafHashes)) return false;
    return claim.path.length === path.length && claim.path.every((step, i) => step === path[i]);
  });
  return all ? key : undefined;
}

// BIP-371: a key of a script names that script, an internal key none, and a key outside taproot has no such list. A list
// that names another script would have another reader sign for that one.
function sameLeaves(
  claimed: readonly Uint8Array[] | undefined,
  own: readonly Uint8Array[] | undefined,
): boolean {
  if (claimed === undefined || own === undefined) return claimed === own;
  return claimed.length === own.length && own.every((hash, i) => equalBytes(hash, claimed[i] as Uint8Array));
}

function isBranch(step: number | undefined): step is Branch {
  return step === 0 || step === 1;
}
