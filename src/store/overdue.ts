/** What was not planned in time, by the end of its intent: the first that ended first. */
import { UNEXPORTED } from "../core/states/stages.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { all, type Reader } from "./statement.ts";
import { stateList } from "./state-list.ts";
import { getMovement, type Movement } from "./treasury.ts";
import { getWithdrawal, type Withdrawal } from "./withdrawals.ts";

// States without an exported plan, in the words of the indexes `withdrawal_by_expiry` and `movement_by_expiry`.
const WAITING = `state IN ${stateList(UNEXPORTED)}`;

/** Withdrawals with no exported plan whose intent has ended before `now`. */
export function overdueWithdrawals(reader: Reader, now: Instant, limit: number): readonly Withdrawal[] {
  const sql = `SELECT id FROM withdrawal WHERE expires < ? AND ${WAITING} ORDER BY expires LIMIT ?`;
  return all<{ id: Id }>(reader, sql, now, limit).map(({ id }) => getWithdrawal(reader, id));
}

/** Movements with no exported plan whose intent has ended before `now`. */
export function overdueMovements(reader: Reader, now: Instant, limit: number): readonly Movement[] {
  const sql = `SELECT id FROM movement WHERE expires < ? AND ${WAITING} ORDER BY expires LIMIT ?`;
  return all<{ id: Id }>(reader, sql, now, limit).map(({ id }) => getMovement(reader, id));
}
