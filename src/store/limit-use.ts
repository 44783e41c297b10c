/**
 * What withdrawals take of the online limits, from their requests on. A row stays until its withdrawal has ended without a
 * payment; sums over whole spans are kept beside the rows. Amounts are added here, never in SQL.
 */
import type { AccountId } from "../core/account.ts";
import { assetFacts, type AssetId } from "../core/asset.ts";
import type { Amount } from "../core/amount.ts";
import type { ChainId } from "../core/chain.ts";
import type { Currency } from "../core/currency.ts";
import type { Digest } from "../core/digest.ts";
import { assert } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import { addSeconds, type Instant } from "../core/instant.ts";
import type { Use } from "../core/policy/online/judge.ts";
import { SCOPES, type Scope } from "../core/policy/online/section.ts";
import { piecesOf, SPANS, spanStart, type Piece, type Span } from "../core/policy/online/window.ts";
import type { LimitSumTable, LimitUseTable } from "./schema.ts";
import { get, run, tuples, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** What an amount was worth, and by which rates. */
export type StoredValue = {
  readonly currency: Currency;
  readonly minorUnits: bigint;
  readonly rates: Digest;
};

export type LimitUse = {
  readonly withdrawal: Id;
  readonly customer: Id;
  readonly account: AccountId;
  readonly amount: Amount;
  /** The customer's tier at the request. */
  readonly tier: Name;
  readonly value: StoredValue | undefined;
};

/** A place in the order of requests: what came before it counts against it, what came later does not. */
export type UsePlace = { readonly at: Instant; readonly seq: number };

/** Counts a withdrawal that has just been stored. */
export function insertLimitUse(tx: Tx, use: LimitUse): void {
  const { withdrawal, customer, account, amount, tier, value } = use;
  const [units, minorUnits] = [amount.units.toString(), value?.minorUnits.toString()];
  const after = { tier, currency: value?.currency, minorUnits, rates: value?.rates };
  tx.audit({ entity: "limit-use", entityId: withdrawal, version: 1, event: "counted", after });
  const { chain } = assetFacts(amount.asset);
  run(
    tx,
    INSERT_USE,
    withdrawal,
    tx.now,
    customer,
    account,
    tier,
    chain,
    amount.asset,
    units,
    value?.currency ?? null,
    minorUnits ?? null,
    value?.rates ?? null,
  );
  const row = { at: tx.now, customer, account, tier, chain, asset: amount.asset, units };
  change(tx, { ...row, currency: value?.currency ?? null, minor_units: minorUnits ?? null }, 1n);
}

const INSERT_USE =
  "INSERT INTO limit_use (withdrawal, at, customer, account, tier, chain, asset, units, currency, minor_units, rates)" +
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/** Gives back what a withdrawal took, once: it has ended without a payment. What was never counted gives nothing back. */
export function releaseLimitUse(tx: Tx, withdrawal: Id): void {
  const row = get<LimitUseTable>(tx, BY_WITHDRAWAL, withdrawal);
  if (row === undefined || row.released !== null) return;
  run(tx, "UPDATE limit_use SET released = ? WHERE withdrawal = ?", tx.now, withdrawal);
  change(tx, row, -1n);
}

const BY_WITHDRAWAL = "SELECT * FROM limit_use WHERE withdrawal = ?";

/** What was recorded of a withdrawal when it was asked for. */
export function findLimitUse(reader: Reader, withdrawal: Id): (LimitUse & UsePlace) | undefined {
  const row = get<LimitUseTable>(reader, BY_WITHDRAWAL, withdrawal);
  if (row === undefined) return undefined;
  const { customer, account, tier, asset, units, currency, minor_units, rates, at, seq } = row;
  const value =
    currency === null || minor_units === null || rates === null
      ? undefined
      : { currency, minorUnits: BigInt(minor_units), rates };
  return { withdrawal, customer, account, amount: { asset, units: BigInt(units) }, tier, value, at, seq };
}

/**
 * Sums of one scope by asset and currency: everything from `from` on, or only what came before a place.
 * @param subject the customer's id, the destination's account, the tier's name or the chain's id
 */
export function limitUses(
  reader: Reader,
  scope: Scope,
  subject: string,
  from: Instant,
  before?: UsePlace,
): readonly Use[] {
  const sums = new Map<string, Mutable<Use>>();
  const pieces = piecesOf(from, before?.at, SPANS[scope]);
  for (const piece of pieces) for (const use of usesIn(reader, scope, subject, piece)) addTo(sums, use);
  if (before !== undefined && before.at >= from) {
    const second = { span: 0, from: before.at, to: addSeconds(before.at, 1) } as const;
    for (const use of usesIn(reader, scope, subject, second, before.seq)) addTo(sums, use);
  }
  return [...sums.values()];
}

const LAST_SEQ = Number.MAX_SAFE_INTEGER;
/** Behind every time that can be written. */
const LAST_TIME = "9999-12-31T23:59:60Z" as Instant;

function usesIn(
  reader: Reader,
  scope: Scope,
  subject: string,
  { span, from, to = LAST_TIME }: Piece,
  beforeSeq = LAST_SEQ,
): readonly Use[] {
  const found =
    span === 0
      ? tuples<UseTuple>(reader, ROWS_OF[scope], subject, from, to, beforeSeq)
      : tuples<UseTuple>(reader, SUMS, scope, subject, span, from, to);
  return found.map(useOf);
}

/** Amounts of one asset and currency, one after the other between commas. A sum has an empty currency where a row has none. */
type UseTuple = readonly [
  asset: AssetId,
  currency: Currency | "" | null,
  units: string,
  minorUnits: string | null,
  payments: number,
];

/** The column of `limit_use` that tells one subject of a scope from another. */
const COLUMN = { customer: "customer", tier: "tier", destination: "account", network: "chain" } as const;

// Amounts are put in a row by SQLite and added here: to carry some hundred rows over one by one takes longer than all the
// rest. The plus keeps SQLite on the index: by `seq` it would walk every row there is.
const LISTED = "asset, currency, group_concat(units), group_concat(minor_units)";
const ROWS_OF = Object.fromEntries(
  SCOPES.map((scope) => [
    scope,
    `SELECT ${LISTED}, count(*) FROM limit_use WHERE ${COLUMN[scope]} = ? AND at >= ? AND at < ? AND +seq < ? AND released IS NULL GROUP BY asset, currency`,
  ]),
) as Readonly<Record<Scope, string>>;
const SUMS = `SELECT ${LISTED}, sum(payments) FROM limit_sum WHERE scope = ? AND subject = ? AND span = ? AND start >= ? AND start < ? AND payments > 0 GROUP BY asset, currency`;

function useOf([asset, currency, units, minorUnits, payments]: UseTuple): Use {
  return {
    asset,
    units: added(units),
    currency: currency === null || currency === "" ? undefined : currency,
    minorUnits: added(minorUnits ?? "0"),
    payments,
  };
}

function added(amounts: string): bigint {
  return amounts.split(",").reduce((total, units) => total + BigInt(units), 0n);
}

function addTo(sums: Map<string, Mutable<Use>>, use: Use): void {
  const key = `${use.asset} ${use.currency ?? ""}`;
  const known = sums.get(key);
  if (known === undefined) {
    sums.set(key, { ...use });
    return;
  }
  known.units += use.units;
  known.minorUnits += use.minorUnits;
  known.payments += use.payments;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The columns of a use that decide in which sums it stands. */
export type Counted = Pick<
  LimitUseTable,
  "at" | "customer" | "account" | "tier" | "asset" | "units" | "minor_units"
> & { readonly chain: ChainId; readonly currency: Currency | "" | null };

/** The sums that a use stands in: one for each scope and span. */
export function sumsOf(use: Counted): readonly {
  readonly scope: Scope;
  readonly subject: string;
  readonly span: Span;
  readonly start: Instant;
}[] {
  const starts = new Map<Span, Instant>();
  return SCOPES.flatMap((scope) =>
    SPANS[scope].map((span) => {
      const start = starts.get(span) ?? spanStart(span, use.at);
      starts.set(span, start);
      return { scope, subject: use[COLUMN[scope]], span, start };
    }),
  );
}

function change(tx: Tx, use: Counted, sign: 1n | -1n): void {
  const currency = use.currency ?? "";
  const [units, minorUnits] = [sign * BigInt(use.units), sign * BigInt(use.minor_units ?? "0")];
  for (const { scope, subject, span, start } of sumsOf(use)) {
    const key = [scope, subject, span, start, use.asset, currency] as const;
    const sum = get<Pick<LimitSumTable, "units" | "minor_units" | "payments">>(tx, FIND_SUM, ...key);
    if (sum === undefined) {
      assert(sign === 1n, "what is given back was counted");
      run(tx, INSERT_SUM, ...key, units.toString(), minorUnits.toString());
      continue;
    }
    const [newUnits, newMinorUnits] = [BigInt(sum.units) + units, BigInt(sum.minor_units) + minorUnits];
    assert(newUnits >= 0n && newMinorUnits >= 0n, "a sum is never negative");
    const payments = sum.payments + Number(sign);
    run(tx, UPDATE_SUM, newUnits.toString(), newMinorUnits.toString(), payments, ...key);
  }
}

const OF_SUM = "scope = ? AND subject = ? AND span = ? AND start = ? AND asset = ? AND currency = ?";
const FIND_SUM = `SELECT units, minor_units, payments FROM limit_sum WHERE ${OF_SUM}`;
const INSERT_SUM =
  "INSERT INTO limit_sum (scope, subject, span, start, asset, currency, units, minor_units, payments) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)";
const UPDATE_SUM = `UPDATE limit_sum SET units = ?, minor_units = ?, payments = ? WHERE ${OF_SUM}`;
