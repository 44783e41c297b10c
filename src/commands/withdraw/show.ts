import { counted } from "../../core/count.ts";
import type { JsonObject } from "../../core/canonical.ts";
import { parseId } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import { attemptsOf } from "../../store/attempts.ts";
import { listAuditRows } from "../../store/audit.ts";
import { plansOfWithdrawal, type StoredPlan } from "../../store/plans.ts";
import { activePolicy } from "../../store/policies.ts";
import { receiptsOf } from "../../store/receipts.ts";
import { getWithdrawal, type Withdrawal } from "../../store/withdrawals.ts";
import { haltsNow, judgeWithdrawal } from "../../withdrawals/evidence.ts";
import { openReason } from "../../withdrawals/revoke.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, drawTable } from "../../terminal/table.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { refusalHint } from "./refusal-hint.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** One withdrawal and its timeline, from the audit rows. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const withdrawal = getWithdrawal(store, parseId(call.args[0] ?? "", "id"));
    const plans = plansOfWithdrawal(store, withdrawal.id).map((plan) => describePlan(online, plan));
    const waits = whatFor(online, withdrawal);
    // Still owed, and asked for again only when people have said that the old plan is dead: nothing else names that step.
    const ended =
      withdrawal.state === "EXPIRED" ? plans.findLast(({ state }) => state === "CANCELLED") : undefined;
    const timeline = listAuditRows(
      store,
      { entity: "withdrawal", entityId: withdrawal.id },
      { limit: LIMITS.pageRowsMax },
    ).map(({ at, actor, event, after, operation }) => ({
      at,
      actor,
      event,
      state: stateIn(after),
      operation,
    }));
    return {
      data: {
        ...describe(withdrawal),
        ...(waits === undefined ? {} : { waits }),
        attempts: plans.flatMap(({ attempts }) => attempts),
        plans,
        timeline,
      },
      text: [
        drawFacts([
          ...drawWithdrawal(withdrawal),
          ...(waits === undefined ? [] : [["waits for", waits] as const]),
          ...plans.flatMap(drawPlan),
        ]),
        drawTable(
          [{ head: "TIME" }, { head: "RECORDED BY" }, { head: "EVENT" }, { head: "STATE" }],
          timeline.map(({ at, actor, event, state }) => [at, actor, event, state]),
          call.io.stdout,
        ),
      ].join("\n"),
      next:
        ended === undefined
          ? undefined
          : `custody withdraw dead ${ended.plan} --out dead.json   (approvers sign it; then: custody withdraw supersede ${withdrawal.id})`,
    };
  });

function describePlan(online: Online, { id, wallet, state, replaces }: StoredPlan) {
  const attempts = attemptsOf(online.store, id).map((attempt) => ({
    transaction: attempt.txid,
    rung: attempt.kind === "cancel" ? attempt.kind : attempt.rung + 1,
    state: attempt.state,
    feeUnits: attempt.feeUnits.toString(),
    ...(attempt.wanted === undefined ? {} : { wanted: attempt.wanted }),
    ...(attempt.block === undefined ? {} : { blockHash: attempt.block.hash, height: attempt.block.height }),
    confirmations: attempt.confirmationsSeen,
  }));
  const receipts = receiptsOf(online.store, id).map(({ signer, refusal }) => ({
    signer,
    ...(refusal === undefined
      ? { outcome: "signed" }
      : { outcome: "refused", ...refusal, hint: refusalHint(refusal, { id, wallet }) }),
  }));
  return { plan: id, wallet, state, ...(replaces === undefined ? {} : { replaces }), receipts, attempts };
}

function drawPlan({
  plan,
  state,
  receipts,
  attempts,
}: ReturnType<typeof describePlan>): (readonly [string, string])[] {
  return [
    ["plan", `${plan} is ${state}`],
    ...receipts.map((receipt): [string, string] => [
      `signer ${receipt.signer}`,
      "gate" in receipt ? `refused at ${receipt.gate}: ${receipt.rule}; ${receipt.hint}` : receipt.outcome,
    ]),
    ...attempts.map(({ transaction, rung, state: at, confirmations }): [string, string] => [
      rung === "cancel" ? "cancel rung" : `rung ${rung}`,
      `${transaction} ${at}, ${counted(confirmations, "confirmation")}`,
    ]),
  ];
}

// What stands between it and its payment, or between it and its hold's release.
function whatFor(online: Online, withdrawal: Withdrawal): string | undefined {
  const { store, call } = online;
  if (activePolicy(store) === undefined) return undefined;
  const policy = requirePolicy(online);
  if (withdrawal.state === "REVOKING") return openReason(READS, store, withdrawal);
  if (!["PENDING_APPROVAL", "COOLING", "READY"].includes(withdrawal.state)) return undefined;
  const about = { policy, now: call.io.now(), halts: haltsNow(READS, store) };
  const verdict = judgeWithdrawal(READS, store, withdrawal, about);
  return verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
}

function stateIn(after: JsonObject | undefined): string {
  const state = after?.["state"];
  return typeof state === "string" ? state : "";
}
