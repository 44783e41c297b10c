/** People's decisions come in: approvals and rejections made at desks, judged here as the signer will judge them. */
import { assertBelongs } from "../core/document.ts";
import type { ApprovalDocument } from "../core/documents/approval.ts";
import { declareError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { postRelease } from "../core/ledger.ts";
import { conflictIn } from "../core/policy/roles.ts";
import { countSignatures, evaluate, withCountedSignatures } from "../core/policy/evaluate.ts";
import { custodyId, type PolicyDocument } from "../core/policy/policy.ts";
import { evidenceOf } from "./evidence.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";

export const APPROVAL_UNFOUNDED = declareError(
  "APPROVAL_UNFOUNDED",
  "notFound",
  "An approval is about an intent that is not here.",
);
export const APPROVAL_UNSIGNED = declareError(
  "APPROVAL_UNSIGNED",
  "verification",
  "An approval carries no valid signature of an approver.",
);
export const APPROVAL_CONFLICT = declareError(
  "APPROVAL_CONFLICT",
  "denied",
  "An approver also has another part in the same payment.",
);
export const APPROVAL_TOO_LATE = declareError(
  "APPROVAL_TOO_LATE",
  "conflict",
  "A withdrawal has ended before a decision on it came.",
);

export type Decided = {
  readonly withdrawal: WithdrawalRow;
  readonly effect: "collecting" | "ready" | "rejected" | "noted";
};

/**
 * Stores a decision and moves its withdrawal: READY when the quorum is met, REJECTED when someone said no before that.
 * A no that comes after the quorum releases nothing (law 3): it is kept, obeyed by `build`, and carried to the signer.
 * @throws APPROVAL_UNFOUNDED, APPROVAL_UNSIGNED, APPROVAL_CONFLICT, APPROVAL_TOO_LATE
 */
export function importDecision<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  approval: ApprovalDocument,
  { policy, now }: { policy: PolicyDocument; now: Instant },
): Decided {
  assertBelongs(approval, { network: policy.body.network, custody: custodyId(policy) });
  const withdrawal = ports.findWithdrawalByIntent(tx, approval.body.intent);
  if (withdrawal === undefined) {
    throw APPROVAL_UNFOUNDED("no withdrawal here has the intent that this approval names", {
      field: "approval.intent",
    });
  }
  assertByApprover(policy, approval, evidenceOf(ports, tx, withdrawal).intent.body.requester);
  if (["REJECTED", "CANCELLED"].includes(withdrawal.state)) {
    throw APPROVAL_TOO_LATE(`withdrawal ${withdrawal.id} is ${withdrawal.state}`, {
      hint: `custody withdraw show ${withdrawal.id}`,
    });
  }

  ports.insertApproval(tx, withdrawal.id, {
    digest: approval.digest,
    content: ports.saveDocument(tx, withCountedSignatures(policy.body, "approver", approval)),
  });
  if (withdrawal.state !== "PENDING_APPROVAL") return { withdrawal, effect: "noted" };

  const step = { version: withdrawal.version } as const;
  if (approval.body.decision === "reject") {
    ports.post(tx, postRelease(paymentOf(withdrawal)));
    const changes = { reason: "rejected by an approver" };
    return {
      withdrawal: ports.moveWithdrawal(
        tx,
        withdrawal.id,
        { ...step, to: "REJECTED", event: "rejected" },
        changes,
      ),
      effect: "rejected",
    };
  }
  const result = evaluate(policy.body, evidenceOf(ports, tx, withdrawal), now);
  if (!result.allowed) return { withdrawal, effect: "collecting" };
  return {
    withdrawal: ports.moveWithdrawal(tx, withdrawal.id, { ...step, to: "READY", event: "approved" }),
    effect: "ready",
  };
}

/**
 * Ends a withdrawal that nobody has approved yet and releases its hold.
 * @throws STATE_CONFLICT once it is approved: an approved intent is live (law 3)
 */
export function cancelWithdrawal<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
): WithdrawalRow {
  const step = { version: withdrawal.version, to: "CANCELLED", event: "cancelled" } as const;
  const moved = ports.moveWithdrawal(tx, withdrawal.id, step, { reason: "cancelled before approval" });
  ports.post(tx, postRelease(paymentOf(withdrawal)));
  return moved;
}

/** What the ledger needs to know of a withdrawal. */
export function paymentOf({ id, customer, amount }: WithdrawalRow) {
  return { withdrawal: id, customer, asset: amount.asset, units: amount.units };
}

function assertByApprover(policy: PolicyDocument, approval: ApprovalDocument, requesterName: string): void {
  const votes = countSignatures(policy.body, "approver", approval);
  if (votes.length === 0) {
    throw APPROVAL_UNSIGNED("no approver of the active policy has validly signed this decision", {
      field: "approval.signatures",
      hint: "custody policy show   (who is an approver)",
    });
  }
  const requester = policy.body.identities.find(({ name }) => name === requesterName);
  const cast = [
    ...votes.map(({ identity }) => ({ role: "approver" as const, person: identity.person })),
    ...(requester === undefined ? [] : [{ role: "requester" as const, person: requester.person }]),
  ];
  const conflict = conflictIn(policy.body, cast);
  if (conflict === undefined) return;
  throw APPROVAL_CONFLICT(`${conflict.person} cannot be ${conflict.roles.join(" and ")} of one payment`, {
    field: "approval.signatures",
  });
}
