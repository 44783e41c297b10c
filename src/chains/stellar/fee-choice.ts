/** The bid for each operation, from what endpoints say is bid: nobody's word sets it alone, and the policy caps it (F15). */
import { declareError } from "../../core/errors.ts";
import { formatFeeRate, milliOf } from "../../core/fee-rate.ts";
import type { FeeCaps } from "../../core/policy/fee-caps.ts";
import type { StellarSnapshot } from "./snapshot.ts";

export const FEE_ABOVE_CAP = declareError(
  "STELLAR_FEE_ABOVE_CAP",
  "denied",
  "Ledgers take no operation at the highest bid that the policy allows.",
);

/** Stroops for an operation. */
export type SaidFees = {
  /** What a ledger takes at the least. */
  readonly least: bigint;
  /** What nineteen of twenty late transactions bid at most; undefined where an endpoint has none to tell of. */
  readonly usual: bigint | undefined;
};

/** A ledger charges what the lowest bid in it was, so that a high bid costs nothing while there is room. */
const SPARE = 10n;

/** @throws STELLAR_FEE_ABOVE_CAP */
export function stellarFee(
  { least, usual }: SaidFees,
  caps: FeeCaps,
): Pick<StellarSnapshot, "feeRateMilli" | "feeSource"> {
  const cap = milliOf(caps.rateMax);
  const floor = least * 1000n;
  if (floor > cap) {
    throw FEE_ABOVE_CAP(
      `an operation costs ${formatFeeRate(floor, caps.rateUnit)} at the least, and the policy allows ${formatFeeRate(cap, caps.rateUnit)}`,
      { field: "fees", hint: "custody policy draft   (raise the cap of this row's fees, if that is meant)" },
    );
  }
  const wanted = usual === undefined || usual < least * SPARE ? least * SPARE : usual;
  const rate = wanted * 1000n > cap ? cap : wanted * 1000n;
  const source = wanted * 1000n > cap ? "policy cap" : "late ledgers";
  return { feeRateMilli: rate.toString(), feeSource: source };
}
