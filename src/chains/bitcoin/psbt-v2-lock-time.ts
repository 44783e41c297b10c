/** The lock time of a PSBT of version 2, from what its inputs require (BIP-370, "Determining Lock Time"). */
import { declareError } from "../../core/errors.ts";

/** What one input requires: a Unix time of at least 500,000,000, a block height below it, both, or nothing. */
export type RequiredLocks = { readonly time: number | undefined; readonly height: number | undefined };

export const PSBT_LOCK_TIME = declareError(
  "PSBT_LOCK_TIME",
  "invalid",
  "The inputs of a PSBT of version 2 require lock times of two kinds, which no transaction has.",
);

/**
 * The largest lock time of the kind that every input with a requirement allows, a height where both kinds do; without
 * requirements `fallback`. A signature commits to it, so that two readers must not differ (attack B16).
 * @throws PSBT_LOCK_TIME
 */
export function requiredLockTime(inputs: readonly RequiredLocks[], fallback: number, field = "PSBT"): number {
  const requiring = inputs.filter(({ time, height }) => time !== undefined || height !== undefined);
  if (requiring.length === 0) return fallback;
  const chosen = largest(requiring.map(({ height }) => height)) ?? largest(requiring.map(({ time }) => time));
  if (chosen !== undefined) return chosen;
  throw PSBT_LOCK_TIME(`${field} has inputs that require a time and others that require a block height`, {
    field,
    hint: "spend these coins in two transactions",
  });
}

/** Undefined as soon as one of them is. */
function largest(locks: readonly (number | undefined)[]): number | undefined {
  return locks.reduce((most, lock) =>
    most === undefined || lock === undefined ? undefined : Math.max(most, lock),
  );
}
