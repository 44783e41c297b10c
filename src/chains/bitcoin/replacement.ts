/** What nodes ask of a transaction that shall take the place of another one in their memory pools (BIP-125). */
import { feeAtRate } from "./fee.ts";
import { virtualSizeOf } from "./weight.ts";

/**
 * Incremental relay feerate, thousandths of a satoshi per virtual byte. Bitcoin Core's default was 1 sat/vB until
 * version 30, where it became 0.1; whoever pays the old one satisfies both.
 */
export const INCREMENTAL_RATE_MILLI = 1000n;

/**
 * How many bytes a real signature may be shorter than the 72 that sizes are counted with: one for low R, and short
 * numbers (each byte is 256 times rarer). The replaced transaction's real rate is higher than ours by so much.
 */
const SIGNATURE_SLACK = 3;

/** An attempt that may be in memory pools: its fee in satoshis, its weight as counted, and its signatures of varying length. */
export type Replaced = { readonly units: bigint; readonly weight: number; readonly signatures: number };

/**
 * The least fee in satoshis with which a transaction of `weight` replaces `replaced`: the whole old fee and the relay of
 * the new bytes (rules 3 and 4), and a feerate above the old one (Bitcoin Core, policy/rbf.cpp, PaysMoreThanConflicts).
 * What spends the old one's outputs must be paid for as well: nobody can know that when signing.
 */
export function replacementFee(replaced: Replaced, weight: number, incrementalMilli: bigint): bigint {
  const size = virtualSizeOf(weight);
  const smallest = virtualSizeOf(replaced.weight - SIGNATURE_SLACK * replaced.signatures);
  const byFee = replaced.units + feeAtRate(size, incrementalMilli);
  const byRate = (replaced.units * BigInt(size)) / BigInt(smallest) + 1n;
  return byFee > byRate ? byFee : byRate;
}
