/** Fees by size: what a fee is per virtual byte, and which fee reaches a rate. Always rounded against the payer. */
import type { FeeFacts } from "../adapter.ts";
import { assert } from "../../core/errors.ts";

/** @param units satoshis, inputs less outputs @param virtualSize virtual bytes, signatures at their largest */
export function feeFacts(units: bigint, virtualSize: number): FeeFacts {
  assert(units >= 0n && virtualSize > 0, "a fee is never negative and a transaction never empty");
  return { units, rateMilli: ceilDivide(units * 1000n, BigInt(virtualSize)), virtualSize };
}

/** The least fee in satoshis that reaches `rateMilli` (thousandths of a satoshi per virtual byte). */
export function feeAtRate(virtualSize: number, rateMilli: bigint): bigint {
  return ceilDivide(BigInt(virtualSize) * rateMilli, 1000n);
}

/** Satoshis in all. */
export function sumUnits(parts: readonly { readonly units: bigint }[]): bigint {
  return parts.reduce((total, { units }) => total + units, 0n);
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
