/** A yes that comes when what it is about is over: the import refuses it, and it is noted, so that somebody asks why (law 8). */
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import type { Digest } from "../../core/digest.ts";
import type { Id, Name } from "../../core/identifier.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import type { PolicyDocument, Role } from "../../core/policy/policy.ts";
import type { WithdrawalState } from "../../core/states/withdrawal-states.ts";
import { ENDED } from "../../core/states/withdrawal.ts";

type Decision = ApprovalDocument | ClearanceDocument;
type Standing = { readonly id: Id; readonly state: WithdrawalState };

/** One person's yes to one thing that had ended. */
export type Late = {
  readonly entity: "withdrawal" | "movement";
  readonly id: Id;
  readonly state: string;
  readonly decision: string;
  readonly by: Name;
  /** Of the document. */
  readonly digest: Digest;
};

export type LatePorts<Tx> = {
  findWithdrawalByIntent(tx: Tx, intent: Digest): Standing | undefined;
  findMovementByIntent(tx: Tx, intent: Digest): Standing | undefined;
  /** With its audit row, once for each. */
  noteLateDecision(tx: Tx, late: Late): unknown;
};

/** Whose yes it is. A no that comes late is what everybody wanted. */
const VOICE: Readonly<Partial<Record<Decision["body"]["decision"], Role>>> = {
  approve: "approver",
  release: "approver",
  clear: "compliance",
};

/** Notes a yes for each of its intents that has ended. Signatures that do not count are nobody's. @returns what was late */
export function noteLate<Tx>(
  ports: LatePorts<Tx>,
  tx: Tx,
  policy: PolicyDocument,
  document: Decision,
): readonly Late[] {
  const late = lateIn(ports, tx, policy, document);
  for (const one of late) ports.noteLateDecision(tx, one);
  return late;
}

function lateIn<Tx>(
  ports: LatePorts<Tx>,
  tx: Tx,
  policy: PolicyDocument,
  document: Decision,
): readonly Late[] {
  const { body, digest } = document;
  const role = VOICE[body.decision];
  if (role === undefined) return [];
  const names = countSignatures(policy.body, role, document).map(({ identity }) => identity.name);
  const intents = body.kind === "approval" ? [body.intent] : body.intents;
  return intents.flatMap((intent) => {
    const withdrawal = ports.findWithdrawalByIntent(tx, intent);
    const entity = withdrawal === undefined ? "movement" : "withdrawal";
    const subject = withdrawal ?? ports.findMovementByIntent(tx, intent);
    if (subject === undefined || !ENDED.has(subject.state)) return [];
    const { id, state } = subject;
    return names.map((by) => ({ entity, id, state, decision: body.decision, by, digest }));
  });
}
