/** Roles that the policy keeps apart, among those who have signed for one payment; gate G4 judges the same at the signer. */
import type { Document, DocumentHeader } from "../../core/document.ts";
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import type { IntentDocument } from "../../core/documents/intent.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import type { Policy, Role } from "../../core/policy/policy.ts";
import { conflictIn, identityNamed } from "../../core/policy/roles.ts";

type Signed = {
  readonly intent: IntentDocument;
  readonly approvals: readonly ApprovalDocument[];
  readonly clearances: readonly ClearanceDocument[];
};

/** The person who has two parts in one payment once `said` is signed in `role`; undefined when nobody has. */
export function conflictWith(
  policy: Policy,
  { intent, approvals, clearances }: Signed,
  said: Document<DocumentHeader>,
  role: Role,
): ReturnType<typeof conflictIn> {
  const persons = (of: Role, documents: readonly Document<DocumentHeader>[]) =>
    documents.flatMap((document) =>
      countSignatures(policy, of, document).map(({ identity }) => ({ role: of, person: identity.person })),
    );
  const requester = identityNamed(policy, intent.body.requester);
  return conflictIn(policy, [
    ...persons(role, [said]),
    ...persons(
      "approver",
      approvals.filter(({ body }) => body.decision !== "reject"),
    ),
    ...persons(
      "compliance",
      clearances.filter(({ body }) => body.decision === "clear"),
    ),
    ...(requester === undefined ? [] : [{ role: "requester" as const, person: requester.person }]),
  ]);
}
