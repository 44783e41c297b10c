/** People's decisions on movements come in, judged here as the signer will judge them. */
import { MOVEMENT_ENDED, MOVEMENT_REVOCABLE } from "../core/states/movement.ts";
import { assertBelongs, type Document, type DocumentHeader } from "../core/document.ts";
import type { ApprovalDocument } from "../core/documents/approval.ts";
import type { ClearanceDocument } from "../core/documents/clearance.ts";
import type { Instant } from "../core/instant.ts";
import { withCountedSignatures } from "../core/policy/counting.ts";
import { custodyId, type Policy, type PolicyDocument, type Role } from "../core/policy/policy.ts";
import { conflictWith } from "../withdrawals/deciding/apart.ts";
import {
  assertOwnFamily,
  DECISION_CONFLICT,
  DECISION_TOO_LATE,
  DECISION_UNSIGNED,
} from "../withdrawals/deciding/decide.ts";
import { haltsNow } from "../withdrawals/deciding/evidence.ts";
import { dropPlan } from "../withdrawals/crossing/export.ts";
import type { LifePorts } from "../withdrawals/ports.ts";
import type { DecidingPorts } from "../withdrawals/deciding/ports.ts";
import { carriedTo } from "../withdrawals/deciding/advance.ts";
import { assertWordFits } from "../withdrawals/deciding/word-count.ts";
import { endIfClosed } from "./close.ts";
import { judgeMovement, movementEvidence } from "./evidence.ts";
import type { MovementRow } from "./ports.ts";
import { stepMovement } from "./step.ts";

export type MovementDecided = {
  readonly movement: MovementRow;
  /** What it still waits for, or what stands against it. */
  readonly why: string | undefined;
};

type About = { readonly policy: PolicyDocument; readonly now: Instant };
type Decision = ApprovalDocument | ClearanceDocument;

/** Who may say what; the signatures of others are not kept. */
const VOICES: Readonly<Record<Decision["body"]["decision"], readonly Role[]>> = {
  approve: ["approver"],
  release: ["approver"],
  reject: ["approver", "compliance"],
  clear: ["compliance"],
  refuse: ["compliance"],
};

/**
 * Stores what somebody says of a movement, and moves it: COOLING once the quorum has approved, READY once it is also
 * released and cleared; a no ends it, as far as it can.
 * @throws DECISION_UNFOUNDED, DECISION_UNSIGNED, DECISION_CONFLICT, DECISION_TOO_LATE
 */
export function decideMovement<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  document: Decision,
  { policy, now }: About,
): MovementDecided {
  assertBelongs(document, {
    network: policy.body.network,
    custody: custodyId(policy),
  });
  const { kind, decision } = document.body;
  const roles = VOICES[decision];
  const kept = withCountedSignatures(policy.body, roles, document as Document<DocumentHeader>);
  if (kept.signatures.length === 0) {
    throw DECISION_UNSIGNED(`nobody with role ${roles.join(" or ")} has validly signed this ${kind}`, {
      field: `${kind}.signatures`,
      hint: "custody policy show   (who holds which role)",
    });
  }
  const evidence = movementEvidence(ports, tx, movement);
  assertOwnFamily(document, evidence.intent);
  const no = decision === "reject" || decision === "refuse";
  if (!no) assertWordFits(evidence, kept);
  if (!no) assertApart(ports, tx, policy.body, movement, kept, roles[0] as Role);
  if (MOVEMENT_ENDED.has(movement.state)) throw tooLate(movement);
  const content = ports.saveDocument(tx, kept);
  ports.insertMovementDecision(tx, movement.id, { kind, digest: document.digest, content });
  if (no) {
    const said = { end: "REJECTED", reason: decision, policy: policy.body } as const;
    return { movement: endMovement(ports, tx, movement, said), why: undefined };
  }
  return advanceMovement(ports, tx, movement, { policy, now });
}

/**
 * Puts a movement that is not planned where policy and documents carry it: forwards, and backwards where signatures have
 * lapsed. What is denied otherwise stays where it is: it holds nobody's money.
 */
export function advanceMovement<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  { policy, now }: About,
): MovementDecided {
  const { state } = movement;
  if (state !== "PENDING_APPROVAL" && state !== "COOLING" && state !== "READY")
    return { movement, why: undefined };
  const verdict = judgeMovement(ports, tx, movement, { policy, now, halts: haltsNow(ports, tx) });
  const type = carriedTo(state, verdict);
  const why = verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
  return { movement: type === undefined ? movement : stepMovement(ports, tx, movement, { type }), why };
}

/**
 * Ends a movement that nobody wants. It holds no customer's money, so that it ends at once while no plan of it has left
 * the machine, and no row about it may be missing. One that has left is live (law 3): it is REVOKING until nothing of it can settle, or happens because it won.
 * @throws DECISION_TOO_LATE
 */
export function endMovement<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  { end, reason, policy }: { end: "REJECTED" | "CANCELLED"; reason: string; policy: Policy },
): MovementRow {
  if (movement.state === "REVOKING") return movement;
  if (!MOVEMENT_REVOCABLE.has(movement.state)) throw tooLate(movement);
  const drafts = ports.plansOfMovement(tx, movement).filter(({ state }) => state === "DRAFT");
  for (const draft of drafts) dropPlan(ports, tx, draft);
  const current = ports.getMovement(tx, movement.id);
  const type = end === "REJECTED" ? "rejected" : "cancelled";
  const lost = ports.mayLackRows(tx, "movement", movement.id);
  if (current.state === "PENDING_APPROVAL" && !lost)
    return stepMovement(ports, tx, current, { type, reason });
  const revoking = stepMovement(ports, tx, current, { type: `${type}, live`, reason });
  return endIfClosed(ports, tx, revoking, policy);
}

// The same separation as in the signer's gate G4.
function assertApart<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  policy: Policy,
  movement: MovementRow,
  said: Document<DocumentHeader>,
  role: Role,
): void {
  const conflict = conflictWith(policy, movementEvidence(ports, tx, movement), said, role);
  if (conflict === undefined) return;
  throw DECISION_CONFLICT(`${conflict.person} cannot be ${conflict.roles.join(" and ")} of one movement`, {
    field: `${said.body.kind}.signatures`,
    hint: "have it signed by somebody else; custody policy show",
  });
}

function tooLate({ id, state }: MovementRow) {
  return DECISION_TOO_LATE(`intent ${id} is ${state}`, {
    field: "intent.state",
    hint: `custody intent show ${id}`,
  });
}
