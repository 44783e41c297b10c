/** Fees: what they are, from amounts that we verified ourselves, and the caps of policy (gate G7, failure F15). */
import type { FeeFacts } from "../adapter.ts";
import { assert, declareError } from "../../core/errors.ts";
import type { ChainRules } from "../../core/policy/policy.ts";

export const FEE_ABSOLUTE_CAP = declareError(
  "FEE_ABSOLUTE_CAP",
  "denied",
  "A fee is higher than the policy's absolute cap.",
);
export const FEE_RATE_CAP = declareError(
  "FEE_RATE_CAP",
  "denied",
  "A fee rate is higher than the policy's cap.",
);
export const FEE_SHARE_CAP = declareError(
  "FEE_SHARE_CAP",
  "denied",
  "A fee is a larger share of what is paid out than the policy allows.",
);

/** @param units satoshis, inputs less outputs @param virtualSize virtual bytes, signatures at their largest */
export function feeFacts(units: bigint, virtualSize: number): FeeFacts {
  assert(units >= 0n && virtualSize > 0, "a fee is never negative and a transaction never empty");
  return { units, rateMilli: ceilDivide(units * 1000n, BigInt(virtualSize)), virtualSize };
}

/** The least fee in satoshis that reaches `rateMilli` (thousandths of a satoshi per virtual byte). */
export function feeAtRate(virtualSize: number, rateMilli: bigint): bigint {
  return ceilDivide(BigInt(virtualSize) * rateMilli, 1000n);
}

/**
 * Fee as a share of what is paid out, in thousandths, rounded up. Undefined when nothing is paid out: a share of
 * nothing has no number, and dividing by it has crashed signers (attack B12).
 */
export function feeSharePermille(feeUnits: bigint, paidUnits: bigint): bigint | undefined {
  return paidUnits === 0n ? undefined : ceilDivide(feeUnits * 1000n, paidUnits);
}

/**
 * Checks a fee against a chain's caps; all three must hold.
 * @param paidUnits what leaves the wallet to others, in satoshis
 * @throws FEE_ABSOLUTE_CAP, FEE_RATE_CAP, FEE_SHARE_CAP
 */
export function assertFeeCaps(fee: FeeFacts, paidUnits: bigint, rules: ChainRules["fees"]): void {
  if (fee.units > BigInt(rules.absoluteUnitsMax)) {
    throw FEE_ABSOLUTE_CAP(`the fee is ${fee.units} sat, the cap is ${rules.absoluteUnitsMax} sat`, {
      field: "fee",
      hint: "split the batch, or have the admins raise absoluteUnitsMax",
    });
  }
  if (fee.rateMilli > BigInt(rules.rateMax) * 1000n) {
    throw FEE_RATE_CAP(
      `the fee rate is ${fee.rateMilli} thousandths of a sat/vB, the cap is ${rules.rateMax} sat/vB`,
      {
        field: "feeRate",
        hint: "build again at a lower rate",
      },
    );
  }
  const share = feeSharePermille(fee.units, paidUnits);
  if (share === undefined || share > BigInt(rules.sharePermilleMax)) {
    const found =
      share === undefined
        ? "nothing is paid out, so any fee is too large a share"
        : `the fee is ${share} thousandths of what is paid out`;
    throw FEE_SHARE_CAP(`${found}; the cap is ${rules.sharePermilleMax}`, {
      field: "feeShare",
      hint: "pay more in one batch, or wait for lower fees",
    });
  }
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
