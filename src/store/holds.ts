/** A withdrawal's hold: a row of its own whose state is used up once (F12: a hold committed twice, or voided and committed). */
import { assert } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import {
  availableAccount,
  heldAccount,
  transitAccount,
  type Posting,
  type PostingReason,
} from "../core/ledger.ts";
import { STATE_CONFLICT } from "../core/states/edges.ts";
import type { HoldState } from "../core/states/holds.ts";
import { get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";
import { getWithdrawal } from "./withdrawals.ts";

/** From which state each reason takes a hold, and where to. A deposit, a plan's own fee and a movement have none. */
const MOVES: Readonly<
  Record<Exclude<PostingReason, "deposit" | "hold" | Unheld>, readonly [from: HoldState, to: HoldState]>
> = {
  release: ["PLACED", "RELEASED"],
  send: ["PLACED", "SENT"],
  unsend: ["SENT", "PLACED"],
  settle: ["SENT", "SETTLED"],
  unsettle: ["SETTLED", "SENT"],
};

/** Reasons that concern our own coins alone. */
type Unheld = "fee" | "unfee" | "move" | "unmove";
const isUnheld = (reason: PostingReason): reason is Unheld =>
  reason === "fee" || reason === "unfee" || reason === "move" || reason === "unmove";

export function findHold(reader: Reader, withdrawal: Id): HoldState | undefined {
  return get<{ state: HoldState }>(reader, "SELECT state FROM hold WHERE withdrawal = ?", withdrawal)?.state;
}

/**
 * Moves the hold that a posting is about, before the posting is booked.
 * @throws STATE_CONFLICT when the hold is not in the state that this needs; WITHDRAWAL_UNKNOWN
 */
export function followPosting(tx: Tx, posting: Posting): void {
  const { reason } = posting;
  if (reason === "deposit" || isUnheld(reason)) return;
  const withdrawal = posting.subject as Id;
  assertMatches(tx, withdrawal, posting);
  if (reason === "hold") {
    if (findHold(tx, withdrawal) !== undefined) throw conflict(tx, withdrawal, reason);
    run(tx, "INSERT INTO hold (withdrawal, state, updated) VALUES (?, 'PLACED', ?)", withdrawal, tx.now);
    return;
  }
  const [from, to] = MOVES[reason];
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

// What is held, sent and settled is the withdrawal's amount, of its customer.
function assertMatches(tx: Tx, withdrawal: Id, { reason, entries }: Posting): void {
  const { customer, amount } = getWithdrawal(tx, withdrawal);
  const account =
    reason === "hold" || reason === "release" ? heldAccount(customer) : transitAccount(withdrawal);
  const own = entries.find((entry) => entry.account === account);
  assert(
    own?.units === amount.units && own.asset === amount.asset,
    `${reason} of withdrawal ${withdrawal} is of its amount`,
  );
  const customers = entries.filter((entry) => entry.account.startsWith("customer:"));
  const its: readonly string[] = [availableAccount(customer), heldAccount(customer)];
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
