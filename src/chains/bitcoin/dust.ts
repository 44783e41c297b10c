import { declareError } from "../../core/errors.ts";
import type { Address } from "./address.ts";
import { dustThreshold } from "./script.ts";

export const PAYMENT_DUST = declareError(
  "PAYMENT_DUST",
  "invalid",
  "A payment is below the dust threshold, so no node would relay it.",
);

/**
 * Refuses an output that no node would relay, at intake and again when it is built (failure F16).
 * @param units satoshis
 * @throws PAYMENT_DUST with the threshold in `details.dustUnits`
 */
export function assertAboveDust(
  { address, kind }: Pick<Address, "address" | "kind">,
  units: bigint,
  field: string,
  details: Readonly<Record<string, number>> = {},
): void {
  const threshold = dustThreshold(kind);
  if (units >= threshold) return;
  throw PAYMENT_DUST(`${field} is ${units} sat to ${address}, the dust threshold there is ${threshold} sat`, {
    field,
    details: { ...details, dustUnits: threshold.toString() },
    hint: `pay at least ${threshold} sat`,
  });
}
