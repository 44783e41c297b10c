/** Is this a policy that can be lived with? What contradicts itself or locks its people out may not be pinned. */
import { declareError } from "../errors.ts";
import type { Policy } from "./policy.ts";
import { nameErrors } from "./problems/names.ts";
import { numberingErrors } from "./problems/numbering.ts";
import { onlineErrors, onlineWarnings } from "./problems/online.ts";
import type { Problem } from "./problems/problem.ts";
import { quorumErrors, quorumWarnings } from "./problems/quorums.ts";
import { readingWarnings } from "./problems/reading.ts";
import { rowErrors } from "./problems/rows.ts";
import { tokenErrors } from "./problems/tokens.ts";
import { lockOutWarnings, rowWarnings, separationWarnings } from "./problems/separation.ts";
import { walletErrors, walletWarnings } from "./problems/wallets.ts";

export type { Gap, Problem } from "./problems/problem.ts";

export const POLICY_INCONSISTENT = declareError(
  "POLICY_INCONSISTENT",
  "invalid",
  "A policy contradicts itself or locks its people out.",
);

/**
 * Checks what the schema cannot: names are unique and resolve, quorums can be met by people who may act together,
 * bands do not overlap, limits let something pass, and no two groups of signers can each make one payment.
 * Descriptors are text here; whoever knows the chain checks them.
 * @throws POLICY_INCONSISTENT naming the field of the first error
 */
export function assertConsistent(policy: Policy): void {
  for (const { field, why } of errorsOf(policy)) {
    throw POLICY_INCONSISTENT(`policy ${field}: ${why}`, {
      field,
      hint: "custody policy verify FILE   (lists all that is wrong); correct the draft and have it signed again",
    });
  }
}

/** Everything that is wrong: what keeps a policy from being pinned, then what its admins should weigh. */
export function problemsOf(policy: Policy): readonly Problem[] {
  return [...errorsOf(policy), ...warningsOf(policy)];
}

// In the order in which one thing makes sense of the next. Lazy: whoever refuses a policy needs the first alone.
function* errorsOf(policy: Policy): Iterable<Problem> {
  yield* numberingErrors(policy);
  yield* nameErrors(policy);
  yield* quorumErrors(policy);
  yield* walletErrors(policy);
  yield* tokenErrors(policy);
  yield* rowErrors(policy);
  yield* onlineErrors(policy);
}

function* warningsOf(policy: Policy): Iterable<Problem> {
  yield* separationWarnings(policy);
  yield* quorumWarnings(policy);
  yield* lockOutWarnings(policy);
  yield* walletWarnings(policy);
  yield* rowWarnings(policy);
  yield* readingWarnings(policy);
  yield* onlineWarnings(policy);
}
