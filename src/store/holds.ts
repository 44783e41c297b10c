/** A withdrawal's hold: a row of its own whose state is used up once (F12: a hold committed twice, or voided and committed). */
import { assert } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import {
  availableAccount,
  frozenAccount,
  heldAccount,
  transitAccount,
  type Posting,
  type PostingReason,
} from "../core/ledger.ts";
import { STATE_CONFLICT } from "../core/states/edges.ts";
import { HOLD_MOVES, type HoldEvent, type HoldState } from "../core/states/holds.ts";
import { get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";
import { paymentOfWithdrawal } from "./withdrawals.ts";

const movesHold = (reason: PostingReason): reason is HoldEvent => Object.hasOwn(HOLD_MOVES, reason);

export function findHold(reader: Reader, withdrawal: Id): HoldState | undefined {
  return get<{ state: HoldState }>(reader, "SELECT state FROM hold WHERE withdrawal = ?", withdrawal)?.state;
}

/**
 * Moves the hold that a posting is about, before the posting is booked.
 * @throws STATE_CONFLICT when the hold is not in the state that this needs; WITHDRAWAL_UNKNOWN
 */
export function followPosting(tx: Tx, posting: Posting): void {
  const { reason } = posting;
  // A deposit, a plan's own fee, a failure's and a movement have none.
  if (reason !== "hold" && !movesHold(reason)) return;
  const withdrawal = posting.subject as Id;
  assertMatches(tx, withdrawal, posting);
  if (reason === "hold") {
    if (findHold(tx, withdrawal) !== undefined) throw conflict(tx, withdrawal, reason);
    run(tx, "INSERT INTO hold (withdrawal, state, updated) VALUES (?, 'PLACED', ?)", withdrawal, tx.now);
    return;
  }
  const [from, to] = Object.entries(HOLD_MOVES[reason])[0] as [HoldState, HoldState];
  const changed = run(
    tx,
    "UPDATE hold SET state = ?, updated = ? WHERE withdrawal = ? AND state = ?",
    to,
    tx.now,
    withdrawal,
    from,
  );
  if (changed !== 1) throw conflict(tx, withdrawal, reason);
}

/** Reasons with the held account on one side. */
const HELD: ReadonlySet<PostingReason> = new Set(["hold", "release", "freeze", "unfreeze"]);

// What is held, sent and settled is the withdrawal's amount, of its customer.
function assertMatches(tx: Tx, withdrawal: Id, { reason, entries }: Posting): void {
  const { customer, amount } = paymentOfWithdrawal(tx, withdrawal);
  const account = HELD.has(reason) ? heldAccount(customer) : transitAccount(withdrawal);
  const own = entries.find((entry) => entry.account === account);
  assert(
    own?.units === amount.units && own.asset === amount.asset,
    `${reason} of withdrawal ${withdrawal} is of its amount`,
  );
  const customers = entries.filter((entry) => entry.account.startsWith("customer:"));
  const its: readonly string[] = [availableAccount(customer), heldAccount(customer), frozenAccount(customer)];
  assert(
    customers.every((entry) => its.includes(entry.account)),
    `${reason} of withdrawal ${withdrawal} is its customer's`,
  );
}

function conflict(tx: Tx, withdrawal: Id, reason: PostingReason) {
  const state = findHold(tx, withdrawal) ?? "not placed";
  return STATE_CONFLICT(`the hold of withdrawal ${withdrawal} is ${state}: ${reason} is not possible`, {
    field: "hold.state",
    hint: `custody withdraw show ${withdrawal}`,
    details: { withdrawal, state, reason },
  });
}
