/** The ledger's book: postings with their entries, and the balances that follow from them. Money is summed here, never in SQL. */
import { formatAmount } from "../core/amount.ts";
import type { AssetId } from "../core/asset.ts";
import { assert, declareError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import {
  availableAccount,
  balanceChanges,
  type Entry,
  type LedgerAccount,
  type Posting,
  type PostingReason,
} from "../core/ledger.ts";
import { followPosting } from "./holds.ts";
import { pageOf, where, type Page } from "./page.ts";
import type { EntryTable, PostingTable } from "./records-schema.ts";
import type { Schema } from "./schema.ts";
import { all, get, insertNumbered, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** A posting as it was booked. `turn` counts those of one reason and subject. */
export type BookedPosting = {
  readonly seq: number;
  readonly reason: PostingReason;
  readonly subject: string;
  readonly turn: number;
  readonly operation: Id;
  readonly at: Instant;
  readonly entries: readonly Entry[];
};

export type Balance = { readonly account: LedgerAccount; readonly asset: AssetId; readonly units: bigint };

export const INSUFFICIENT_BALANCE = declareError(
  "INSUFFICIENT_BALANCE",
  "denied",
  "A customer has less available than is asked for.",
);

/**
 * Books a posting: its hold moves, its entries are written, balances follow, and its audit row says it all.
 * @throws INSUFFICIENT_BALANCE, STATE_CONFLICT; nothing is booked then
 */
export function post(tx: Tx, posting: Posting): void {
  const { reason, subject, entries } = posting;
  const asset = entries[0]?.asset;
  assert(asset !== undefined && entries.every((entry) => entry.asset === asset), "a posting is of one asset");
  const changes = balanceChanges(posting);
  const balances = [...changes].map(([account, change]) => nextBalance(tx, account, asset, change));
  followPosting(tx, posting);
  // The table says so too (I2); here it is a bug with a name.
  for (const { account, units } of balances)
    assert(units >= 0n || account.startsWith("wallet:"), `${account} would fall below zero`);
  const turn =
    1 +
    (get<{ last: number | null }>(
      tx,
      "SELECT max(turn) AS last FROM posting WHERE subject = ? AND reason = ?",
      subject,
      reason,
    )?.last ?? 0);
  tx.audit({
    entity: "posting",
    entityId: postingId(subject, reason, turn),
    version: 1,
    event: reason,
    after: { entries: entriesJson(entries) },
  });
  const sql = "INSERT INTO posting (reason, subject, turn, operation, at) VALUES (?, ?, ?, ?, ?)";
  const seq = insertNumbered(tx, sql, reason, subject, turn, tx.operation, tx.now);
  entries.forEach(({ account, side, units }, line) => {
    const sql = "INSERT INTO entry (posting, line, account, asset, side, units) VALUES (?, ?, ?, ?, ?, ?)";
    run(tx, sql, seq, line, account, asset, side, units.toString());
  });
  for (const { account, units } of balances) run(tx, SAVE_BALANCE, account, asset, units.toString());
}

const SAVE_BALANCE =
  "INSERT INTO account_balance (account, asset, units) VALUES (?, ?, ?) ON CONFLICT (account, asset) DO UPDATE SET units = excluded.units";

/** An account's balance in base units, in the direction in which it grows; 0 for one that was never booked. */
export function balanceOf(reader: Reader, account: LedgerAccount, asset: AssetId): bigint {
  const row = get<{ units: string }>(
    reader,
    "SELECT units FROM account_balance WHERE account = ? AND asset = ?",
    account,
    asset,
  );
  return BigInt(row?.units ?? "0");
}

/** The assets that an account has a balance in, zero or not. */
export function assetsIn(reader: Reader, account: LedgerAccount): readonly AssetId[] {
  const sql = "SELECT asset FROM account_balance WHERE account = ? ORDER BY asset";
  return all<{ asset: AssetId }>(reader, sql, account).map(({ asset }) => asset);
}

/** What a customer may still ask for. */
export function availableOf(reader: Reader, customer: Id, asset: AssetId): bigint {
  return balanceOf(reader, availableAccount(customer), asset);
}

/** Balances by account name, those of one prefix ("customer:", "wallet:") if given. @throws PAGE_MALFORMED */
export function listBalances(
  reader: Reader,
  filter: { readonly prefix?: string | undefined },
  page: Page<Balance>,
): readonly Balance[] {
  const { prefix } = filter;
  const { after } = page;
  const kept = [
    where("account", ">=", prefix),
    // Account names are ASCII, so that DEL sorts after every one that begins with the prefix.
    where("account", "<", prefix === undefined ? undefined : `${prefix}\u007f`),
    after && { sql: "(account, asset) > (?, ?)", values: [after.account, after.asset] },
  ];
  const list = { select: "SELECT * FROM account_balance", order: "account, asset" };
  const found = pageOf<Schema["account_balance"]>(reader, list, kept, page);
  return found.map(({ account, asset, units }) => ({ account, asset, units: BigInt(units) }));
}

/** Postings in order, those of one account if given. `after` is a posting's `seq`. @throws PAGE_MALFORMED */
export function listPostings(
  reader: Reader,
  filter: { readonly account?: LedgerAccount | undefined },
  page: Page<number>,
): readonly BookedPosting[] {
  const { account } = filter;
  const after = page.after ?? 0;
  if (account === undefined) {
    const list = { select: "SELECT * FROM posting", order: "seq" };
    return pageOf<PostingTable>(reader, list, [where("seq", ">", after)], page).map((row) =>
      booked(reader, row),
    );
  }
  // The account's postings by its own index: a wallet or the fees have entries in all of them.
  const list = { select: "SELECT DISTINCT posting FROM entry", order: "posting" };
  const kept = [where("account", "=", account), where("posting", ">", after)];
  return pageOf<{ posting: number }>(reader, list, kept, page).flatMap(({ posting }) =>
    all<PostingTable>(reader, "SELECT * FROM posting WHERE seq = ?", posting).map((row) =>
      booked(reader, row),
    ),
  );
}

/** The postings about one deposit or withdrawal. */
export function postingsAbout(reader: Reader, subject: string): readonly BookedPosting[] {
  return all<PostingTable>(reader, "SELECT * FROM posting WHERE subject = ? ORDER BY seq", subject).map(
    (row) => booked(reader, row),
  );
}

/** The id under which a posting stands in the audit log. */
export function postingId(subject: string, reason: PostingReason, turn: number): string {
  return `${subject}:${reason}:${turn}`;
}

/** Entries as they stand in the posting's audit row. */
export function entriesJson(entries: readonly Entry[]) {
  return entries.map(({ account, asset, side, units }) => ({
    account,
    asset,
    side,
    units: units.toString(),
  }));
}

/** The entries of a posting in their order. */
export function entriesOf(reader: Reader, posting: number): readonly Entry[] {
  return all<EntryTable>(reader, "SELECT * FROM entry WHERE posting = ? ORDER BY line", posting).map(
    ({ account, asset, side, units }) => ({
      account,
      asset,
      side,
      units: BigInt(units),
    }),
  );
}

function nextBalance(tx: Tx, account: LedgerAccount, asset: AssetId, change: bigint): Balance {
  const before = balanceOf(tx, account, asset);
  const units = before + change;
  if (units < 0n && /^customer:[0-9a-f]+:available$/.test(account)) {
    const [available, asked] = [
      formatAmount({ asset, units: before }),
      formatAmount({ asset, units: -change }),
    ];
    throw INSUFFICIENT_BALANCE(`available is ${available}, asked for is ${asked}`, {
      field: "amount",
      hint:
        before === 0n
          ? "custody-watcher once   (credits deposits that are deep enough)"
          : `ask for at most ${available}`,
      details: { availableUnits: before.toString(), askedUnits: (-change).toString() },
    });
  }
  return { account, asset, units };
}

function booked(reader: Reader, { seq, reason, subject, turn, operation, at }: PostingTable): BookedPosting {
  return { seq, reason, subject, turn, operation, at, entries: entriesOf(reader, seq) };
}
