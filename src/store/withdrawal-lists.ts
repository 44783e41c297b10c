/** Lists of withdrawals: the queue by page, and what resembles one of them. */
import type { AssetId } from "../core/asset.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import { pageOf, placeAfter, where, type Condition, type Page } from "./page.ts";
import type { WithdrawalTable } from "./schema.ts";
import { all, type Reader } from "./statement.ts";
import { withdrawalOf, type Withdrawal } from "./withdrawals.ts";

/** Amounts of one asset above one bound, up to the other; base units. */
export type AmountBand = { readonly asset: AssetId; readonly aboveUnits: string; readonly upToUnits: string };

/** A wallet, and the amounts that it may pay. */
export type PayingWallet = { readonly wallet: Name; readonly bands: readonly AmountBand[] };

/**
 * The queue, the oldest request first. Of a wallet: what a plan of it pays, and what has no plan and stands in one of
 * its bands.
 * @throws PAGE_MALFORMED
 */
export function listWithdrawals(
  reader: Reader,
  filter: {
    readonly state?: WithdrawalState | undefined;
    readonly customer?: Id | undefined;
    readonly payer?: PayingWallet | undefined;
  },
  page: Page<Id>,
): readonly Withdrawal[] {
  const kept = [
    where("seq", ">", placeAfter(reader, "withdrawal", page.after)),
    where("state", "=", filter.state),
    where("customer", "=", filter.customer),
    filter.payer && paidBy(filter.payer),
  ];
  const list = { select: "SELECT * FROM withdrawal", order: "seq" };
  return pageOf<WithdrawalTable>(reader, list, kept, page).map(withdrawalOf);
}

// Units are decimals without leading zeros: the longer is the larger, of equal length the later in order.
function paidBy({ wallet, bands }: PayingWallet): Condition {
  const band =
    "(asset = ? AND (length(units), units) > (length(?), ?) AND (length(units), units) <= (length(?), ?))";
  const unplanned = bands.length === 0 ? "0" : bands.map(() => band).join(" OR ");
  const values = bands.flatMap(({ asset, aboveUnits, upToUnits }) => [
    ...[asset, aboveUnits, aboveUnits],
    ...[upToUnits, upToUnits],
  ]);
  // The plus signs keep SQLite from gathering and sorting all of them by the index of plans: it reads on, in the order of
  // the queue or of a state, until the page is full.
  return {
    sql: `(+plan IN (SELECT id FROM plan WHERE wallet = ?) OR (+plan IS NULL AND (${unplanned})))`,
    values: [wallet, ...values],
  };
}

/** Other withdrawals of the same customer, destination or amount, the newest first. */
export function similarWithdrawals(
  reader: Reader,
  { id, customer, account, amount }: Withdrawal,
  count: number,
): readonly Withdrawal[] {
  // One question for each index: asked together, they would be answered by reading every withdrawal there is.
  const newest = (where: string, ...values: readonly string[]) => {
    const sql = `SELECT * FROM withdrawal WHERE ${where} AND id <> ? ORDER BY seq DESC LIMIT ?`;
    return all<WithdrawalTable>(reader, sql, ...values, id, count);
  };
  const found = [
    ...newest("customer = ?", customer),
    ...newest("account = ?", account),
    ...newest("asset = ? AND units = ?", amount.asset, amount.units.toString()),
  ];
  return [...new Map(found.map((row) => [row.seq, row])).values()]
    .sort((a, b) => b.seq - a.seq)
    .slice(0, count)
    .map(withdrawalOf);
}
