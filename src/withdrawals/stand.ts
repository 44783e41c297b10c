/**
 * Where a withdrawal stands: where the best attempt that pays it stands. Several compete (rungs, and plans that took each
 * other's place), of which at most one settles (I5), so none of them alone says it (failure F6).
 */
import { rungsOf } from "../chains/attempts.ts";
import { assert } from "../core/errors.ts";
import { FURTHEST_FIRST, type AttemptState } from "../core/states/attempt.ts";
import type { Settlement } from "../core/states/holds.ts";
import type { MovementStanding } from "../core/states/movement.ts";
import { PLAN_OVER } from "../core/states/plan.ts";
import { ENDED, PAID_IN_BLOCK, standingPlace, WAITING } from "../core/states/withdrawal.ts";
import { standingNo } from "./deciding/evidence.ts";
import { failedForGood } from "./failed.ts";
import type { LifePorts, WithdrawalPorts } from "./ports.ts";
import type { DecidingPorts } from "./deciding/ports.ts";
import type { AttemptRow, PlanRow, WithdrawalRow } from "./rows.ts";
import { stepWithdrawal } from "./step.ts";
import { isSuperseded } from "./following/surface.ts";

/**
 * Moves a withdrawal to where its attempts are, if it is elsewhere. What is revoked, held or blocked follows only into a
 * block: it is paid because it won the race, or stays stopped. What has ended stays: a payment of it is for the watcher to
 * cry about.
 * @param settlement of the attempt that has just become final, or has just stopped being so
 */
export function stand<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  event: string,
  settlement?: Settlement,
): WithdrawalRow {
  const { state } = withdrawal;
  if (WAITING.has(state) || ENDED.has(state)) return withdrawal;
  // People have said what has paid it: none of its attempts, so that none of them moves it.
  if (state === "COMPLETED" && ports.findForeignSettlement(tx, withdrawal.id) !== undefined)
    return withdrawal;
  const plans = ports.plansOfWithdrawal(tx, withdrawal.id);
  const newest = (plan: PlanRow) => !isSuperseded(ports, tx, plan.id, withdrawal);
  const at = standingOf(ports, tx, plans, newest);
  // Its newest generation was never planned, and has expired: what is said of an earlier one is not said of it.
  if (state === "EXPIRED" && at !== "CONFIRMING" && !plans.some(newest)) return withdrawal;
  if (standingPlace(withdrawal, at) === state) return withdrawal;
  const moved = stepWithdrawal(ports, tx, withdrawal, { type: "stands", at, why: event }, settlement);
  return PAID_IN_BLOCK.has(state) ? heedNo(ports, tx, moved) : moved;
}

// A no that came while a block held the payment could change nothing then. It may now: what is blocked stays so, and hears
// it when it is screened again.
function heedNo<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
): WithdrawalRow {
  const { state } = withdrawal;
  if (PAID_IN_BLOCK.has(state) || state === "BLOCKED" || state === "REVOKING") return withdrawal;
  const reason = standingNo(ports, tx, withdrawal);
  if (reason === undefined) return withdrawal;
  return stepWithdrawal(ports, tx, withdrawal, { type: "rejected, live", reason });
}

/**
 * Where what `planned` settles stands. Where nothing complete is known, the export has put it.
 * @param newest whether a plan is of the newest generation
 */
export function standingOf<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">,
  tx: Tx,
  planned: readonly PlanRow[],
  newest: (plan: PlanRow) => boolean = () => true,
): MovementStanding | "FAILED_ONCHAIN" {
  const plans = planned.filter(({ state }) => state !== "DRAFT");
  if (plans.some(({ state }) => state === "ATTESTED")) return "COMPLETED";
  const open = plans.filter(({ state }) => !PLAN_OVER.has(state));
  const best = bestOf(ports, tx, plans);
  if (best === "FINAL") return "COMPLETED";
  if (best === "CONFIRMING") return best;
  if (plans.length > 0 && open.length === 0)
    return plans.some((plan) => hasFailed(ports, tx, plan)) ? "FAILED_ONCHAIN" : "EXPIRED";
  // What an earlier generation has sent says nothing of the newest, unless it is in a block all the same: not even where a
  // reorganisation has taken back what had killed its plan (F10).
  const live = bestOf(ports, tx, open.filter(newest));
  assert(
    live !== "FINAL" && live !== "CONFIRMING",
    "the best of all plans is no worse than the best of some",
  );
  return live ?? "EXPORTED";
}

function bestOf<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">,
  tx: Tx,
  plans: readonly PlanRow[],
): AttemptState | undefined {
  const paying = plans
    .flatMap((plan) => rungsOf(ports.attemptsOf(tx, plan.id)))
    .filter((attempt) => !failedForGood(attempt));
  return FURTHEST_FIRST.find((state) => paying.some((attempt) => attempt.state === state));
}

/** What an attempt has cost: as its block says, where that is less than it may have cost. */
export function paidFor({ feeUnits, effect }: Pick<AttemptRow, "feeUnits" | "effect">): bigint {
  return effect?.feeUnits ?? feeUnits;
}

function hasFailed<Tx>(ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">, tx: Tx, plan: PlanRow): boolean {
  return rungsOf(ports.attemptsOf(tx, plan.id)).some(failedForGood);
}

/** The withdrawal that `attempt` pays at `place`, or undefined when it pays nobody. */
export function paysAt<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  { plan, kind }: AttemptRow,
  withdrawal: WithdrawalRow,
): { readonly place: number; readonly count: number } | undefined {
  const intents = ports.intentsOfPlan(tx, plan);
  const place = intents.findIndex((intent) => intent.withdrawal === withdrawal.id);
  assert(intents.length > 0, "a plan has intents");
  return kind === "cancel" || place < 0 ? undefined : { place, count: intents.length };
}
