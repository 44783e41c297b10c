/** The online host's database as the world reads it between two steps: rows alone, through none of the product's code. */
import type { Database } from "better-sqlite3";

export type WithdrawalRow = {
  readonly id: string;
  readonly customer: string;
  readonly units: string;
  readonly account: string;
  readonly client_key: string;
  readonly intent: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly plan: string | null;
  readonly version: number;
};
export type PlanRow = {
  readonly id: string;
  readonly digest: string;
  readonly state: string;
  readonly version: number;
  readonly replaces: string | null;
  readonly request: string | null;
};
export type AttemptRow = {
  readonly id: string;
  readonly plan: string;
  readonly rung: number;
  readonly kind: "rung" | "cancel";
  readonly txid: string;
  readonly bytes: Uint8Array;
  readonly state: string;
  readonly version: number;
};
export type PlanIntentRow = {
  readonly plan: string;
  readonly place: number;
  readonly intent: string;
  readonly withdrawal: string | null;
  readonly units: string;
};
export type MovementRow = {
  readonly id: string;
  readonly type: string;
  readonly intent: string;
  readonly state: string;
  readonly version: number;
};
export type AuditRow = {
  readonly seq: number;
  readonly actor: string;
  readonly operation: string;
  readonly entity: string;
  readonly entity_id: string;
  readonly version: number;
  readonly event: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly known: number;
};
export type EntryRow = {
  readonly posting: number;
  readonly account: string;
  readonly asset: string;
  readonly side: "debit" | "credit";
  readonly units: string;
};
export type DecisionRow = {
  readonly withdrawal: string;
  readonly kind: string;
  readonly digest: string;
  readonly content: string;
};

export type LimitUseRow = {
  readonly withdrawal: string;
  readonly customer: string;
  readonly account: string;
  readonly tier: string;
  readonly chain: string;
  readonly units: string;
  readonly released: string | null;
};
export type LimitSumRow = {
  readonly scope: string;
  readonly subject: string;
  readonly span: number;
  readonly units: string;
};

export type SightingRow = {
  readonly withdrawal: string;
  readonly coin: string;
  readonly transaction: string;
};

/** All that the invariants look at. */
export type Books = {
  readonly withdrawals: readonly WithdrawalRow[];
  readonly plans: readonly PlanRow[];
  readonly attempts: readonly AttemptRow[];
  readonly planIntents: readonly PlanIntentRow[];
  readonly movements: readonly MovementRow[];
  readonly kyc: readonly { readonly id: string; readonly state: string; readonly version: number }[];
  readonly holds: readonly { readonly withdrawal: string; readonly state: string }[];
  readonly balances: readonly { readonly account: string; readonly asset: string; readonly units: string }[];
  /** Those that are open. */
  readonly quarantines: readonly { readonly cause: string; readonly detail: string }[];
  /** Withdrawals that a transaction of nobody we know may have paid, as nobody has decided yet. */
  readonly sightings: readonly SightingRow[];
  /** Withdrawals that are paid by such a transaction, as two admins have said. */
  readonly settlements: readonly { readonly withdrawal: string; readonly transaction: string }[];
  /** Transactions that have spent coins of ours and are no attempts of ours. */
  readonly foreignSpends: readonly string[];
  /** Those of them of which two admins have booked something. */
  readonly foreignBookings: readonly string[];
  readonly limitUses: readonly LimitUseRow[];
  readonly limitSums: readonly LimitSumRow[];
  readonly audit: readonly AuditRow[];
  readonly entries: readonly EntryRow[];
  readonly decisions: readonly DecisionRow[];
  readonly documents: ReadonlyMap<
    string,
    { readonly digest: string; readonly kind: string; readonly bytes: Uint8Array }
  >;
};

