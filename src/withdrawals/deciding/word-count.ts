/** How many approvals and clearances of one intent are kept: what is above that no desk reads and no signer judges. */
import type { Document, DocumentHeader } from "../../core/document.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { WithdrawalEvidence } from "./evidence.ts";

export const DECISION_TOO_MANY = declareError(
  "DECISION_TOO_MANY",
  "conflict",
  "As many approvals or clearances of an intent are kept as desks and signers take.",
);

/** @param here what people have said of the intent so far @throws DECISION_TOO_MANY; another copy of one is no more */
export function assertWordFits(
  here: Pick<WithdrawalEvidence, "approvals" | "clearances">,
  { body, digest }: Document<DocumentHeader>,
): void {
  const words = body.kind === "clearance" ? here.clearances : here.approvals;
  if (words.length < LIMITS.wordsPerIntentMax || words.some((word) => word.digest === digest)) return;
  throw DECISION_TOO_MANY(`${words.length} documents of kind ${body.kind} are kept for this intent already`, {
    field: body.kind,
    hint: "custody withdraw queue   (find out who made so many; a later intent starts anew)",
  });
}
