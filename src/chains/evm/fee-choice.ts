/** The cheapest rung's fee, from what endpoints say of fees: nobody's word sets it alone, and the policy caps it (F15). */
import { declareError } from "../../core/errors.ts";
import { formatFeeRate, milliOf } from "../../core/fee-rate.ts";
import type { FeeCaps } from "../../core/policy/fee-caps.ts";
import type { EvmSnapshot } from "./snapshot.ts";

export const FEE_ABOVE_CAP = declareError(
  "EVM_FEE_ABOVE_CAP",
  "denied",
  "A chain's blocks take nothing at the highest fee that the policy allows.",
);

/** Wei for each gas, as nodes say. */
export type SaidFees = {
  /** Of the newest block; undefined on a chain without base fees (EIP-1559). */
  readonly baseFee: bigint | undefined;
  readonly rewards: readonly { readonly percentile: number; readonly wei: bigint }[];
  readonly tip: bigint | undefined;
  readonly gasPrice: bigint;
};

export type ChosenFees = Pick<EvmSnapshot, "baseFees" | "tipWei" | "feeRateMilli" | "feeSource">;

/** What was paid above the base fee in the middle of the gas of late blocks; where no block was paid, a hundredth of a gwei. */
const MIDDLE = 50;
const TIP_LEAST = 10_000_000n;

/**
 * Twice the base fee and the priority fee beside it: six full blocks raise a base fee by half (EIP-1559), and what is not
 * needed is not paid. @throws EVM_FEE_ABOVE_CAP
 */
export function evmFees({ baseFee, rewards, tip, gasPrice }: SaidFees, caps: FeeCaps): ChosenFees {
  const { units } = caps.rateUnit;
  const cap = milliOf(caps.rateMax);
  const paid = rewards.find(({ percentile }) => percentile === MIDDLE)?.wei ?? tip ?? 0n;
  const priority = paid > TIP_LEAST ? paid : TIP_LEAST;
  const least = baseFee === undefined ? gasPrice : baseFee + priority;
  const milli = (wei: bigint) => (wei * 1000n + units - 1n) / units;
  if (milli(least) > cap) {
    throw FEE_ABOVE_CAP(
      `blocks take transactions from ${formatFeeRate(milli(least), caps.rateUnit)}, the policy's cap is ${formatFeeRate(cap, caps.rateUnit)}`,
      {
        field: "policy.chains.fees.rateMax",
        hint: "wait until fees have come down, or raise fees.rateMax in a new policy",
      },
    );
  }
  const wanted = milli(baseFee === undefined ? gasPrice : 2n * baseFee + priority);
  const rate = wanted > cap ? cap : wanted;
  return {
    baseFees: baseFee !== undefined,
    tipWei: (baseFee === undefined ? 0n : priority).toString(),
    feeRateMilli: rate.toString(),
    feeSource: baseFee === undefined ? "gas price of nodes" : "base fee and late blocks",
  };
}