/** What does not change once it is written is read once: audit rows, entries and documents of the last reading go on. */
export function readBooks(database: Database, last?: Books): Books {
  const all = <Row>(sql: string, ...values: readonly unknown[]) =>
    database.prepare(sql).all(...values) as Row[];
  const seq = last?.audit.at(-1)?.seq ?? 0;
  const posting = last?.entries.at(-1)?.posting ?? 0;
  return {
    withdrawals: all<WithdrawalRow>(
      "SELECT id, customer, units, account, client_key, intent, state, reason, plan, version FROM withdrawal ORDER BY seq",
    ),
    plans: all<PlanRow>("SELECT id, digest, state, version, replaces, request FROM plan ORDER BY seq"),
    attempts: all<AttemptRow>(
      "SELECT id, plan, rung, kind, txid, bytes, state, version FROM attempt ORDER BY seq",
    ),
    planIntents: all<PlanIntentRow>(
      "SELECT plan, place, intent, withdrawal, units FROM plan_intent ORDER BY plan, place",
    ),
    movements: all<MovementRow>("SELECT id, type, intent, state, version FROM movement ORDER BY seq"),
    kyc: all("SELECT id, state, version FROM kyc"),
    holds: all("SELECT withdrawal, state FROM hold"),
    balances: all("SELECT account, asset, units FROM account_balance"),
    quarantines: all("SELECT cause, detail FROM quarantine WHERE ended IS NULL"),
    sightings: all<SightingRow>(SIGHTINGS),
    settlements: all(
      "SELECT withdrawal, transaction_id AS 'transaction' FROM foreign_settlement" +
        " WHERE warrant NOT IN (SELECT settlement FROM foreign_settlement_end)",
    ),
    foreignSpends: all<{ subject: string }>(FOREIGN_SPENDS).map(({ subject }) => subject),
    foreignBookings: all<{ id: string }>("SELECT transaction_id AS id FROM foreign_booking").map(
      ({ id }) => id,
    ),
    limitUses: all("SELECT withdrawal, customer, account, tier, chain, units, released FROM limit_use"),
    limitSums: all("SELECT scope, subject, span, units FROM limit_sum"),
    audit: [...(last?.audit ?? []), ...all<AuditRow>(AUDIT, seq)],
    entries: [
      ...(last?.entries ?? []),
      ...all<EntryRow>(
        "SELECT posting, account, asset, side, units FROM entry WHERE posting > ? ORDER BY posting, line",
        posting,
      ),
    ],
    decisions: all("SELECT withdrawal, kind, digest, content FROM decision"),
    documents: documents(all, last),
  };
}

const SIGHTINGS =
  "SELECT s.withdrawal, s.coin, s.transaction_id AS 'transaction' FROM sighting AS s WHERE NOT EXISTS" +
  " (SELECT 1 FROM sighting_end AS e WHERE e.withdrawal = s.withdrawal AND e.coin = s.coin) AND NOT EXISTS" +
  " (SELECT 1 FROM foreign_settlement AS t WHERE t.withdrawal = s.withdrawal" +
  " AND t.warrant NOT IN (SELECT settlement FROM foreign_settlement_end)) ORDER BY s.at, s.withdrawal, s.coin";

const FOREIGN_SPENDS =
  "SELECT DISTINCT subject FROM quarantine WHERE cause = 'foreign-spend'" +
  " AND subject NOT IN (SELECT txid FROM attempt) ORDER BY seq";

const AUDIT =
  "SELECT seq, a.actor, operation, entity, entity_id, version, event, before, after, o.id IS NOT NULL AS known" +
  " FROM audit_row a LEFT JOIN operation o ON o.id = a.operation WHERE seq > ? ORDER BY seq";

// By their content: the same document with more signatures is another row.
function documents(
  all: <Row>(sql: string, ...values: readonly unknown[]) => Row[],
  last: Books | undefined,
): Books["documents"] {
  const known = new Map(last?.documents);
  const contents = all<{ content: string }>("SELECT content FROM document").map(({ content }) => content);
  for (const content of contents.filter((one) => !known.has(one))) {
    const [found] = all<{ digest: string; kind: string; bytes: Uint8Array }>(
      "SELECT digest, kind, bytes FROM document WHERE content = ?",
      content,
    );
    if (found !== undefined) known.set(content, found);
  }
  return known;
}

/** The stored document of this digest, as JSON. */
export function documentOf({ documents }: Books, digest: string): unknown {
  for (const found of documents.values())
    if (found.digest === digest) return JSON.parse(Buffer.from(found.bytes).toString("utf8"));
  return undefined;
}

/** A withdrawal's audit row that says it was approved, by the state after it. */
export const APPROVED = /"state":"(?:COOLING|READY|PLANNED|EXPORTED|SIGNED)"/;
/** Being sent, or sent before: what a node has had is offered again, byte for byte. */
export const SENDING: ReadonlySet<AttemptRow["state"]> = new Set(["BROADCASTING", "BROADCAST"]);
