/** What can happen only if people, or this program, were wrong: said loudly, when a block is first seen to hold it. */
import { isInBlock } from "../src/chains/attempts.ts";
import type { Effected } from "../src/chains/chain-node.ts";
import { shortfallText } from "../src/chains/shortfall.ts";
import { READS } from "../src/home/ports.ts";
import type { Attempt } from "../src/store/attempts.ts";
import { attemptsOf } from "../src/store/attempts.ts";
import { findForeignSettlement } from "../src/store/foreign.ts";
import { getPlan, lineOf, plansOfWithdrawal } from "../src/store/plans.ts";
import type { Reader } from "../src/store/statement.ts";
import { movementOfPlan } from "../src/store/treasury.ts";
import { withdrawalsOf, type Withdrawal } from "../src/store/withdrawals.ts";
import type { WithdrawalState } from "../src/core/states/withdrawal-states.ts";
import { ENDED } from "../src/core/states/withdrawal.ts";
import { isSuperseded } from "../src/withdrawals/following/surface.ts";

export type Alarm = { readonly event: string; readonly reason: string };

/** @param attempt as it was before the block was seen. A cancel rung pays nobody, so nothing about it is alarming. */
export function alarms(store: Reader, attempt: Attempt): readonly Alarm[] {
  if (attempt.kind === "cancel") return [];
  const { id, state } = getPlan(store, attempt.plan);
  const movement = movementOfPlan(store, id);
  const members = withdrawalsOf(store, id);
  return [
    ...(state === "DEAD"
      ? [{ event: "dead plan in a block", reason: `plan ${id} was declared dead, and a block holds it` }]
      : members.filter((member) => isSuperseded(READS, store, id, member)).map(earlierGeneration)),
    ...members.filter(hasEnded).map(afterRelease),
    ...members.filter(({ state }) => state === "ON_HOLD" || state === "BLOCKED").map(whileStopped),
    ...members.flatMap((withdrawal) => secondPayment(store, withdrawal, attempt)),
    ...(movement !== undefined && hasEnded(movement)
      ? [{ event: "moved after its end", reason: `intent ${movement.id} is ${movement.state}` }]
      : []),
  ];
}

const hasEnded = ({ state }: { readonly state: WithdrawalState }): boolean => ENDED.has(state);

/**
 * Payees who got less than they were sent (E12): the payment is made and is not made again. Nothing is stopped by it: what
 * leaves next is for the people who list the token.
 */
export function shortAlarms({ shortfalls }: Pick<Effected, "shortfalls">): readonly Alarm[] {
  return shortfalls.map((shortfall) => ({ event: PAID_SHORT, reason: shortfallText(shortfall) }));
}

export const PAID_SHORT = "paid less than was sent";

// A reorganisation, deeper than the policy's depth, has taken back what had killed the plan, its own cancel rung say.
function earlierGeneration({ id }: Withdrawal): Alarm {
  return {
    event: "superseded plan in a block",
    reason: `withdrawal ${id} has a later generation, and a block pays an earlier one`,
  };
}

// It cannot happen while law 3 holds: a hold is released only when what pays it is dead.
function afterRelease({ id, state }: Withdrawal): Alarm {
  return {
    event: "paid after release",
    reason: `withdrawal ${id} is ${state}, its hold was released, and a block pays it`,
  };
}

// What is held or blocked has no plan that left here: somebody had it signed past this host's queue.
function whileStopped({ id, state, code }: Withdrawal): Alarm {
  return {
    event: "paid while stopped",
    reason: `withdrawal ${id} is ${state} (${code}), and a block pays it`,
  };
}

// Nor this while law 4 does: what pays one withdrawal is of one line, or the lines before are dead.
function secondPayment(store: Reader, { id }: Withdrawal, attempt: Attempt): readonly Alarm[] {
  const elsewhere = findForeignSettlement(store, id);
  if (elsewhere !== undefined) {
    const reason = `two admins have said that transaction ${elsewhere.transaction} paid withdrawal ${id}, and a block holds an attempt of it`;
    return [{ event: "paid twice", reason }];
  }
  const line = lineOf(store, attempt.plan).map((plan) => plan.id);
  const others = plansOfWithdrawal(store, id).filter((plan) => !line.includes(plan.id));
  const first = others
    .flatMap((plan) => attemptsOf(store, plan.id))
    .find((attempt) => attempt.kind === "rung" && isInBlock(attempt));
  if (first === undefined) return [];
  return [
    { event: "paid twice", reason: `a block pays withdrawal ${id} already, by transaction ${first.txid}` },
  ];
}
