/** People's decisions on withdrawals come in, made at desks, judged here as the signer will judge them. */
import { assertBelongs, type Document, type DocumentHeader } from "../../core/document.ts";
import type { Approval, ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import { familyKeys, familyOf } from "../../core/documents/family.ts";
import type { IntentDocument } from "../../core/documents/intent.ts";
import { declareError } from "../../core/errors.ts";
import type { Digest } from "../../core/digest.ts";
import { withCountedSignatures } from "../../core/policy/counting.ts";
import { custodyId, type Policy, type PolicyDocument, type Role } from "../../core/policy/policy.ts";
import type { Instant } from "../../core/instant.ts";
import { ENDED } from "../../core/states/withdrawal.ts";
import { advance } from "./advance.ts";
import { conflictWith } from "./apart.ts";
import { evidenceOf, haltsNow, intentOf, type WithdrawalEvidence } from "./evidence.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "./ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { revoke } from "../ending/revoke.ts";
import { assertWordFits } from "./word-count.ts";

export const DECISION_UNFOUNDED = declareError(
  "DECISION_UNFOUNDED",
  "notFound",
  "A decision is about an intent that is not here, or a rejection names another family than its intent's.",
);
export const DECISION_UNSIGNED = declareError(
  "DECISION_UNSIGNED",
  "verification",
  "A decision carries no valid signature of anybody who may make it.",
);
export const DECISION_CONFLICT = declareError(
  "DECISION_CONFLICT",
  "denied",
  "Whoever decided also has another part in the same payment.",
);
export const DECISION_TOO_LATE = declareError(
  "DECISION_TOO_LATE",
  "conflict",
  "A withdrawal has ended before a decision on it came.",
);

export const DECISION_SUPERSEDED = declareError(
  "DECISION_SUPERSEDED",
  "conflict",
  "A yes is about an earlier generation of an intent: the newest takes approvals of its own.",
);

export const WITHDRAWAL_BLOCKED = declareError(
  "WITHDRAWAL_BLOCKED",
  "denied",
  "A withdrawal is blocked: its funds are frozen until two persons of compliance unblock it.",
);

export type Decided = {
  readonly withdrawal: WithdrawalRow;
  /** `denied`: the quorum may be met, and something else stands against it now. */
  readonly effect:
    | "collecting"
    | "denied"
    | "held"
    | "expired"
    | "cooling"
    | "ready"
    | "rejected"
    | "revoking"
    | "noted";
  /** What it still waits for. */
  readonly why: string | undefined;
};

type About = { readonly policy: PolicyDocument; readonly now: Instant };

/** Who may say what; the signatures of others are not kept. */
const VOICES: Readonly<Record<ApprovalDocument["body"]["decision"], readonly Role[]>> = {
  approve: ["approver"],
  release: ["approver"],
  reject: ["approver", "compliance"],
};

/**
 * Stores an approval, release or rejection and moves its withdrawal.
 * @throws DECISION_UNFOUNDED, DECISION_SUPERSEDED, DECISION_UNSIGNED, DECISION_CONFLICT, DECISION_TOO_LATE
 */
export function importDecision<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  approval: ApprovalDocument,
  about: About,
): Decided {
  const { decision, intent } = approval.body;
  return decide(ports, tx, intent, about, {
    document: approval,
    roles: VOICES[decision],
    no: decision === "reject" ? "rejected" : undefined,
  });
}

/**
 * Stores what compliance says of one or many intents. Each has a result of its own: one that is not here, or has ended,
 * takes nothing from the others.
 * @throws DECISION_UNSIGNED; and when none of its intents takes it, the first one's error
 */
export function importClearance<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  clearance: ClearanceDocument,
  about: About,
  attempt: <T>(work: () => T) => T | undefined,
): readonly Decided[] {
  const no = clearance.body.decision === "refuse" ? `compliance: ${clearance.body.code}` : undefined;
  const decided = clearance.body.intents.map(
    (intent) => () => decide(ports, tx, intent, about, { document: clearance, roles: ["compliance"], no }),
  );
  const taken = decided.flatMap((work) => attempt(work) ?? []);
  const [first] = decided;
  return taken.length === 0 && first !== undefined ? [first()] : taken;
}

/**
 * Ends a withdrawal for the operator: at once while no quorum has approved, otherwise it is REVOKING until law 3 is met.
 * @throws DECISION_TOO_LATE, WITHDRAWAL_BLOCKED
 */
export function cancelWithdrawal<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { policy }: Pick<About, "policy">,
): WithdrawalRow {
  if (withdrawal.state === "BLOCKED") throw blocked(withdrawal);
  const reason = "cancelled by the operator";
  const ended = revoke(ports, tx, withdrawal, { end: "cancelled", reason, policy: policy.body });
  if (ended !== withdrawal) return ended;
  throw tooLate(withdrawal);
}

type Said = {
  readonly document: Document<DocumentHeader>;
  readonly roles: readonly Role[];
  /** Why it ends, if it is a no. */
  readonly no: string | undefined;
};

