/**
 * Fees of one plan's attempts. They differ in nothing but their fee, so a plan states of each what it costs at most, and what
 * a gas pays follows from the gas limit. The priority fee rises in the same proportion, so that each attempt is a valid
 * replacement of the one before by the rule that nodes have: both fields up by a tenth (geth's `txpool.pricebump`).
 */
import { declareError } from "../../core/errors.ts";
import { rateMilliOf, rateUnitOf } from "../../core/fee-rate.ts";
import type { ChainId } from "../../core/chain.ts";
import type { FeeFacts } from "../adapter.ts";
import { feePerGas, type EvmTransaction } from "./transaction.ts";

export const FEE_INDIVISIBLE = declareError(
  "EVM_FEE_INDIVISIBLE",
  "denied",
  "An attempt's fee is not a whole number of wei for each gas of its limit.",
);
export const BASE_FEE_MISSTATED = declareError(
  "EVM_BASE_FEE_MISSTATED",
  "denied",
  "A plan's first rung has another fee than its base.",
);
export const REPLACES_TOO_CHEAPLY = declareError(
  "EVM_REPLACES_TOO_CHEAPLY",
  "denied",
  "An attempt pays too little above the one before for nodes to take it in its place.",
);

const BUILD_AGAIN = "build the plan again: custody withdraw build --wallet WALLET";

/** What a replacement pays at least, for each of the two fields: a tenth more, rounded up. */
export function replacing(fee: bigint): bigint {
  return (fee * 11n + 9n) / 10n;
}

/** What a transaction costs at most. */
export function feeFacts(transaction: EvmTransaction, chain: ChainId): FeeFacts {
  const { gasLimit } = transaction;
  const units = gasLimit * feePerGas(transaction);
  return { units, rateMilli: rateMilliOf(units, gasLimit, rateUnitOf(chain)), virtualSize: Number(gasLimit) };
}

/** `base` at another fee. @throws EVM_FEE_INDIVISIBLE */
export function atFee(base: EvmTransaction, feeUnits: bigint, field: string): EvmTransaction {
  if (feeUnits % base.gasLimit !== 0n) {
    throw FEE_INDIVISIBLE(`${field} is ${feeUnits} wei, not a multiple of ${base.gasLimit} gas`, {
      field,
      hint: BUILD_AGAIN,
    });
  }
  const fee = feeUnits / base.gasLimit;
  if (base.type !== 2) return { ...base, gasPrice: fee };
  return { ...base, maxFeePerGas: fee, maxPriorityFeePerGas: tipAt(base, fee) };
}

/** The priority fee beside `fee`, in the proportion of the base, rounded up; never above the fee. */
function tipAt(
  base: { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint },
  fee: bigint,
): bigint {
  const tip = (base.maxPriorityFeePerGas * fee + base.maxFeePerGas - 1n) / base.maxFeePerGas;
  return tip < fee ? tip : fee;
}

/** Each attempt can take the place of the one before it. @throws EVM_REPLACES_TOO_CHEAPLY */
export function assertLadder(attempts: readonly EvmTransaction[]): void {
  attempts.forEach((attempt, place) => {
    const before = attempts[place - 1];
    if (before === undefined) return;
    const pairs = [[feePerGas(attempt), feePerGas(before)]];
    if (attempt.type === 2 && before.type === 2)
      pairs.push([attempt.maxPriorityFeePerGas, before.maxPriorityFeePerGas]);
    if (pairs.every(([now, then]) => (now as bigint) >= replacing(then as bigint))) return;
    throw REPLACES_TOO_CHEAPLY(
      `attempt ${place + 1} pays too little above attempt ${place}: nodes ask a tenth`,
      {
        field: `plan.rungs[${place}]`,
        hint: BUILD_AGAIN,
      },
    );
  });
}
