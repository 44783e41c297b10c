/** What takes too long: transactions without a block, and coins that a plan keeps without an end. */
import type { Digest } from "../core/digest.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { AttemptState, PlanState } from "../core/states/edges.ts";
import { PLAN_OUT, PLAN_SIGNED } from "../core/states/plan.ts";
import { SENDING } from "../core/states/stages.ts";
import { getPlan, plansOver, type StoredPlan } from "./plans.ts";
import { stateList } from "./state-list.ts";
import { all, type Reader } from "./statement.ts";

export type LateAttempt = {
  readonly plan: Id;
  readonly transaction: Digest;
  readonly state: AttemptState;
  /** When it was sent first. */
  readonly since: Instant;
};

/**
 * Attempts that were sent first before `before` and that no block holds, the longest waiting first. Its state may have
 * changed since (seen, lost sight of, sent again): the time counts from the first sending, the second row of its audit log.
 */
export function lateAttempts(reader: Reader, before: Instant, limit: number): readonly LateAttempt[] {
  const sql =
    "SELECT a.plan, a.txid AS 'transaction', a.state, (SELECT min(at) FROM audit_row WHERE entity = 'attempt'" +
    " AND entity_id = a.id AND version > 1) AS since FROM attempt AS a JOIN plan ON plan.id = a.plan" +
    ` WHERE a.state IN ${stateList(SENDING)} AND plan.state IN ${stateList(PLAN_SIGNED)}` +
    " AND since < ? ORDER BY since, a.seq LIMIT ?";
  return all<LateAttempt>(reader, sql, before, limit);
}

/**
 * The newest plan over a conflict key, where every plan that was ever built over it is over without an attempt in a block: nothing
 * here is known to have used the key up, and nothing here will.
 */
export function unusedBy(reader: Reader, key: string): StoredPlan | undefined {
  const plans = plansOver(reader, key).map((id) => getPlan(reader, id));
  const isOver = plans.every(({ state }) => state === "DEAD" || state === "DROPPED");
  return isOver ? plans.filter(({ state }) => state === "DEAD").at(-1) : undefined;
}

export type KeptKeys = {
  readonly plan: Id;
  readonly state: PlanState;
  readonly since: Instant;
  readonly keys: number;
};

/** Plans that have stood since before `before`, keep conflict keys from all others, and have no attempt in a block. */
export function keptKeys(reader: Reader, before: Instant, limit: number): readonly KeptKeys[] {
  const sql =
    "SELECT plan.id AS plan, plan.state, plan.updated AS since, count(*) AS keys FROM lease JOIN plan ON plan.id = lease.plan" +
    ` WHERE plan.state IN ${stateList(["DRAFT", ...PLAN_OUT])}` +
    " AND plan.updated < ? AND NOT EXISTS (SELECT 1 FROM attempt" +
    " WHERE attempt.plan = plan.id AND attempt.state IN ('CONFIRMING', 'FINAL')) GROUP BY plan.id ORDER BY plan.updated LIMIT ?";
  return all<KeptKeys>(reader, sql, before, limit);
}
