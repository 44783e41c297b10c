/** The signed documents behind a movement, and what the policy says of them together. */
import { APPROVAL, type ApprovalDocument } from "../core/documents/approval.ts";
import { CLEARANCE, type ClearanceDocument } from "../core/documents/clearance.ts";
import type { HaltDocument } from "../core/documents/halt.ts";
import { INTENT, type IntentDocument } from "../core/documents/intent.ts";
import { assert } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { evaluate, type Evaluation } from "../core/policy/evaluate.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import type { WithdrawalPorts } from "../withdrawals/ports.ts";
import type { MovementPorts, MovementRow } from "./ports.ts";

export type MovementEvidence = {
  readonly intent: IntentDocument;
  readonly approvals: readonly ApprovalDocument[];
  readonly clearances: readonly ClearanceDocument[];
};

type Reading<Tx> = Pick<WithdrawalPorts<Tx>, "findDocument" | "findDocuments"> &
  Pick<MovementPorts<Tx>, "movementDecisionsOf">;

/** Reads a movement's documents. They were stored with it, so a missing one is a bug. */
export function movementEvidence<Tx>(ports: Reading<Tx>, tx: Tx, movement: MovementRow): MovementEvidence {
  const intent = ports.findDocument(tx, INTENT, movement.intent);
  assert(intent !== undefined, "a movement's intent is stored with it");
  const of = (kind: string) => ports.movementDecisionsOf(tx, movement.id, kind);
  return {
    intent,
    approvals: ports.findDocuments(tx, APPROVAL, of(APPROVAL.kind)),
    clearances: ports.findDocuments(tx, CLEARANCE, of(CLEARANCE.kind)),
  };
}

export type JudgeAbout = {
  readonly policy: PolicyDocument;
  readonly now: Instant;
  readonly halts: readonly HaltDocument[];
};

/** What the policy says of a movement now; the intent itself names the wallet that pays. */
export function judgeMovement<Tx>(
  ports: Reading<Tx>,
  tx: Tx,
  movement: MovementRow,
  { policy, now, halts }: JudgeAbout,
): Evaluation {
  return evaluate(policy.body, { ...movementEvidence(ports, tx, movement), halts }, now);
}
