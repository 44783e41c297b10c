/** Why a plan of an account or a Safe cannot be built. */
import { declareError } from "../../core/errors.ts";

export const ONE_PAYMENT = declareError(
  "EVM_ONE_PAYMENT",
  "usage",
  "An account makes one payment with each transaction.",
);
export const TASK_UNKNOWN = declareError(
  "EVM_TASK_UNKNOWN",
  "usage",
  "An account is asked for something else than a payment.",
);
export const NONCE_TAKEN = declareError(
  "EVM_NONCE_TAKEN",
  "conflict",
  "A plan shall share what another holds, and that is not one nonce of the account, or is used already.",
);
export const BALANCE_SHORT = declareError(
  "EVM_BALANCE_SHORT",
  "conflict",
  "An account does not hold what a payment and its fee may take.",
);
export const FACT_MISSING = declareError(
  "EVM_FACT_MISSING",
  "conflict",
  "The chain facts of a plan lack what the payment of a token takes.",
);
export const DESTINATION_REFUSES = declareError(
  "EVM_DESTINATION_REFUSES",
  "conflict",
  "A payment was played through before it was built, and its destination or token would not take it.",
);
export const SAFE_HAS_MODULE = declareError(
  "SAFE_HAS_MODULE",
  "denied",
  "A Safe obeys modules: their code moves what it has without its owners, so that nothing is paid from it.",
);

/** What would hold a nonce that a block holds by now, or another plan. */
export function nonceUsed(nonce: bigint, whose: string) {
  return NONCE_TAKEN(`nonce ${nonce} of ${whose} is used, or another plan's`, {
    field: "conflictKeys",
    hint: "custody-watcher once   (what has used it, the chain says)",
  });
}
