/** A signed destination comes in: people sign at several desks, and the customer where it has a key of its own (law 11). */
import { assertBelongs } from "../../core/document.ts";
import type { BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { assert, declareError } from "../../core/errors.ts";
import type { Instant } from "../../core/instant.ts";
import { judgeDestination, type BeneficiaryDenial } from "../../core/policy/beneficiaries.ts";
import { withCountedSignatures } from "../../core/policy/counting.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";
import type { WithdrawalPorts } from "../ports.ts";

export const BENEFICIARY_UNSIGNED = declareError(
  "BENEFICIARY_UNSIGNED",
  "verification",
  "A beneficiary carries no valid signature of its quorum or its customer.",
);
export const BENEFICIARY_TOO_LONG = declareError(
  "BENEFICIARY_TOO_LONG",
  "denied",
  "A beneficiary lives longer than the policy allows.",
);

export type Destination = {
  /** With every signature that has come in so far. */
  readonly beneficiary: BeneficiaryDocument;
  /** Why nothing can be paid there yet: what is missing, or from when it is in force. */
  readonly denial: readonly [rule: BeneficiaryDenial, why: string] | undefined;
};

/**
 * Keeps the signatures that count. A destination whose quorum is not together yet, or that its customer has not signed,
 * is kept and pays nothing.
 * @throws BENEFICIARY_UNSIGNED, BENEFICIARY_TOO_LONG
 */
export function importBeneficiary<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "saveDocument" | "findDocument">,
  tx: Tx,
  document: BeneficiaryDocument,
  { policy, now }: { readonly policy: PolicyDocument; readonly now: Instant },
): Destination {
  assertBelongs(document, { network: policy.body.network, custody: custodyId(policy) });
  const counted = withCountedSignatures(policy.body, ["approver"], document).signatures;
  const { customerKey } = document.body;
  const own = document.signatures.filter(
    (signature) => signature.by === customerKey && verifySignature(document.digest, signature),
  );
  const signatures = [...counted.filter(({ by }) => by !== customerKey), ...own];
  if (signatures.length === 0) {
    throw BENEFICIARY_UNSIGNED("neither an approver nor the customer's key has validly signed it", {
      field: "beneficiary.signatures",
      hint: "custody desk sign beneficiary.json --as beneficiary --identity NAME.key --out beneficiary.signed.json",
    });
  }
  ports.saveDocument(tx, { ...document, signatures });
  const beneficiary = ports.findDocument(tx, BENEFICIARY, document.digest);
  assert(beneficiary !== undefined, "what was saved is there");
  const denial = judgeDestination(policy.body, beneficiary, now);
  // More signatures cannot mend this one.
  if (denial?.[0] === "BENEFICIARY_TOO_LONG") {
    throw BENEFICIARY_TOO_LONG(denial[1], {
      field: "beneficiary.expires",
      hint: "custody beneficiary add --days DAYS   (fewer)",
    });
  }
  return { beneficiary, denial };
}
