/**
 * Groups of signers that can spend from a wallet. A signer refuses what its own journal contradicts (law 7, gate G10),
 * so two groups that share one of ours cannot pay one intent twice; two that share none can.
 */
import type { PolicyWallet } from "./policy.ts";

/** A group that can spend has at least `needed` of `signers`, whatever keys that are not ours add. */
export type SpendingQuorum = { readonly signers: readonly string[]; readonly needed: number };

/** Of m keys needed, f may be strangers': at least m - f are ours. */
export function spendingQuorum({ signers, threshold, foreign }: PolicyWallet): SpendingQuorum {
  return { signers, needed: Math.max(0, threshold - foreign) };
}

/**
 * Whether every group of `a` shares a signer with every group of `b`. Two disjoint groups exist exactly when each
 * quorum has signers enough for itself and both together have enough for both, so that is what must not be.
 */
export function alwaysMeet(a: SpendingQuorum, b: SpendingQuorum): boolean {
  if (a.needed > a.signers.length || b.needed > b.signers.length) return true;
  return a.needed + b.needed > new Set([...a.signers, ...b.signers]).size;
}
