/** I11: what the online limits have counted equals a recount from the withdrawals, row by row and sum by sum. */
import { declareError, type CustodyError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import { SCOPES, type Scope } from "../core/policy/online/section.ts";
import { SPANS, type Span } from "../core/policy/online/window.ts";
import { ENDED } from "../core/states/withdrawal.ts";
import { stateList } from "./state-list.ts";
import { sumsOf } from "./limit-use.ts";
import type { LimitSumTable, LimitUseTable } from "./schema.ts";
import { atOnce, each, get, type Reader } from "./statement.ts";

export const LIMITS_BROKEN = declareError(
  "LIMITS_BROKEN",
  "verification",
  "What the online limits have counted is not what the withdrawals say.",
);

/**
 * Recounts everything that limits are judged by.
 * @returns how many withdrawals are counted
 * @throws LIMITS_BROKEN naming the first withdrawal or sum that is wrong
 */
export function verifyLimits(reader: Reader): number {
  return atOnce(reader, () => {
    compareUses(reader);
    for (const scope of SCOPES) for (const span of SPANS[scope]) compareSums(reader, scope, span);
    const sql = "SELECT count(*) AS count FROM limit_use WHERE released IS NULL";
    return get<{ count: number }>(reader, sql)?.count ?? 0;
  });
}

// Every withdrawal is counted as what it is, and given back exactly when it has ended without a payment.
function compareUses(reader: Reader): void {
  const sql =
    "SELECT w.id FROM withdrawal AS w LEFT JOIN limit_use AS u ON u.withdrawal = w.id" +
    " WHERE u.withdrawal IS NULL OR u.at <> w.created OR u.customer <> w.customer OR u.account <> w.account" +
    ` OR u.asset <> w.asset OR u.units <> w.units OR (u.released IS NOT NULL) <> (w.state IN ${stateList(ENDED)}) LIMIT 1`;
  const wrong = get<{ id: Id }>(reader, sql);
  if (wrong !== undefined) throw broken(`withdrawal ${wrong.id} is not counted as what it is`);
}

type Sum = { units: bigint; minorUnits: bigint; payments: number };

function compareSums(reader: Reader, scope: Scope, span: Span): void {
  const counted = recount(reader, scope, span);
  const sql = "SELECT * FROM limit_sum WHERE scope = ? AND span = ?";
  for (const row of each<LimitSumTable>(reader, sql, scope, span)) {
    const key = [row.subject, row.start, row.asset, row.currency].join(" ");
    const { units, minorUnits, payments } = counted.get(key) ?? { units: 0n, minorUnits: 0n, payments: 0 };
    counted.delete(key);
    const stored = `${row.units} ${row.minor_units} ${row.payments}`;
    if (stored !== `${units} ${minorUnits} ${payments}`)
      throw broken(`the sum of ${scope} ${row.subject} over ${span} s from ${row.start} is ${stored}`);
  }
  const [missing] = counted.keys();
  if (missing !== undefined) throw broken(`there is no sum of ${scope} over ${span} s for ${missing}`);
}

function recount(reader: Reader, scope: Scope, span: Span): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const use of each<LimitUseTable>(reader, "SELECT * FROM limit_use WHERE released IS NULL")) {
    const place = sumsOf(use).find((sum) => sum.scope === scope && sum.span === span);
    const key = [place?.subject, place?.start, use.asset, use.currency ?? ""].join(" ");
    const sum = sums.get(key) ?? { units: 0n, minorUnits: 0n, payments: 0 };
    sum.units += BigInt(use.units);
    sum.minorUnits += BigInt(use.minor_units ?? "0");
    sum.payments += 1;
    sums.set(key, sum);
  }
  return sums;
}

function broken(what: string): CustodyError {
  return LIMITS_BROKEN(what, {
    field: "limit_use",
    hint: "custody audit verify   (and custody emergency halt --now --code limits, until it is known what changed them)",
  });
}