function decide<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  intent: Digest,
  { policy, now }: About,
  { document, roles, no }: Said,
): Decided {
  assertBelongs(document, { network: policy.body.network, custody: custodyId(policy) });
  const withdrawal = ports.findWithdrawalByIntent(tx, intent);
  if (withdrawal === undefined) {
    throw DECISION_UNFOUNDED(`no withdrawal here has the intent that this ${document.body.kind} names`, {
      field: `${document.body.kind}.intent`,
      hint: "custody withdraw queue",
    });
  }
  assertOwnFamily(document, intentOf(ports, tx, withdrawal));
  // A no to an earlier generation is a no to the promise: nobody has to say it twice.
  if (no === undefined && intent !== withdrawal.intent) {
    throw DECISION_SUPERSEDED(`withdrawal ${withdrawal.id} has a later intent than this one`, {
      field: `${document.body.kind}.intent`,
      hint: `custody withdraw bundle ${withdrawal.id} --out bundle.json   (to be reviewed and signed afresh)`,
    });
  }
  const kept = withCountedSignatures(policy.body, roles, document);
  if (kept.signatures.length === 0) throw unsigned(document, roles);
  if (no === undefined) {
    const evidence = evidenceOf(ports, tx, withdrawal);
    assertApart(policy.body, evidence, kept, roles[0] as Role);
    assertWordFits(evidence, kept);
  }
  if (ENDED.has(withdrawal.state)) throw tooLate(withdrawal);

  const { kind } = document.body;
  const content = ports.saveDocument(tx, kept);
  ports.insertDecision(tx, withdrawal.id, { kind, digest: document.digest, content });
  if (no !== undefined) {
    const ended = revoke(ports, tx, withdrawal, { end: "rejected", reason: no, policy: policy.body });
    return { withdrawal: ended, effect: effectOf(withdrawal, ended), why: undefined };
  }
  const moved = advance(ports, tx, withdrawal, { policy, now, halts: haltsNow(ports, tx) });
  const { verdict } = moved;
  const why = verdict === undefined || verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
  const waiting = verdict !== undefined && !verdict.allowed && moved.withdrawal.state === "PENDING_APPROVAL";
  const effect = waiting
    ? verdict.rule === "QUORUM_NOT_MET"
      ? "collecting"
      : "denied"
    : effectOf(withdrawal, moved.withdrawal);
  return { withdrawal: moved.withdrawal, effect, why };
}

const EFFECTS: Partial<Record<WithdrawalRow["state"], Decided["effect"]>> = {
  ON_HOLD: "held",
  EXPIRED: "expired",
  COOLING: "cooling",
  READY: "ready",
  REJECTED: "rejected",
  REVOKING: "revoking",
};

function effectOf(before: WithdrawalRow, after: WithdrawalRow): Decided["effect"] {
  return before.state === after.state && after.state !== "COOLING"
    ? "noted"
    : (EFFECTS[after.state] ?? "noted");
}

/** A rejection that is kept here goes to signers, which obey it in every name of its family. @throws DECISION_UNFOUNDED */
export function assertOwnFamily({ body }: Document<DocumentHeader>, intent: IntentDocument): void {
  const { decision, family } = body as Partial<Extract<Approval, { decision: "reject" }>>;
  if (decision !== "reject" || family === undefined) return;
  if (familyKeys(family).join() === familyKeys(familyOf(intent.body)).join()) return;
  throw DECISION_UNFOUNDED(`the rejection names another family than that of intent ${intent.body.id}`, {
    field: "approval.family",
    hint: "custody desk sign FILE --as reject --identity NAME.key --out no.json   (at a desk, of the bundle from here)",
  });
}

// The same separation as in the signer's gate G4: better refused here than after the trip.
function assertApart(
  policy: Policy,
  evidence: WithdrawalEvidence,
  said: Document<DocumentHeader>,
  role: Role,
): void {
  const conflict = conflictWith(policy, evidence, said, role);
  if (conflict === undefined) return;
  throw DECISION_CONFLICT(`${conflict.person} cannot be ${conflict.roles.join(" and ")} of one payment`, {
    field: `${said.body.kind}.signatures`,
    hint: "have it signed by somebody else; custody policy show",
  });
}

function unsigned({ body }: Document<DocumentHeader>, roles: readonly Role[]) {
  return DECISION_UNSIGNED(
    `nobody with role ${roles.join(" or ")} in the active policy has validly signed this ${body.kind}`,
    { field: `${body.kind}.signatures`, hint: "custody policy show   (who holds which role)" },
  );
}

function blocked({ id, code }: WithdrawalRow) {
  return WITHDRAWAL_BLOCKED(`withdrawal ${id} is BLOCKED (${code})`, {
    field: "withdrawal.state",
    hint: `custody withdraw unblock ${id} --code CODE --out warrant.json`,
  });
}

function tooLate({ id, state }: WithdrawalRow) {
  return DECISION_TOO_LATE(`withdrawal ${id} is ${state}`, {
    field: "withdrawal.state",
    hint: `custody withdraw show ${id}`,
  });
}
