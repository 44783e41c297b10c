import type { Network } from "../../src/core/chain.ts";
import { declareError } from "../../src/core/errors.ts";

export const CONFIRM_REGTEST_ONLY = declareError(
  "CONFIRM_REGTEST_ONLY",
  "denied",
  "Outside regtest the signer takes a confirmation from a person at its terminal alone.",
);
export const CONFIRM_MISMATCH = declareError(
  "CONFIRM_MISMATCH",
  "denied",
  "The digest given for confirmation is another one.",
);

/** @throws CONFIRM_REGTEST_ONLY */
export function assertConfirmAllowed(network: Network): void {
  if (network === "regtest") return;
  throw CONFIRM_REGTEST_ONLY(`--confirm works on regtest only, this is ${network}`, {
    field: "--confirm",
    hint: "leave it out and confirm at the terminal",
  });
}

/** @throws CONFIRM_REGTEST_ONLY, CONFIRM_MISMATCH */
export function assertConfirmFlag(given: string, expected: string, network: Network, what: string): void {
  assertConfirmAllowed(network);
  if (given === expected) return;
  throw CONFIRM_MISMATCH(`--confirm is not ${what}`, {
    field: "--confirm",
    hint: `give all 64 digits of ${what}`,
  });
}
