/** The words for a yes that came when what it is about was over: to whoever brings it, and to whoever looks (law 8). */
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import { addSeconds } from "../../core/instant.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { lateDecisions, type NotedLate } from "../../store/late-decisions.ts";
import type { Tx } from "../../store/transaction.ts";
import type { Online } from "../../home/online.ts";
import { LATE_PORTS } from "../../home/ports.ts";
import { noteLate, type Late } from "../../withdrawals/deciding/late.ts";

/** Notes what came late. @returns warnings */
export function warnOfLate(
  tx: Tx,
  policy: PolicyDocument,
  document: ApprovalDocument | ClearanceDocument,
): readonly string[] {
  return noteLate(LATE_PORTS, tx, policy, document).map(
    (late) =>
      `${told(late)}: ${late.by} was asked for what is over, or somebody brings an old signature again; ask ${late.by}`,
  );
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

function told({ entity, id, state, decision, by }: Late): string {
  return `${decision} by ${by} came when ${entity === "movement" ? "intent" : entity} ${id} was ${state}`;
}
