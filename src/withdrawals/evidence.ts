import type { ApprovalDocument } from "../core/documents/approval.ts";
import { APPROVAL } from "../core/documents/approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import { INTENT, type IntentDocument } from "../core/documents/intent.ts";
import { assert } from "../core/errors.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";

/** The signed documents behind a withdrawal: what a desk, a signer and an auditor judge it by. */
export type WithdrawalEvidence = {
  readonly intent: IntentDocument;
  readonly beneficiary: BeneficiaryDocument;
  readonly approvals: readonly ApprovalDocument[];
};

type Reading<Tx> = Pick<WithdrawalPorts<Tx>, "findDocument" | "findDocuments" | "approvalsOf">;

/** Reads a withdrawal's documents. They were stored with it, so a missing one is a bug. */
export function evidenceOf<Tx>(ports: Reading<Tx>, tx: Tx, withdrawal: WithdrawalRow): WithdrawalEvidence {
  assert(withdrawal.intent !== undefined, "an admitted withdrawal has an intent");
  const intent = ports.findDocument(tx, INTENT, withdrawal.intent);
  const beneficiary = ports.findDocument(tx, BENEFICIARY, withdrawal.beneficiary);
  assert(intent !== undefined && beneficiary !== undefined, "a withdrawal's documents are stored with it");
  return {
    intent,
    beneficiary,
    approvals: ports.findDocuments(tx, APPROVAL, ports.approvalsOf(tx, withdrawal.id)),
  };
}
