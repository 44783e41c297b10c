/** Moves an attempt and the withdrawals that it pays together, with what the ledger has to say about each step. */
import { assert } from "../src/core/errors.ts";
import type { Id } from "../src/core/identifier.ts";
import { feeShare, postSend, postSettle, postUnsettle } from "../src/core/ledger.ts";
import type { AttemptState, WithdrawalState } from "../src/core/states/edges.ts";
import { getAttempt, moveAttempt, type Attempt, type AttemptChanges } from "../src/store/attempts.ts";
import { getPlan, movePlan } from "../src/store/plans.ts";
import { post } from "../src/store/postings.ts";
import type { Tx } from "../src/store/transaction.ts";
import { moveWithdrawal, withdrawalsOf } from "../src/store/withdrawals.ts";
import { paymentOf } from "../src/withdrawals/decide.ts";

/** A withdrawal is where the attempt is that pays it; only the last state has another name. */
const WITHDRAWAL_STATE: Readonly<Record<AttemptState, WithdrawalState>> = {
  SIGNED: "SIGNED",
  BROADCASTING: "BROADCASTING",
  BROADCAST: "BROADCAST",
  UNCERTAIN: "UNCERTAIN",
  CONFIRMING: "CONFIRMING",
  FINAL: "COMPLETED",
};

/** Moves attempt `id` to `to`, its withdrawals with it, and books what that means. */
export function follow(
  tx: Tx,
  id: Id,
  to: AttemptState,
  event: string,
  changes: AttemptChanges = {},
): Attempt {
  const before = getAttempt(tx, id);
  const moved = moveAttempt(tx, id, { version: before.version, to, event }, changes);
  book(tx, before, to);
  for (const { id: withdrawal, version } of withdrawalsOf(tx, before.plan)) {
    moveWithdrawal(tx, withdrawal, { version, to: WITHDRAWAL_STATE[to], event });
  }
  return moved;
}

function book(tx: Tx, { state: from, plan: planId }: Attempt, to: AttemptState): void {
  const plan = getPlan(tx, planId);
  const withdrawals = withdrawalsOf(tx, planId);
  const settled = to === "FINAL";
  if (from === "SIGNED") for (const withdrawal of withdrawals) post(tx, postSend(paymentOf(withdrawal)));
  if (!settled && from !== "FINAL") return;
  withdrawals.forEach((withdrawal, index) => {
    const fee = feeShare(plan.feeUnits, index, withdrawals.length);
    const posting = settled ? postSettle : postUnsettle;
    post(tx, posting(paymentOf(withdrawal), plan.wallet, fee));
  });
  assert(settled !== (plan.state === "SETTLED"), "a plan settles once, and is unsettled only after that");
  movePlan(tx, planId, {
    version: plan.version,
    to: settled ? "SETTLED" : "SIGNED",
    event: settled ? "settled" : "unsettled",
  });
}
