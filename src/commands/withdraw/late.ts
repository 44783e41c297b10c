/** A yes that comes when what it is about is over: refused by the import, and told to whoever looks (law 8). */
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import { addSeconds } from "../../core/instant.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import { ENDED } from "../../core/states/withdrawal.ts";
import type { PolicyDocument, Role } from "../../core/policy/policy.ts";
import {
  lateDecisions,
  noteLateDecision,
  type LateDecision,
  type NotedLate,
} from "../../store/late-decisions.ts";
import type { Reader } from "../../store/statement.ts";
import type { Tx } from "../../store/transaction.ts";
import { findMovementByIntent } from "../../store/treasury.ts";
import { findWithdrawalByIntent } from "../../store/withdrawals.ts";
import type { Online } from "../../home/online.ts";

type Decision = ApprovalDocument | ClearanceDocument;

/** Whose yes it is. A no that comes late is what everybody wanted. */
const VOICE: Readonly<Partial<Record<Decision["body"]["decision"], Role>>> = {
  approve: "approver",
  release: "approver",
  clear: "compliance",
};

/** Notes a yes for each of its intents that has ended. Signatures that do not count are nobody's. @returns warnings */
export function noteLate(tx: Tx, policy: PolicyDocument, document: Decision): readonly string[] {
  return lateIn(tx, policy, document).map((late) => {
    noteLateDecision(tx, late);
    return `${told(late)}: ${late.by} was asked for what is over, or somebody brings an old signature again; ask ${late.by}`;
  });
}

function lateIn(reader: Reader, policy: PolicyDocument, document: Decision): readonly LateDecision[] {
  const { body, digest } = document;
  const role = VOICE[body.decision];
  if (role === undefined) return [];
  const names = countSignatures(policy.body, role, document).map(({ identity }) => identity.name);
  const intents = body.kind === "approval" ? [body.intent] : body.intents;
  return intents.flatMap((intent) => {
    const withdrawal = findWithdrawalByIntent(reader, intent);
    const entity = withdrawal === undefined ? "movement" : "withdrawal";
    const subject = withdrawal ?? findMovementByIntent(reader, intent);
    if (subject === undefined || !ENDED.has(subject.state)) return [];
    const { id, state } = subject;
    return names.map((by) => ({ entity, id, state, decision: body.decision, by, digest }) as const);
  });
}

/** How long `custody status` tells of a late decision; the audit log keeps it for ever. */
const TOLD_SECONDS = 7 * 86_400;
const TOLD_MAX = 20;

/** What `custody status` tells of late decisions. */
export function describeLate({ store, call }: Online): readonly NotedLate[] {
  return lateDecisions(store, addSeconds(call.io.now(), -TOLD_SECONDS), TOLD_MAX);
}

export function drawLate(late: readonly NotedLate[]): readonly (readonly [string, string])[] {
  return late.flatMap((one) => [
    ["LATE", `${told(one)}; brought by ${one.actor} at ${one.at}`] as const,
    ["", `custody audit show --operation ${one.operation}`] as const,
  ]);
}

function told({ entity, id, state, decision, by }: LateDecision): string {
  return `${decision} by ${by} came when ${entity === "movement" ? "intent" : entity} ${id} was ${state}`;
}
