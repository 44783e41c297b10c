import type { AccountId } from "../core/account.ts";
import { parseUnits, type Amount } from "../core/amount.ts";
import { sha256, type Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import { toHex, utf8 } from "../core/hex.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import { HOLD_OF } from "../core/states/holds.ts";
import { releaseLimitUse } from "./limit-use.ts";
import { moveRow, type Columns, type Step } from "./move.ts";
import type { WithdrawalTable } from "./schema.ts";
import { all, get, run, tuples, type Reader, type Value } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** The promise to a client. */
export type Withdrawal = {
  readonly id: Id;
  readonly customer: Id;
  readonly amount: Amount;
  readonly account: AccountId;
  readonly beneficiary: Digest;
  /** The client's idempotency key as it was sent; kept for ever. */
  readonly clientKey: string;
  readonly bodyHash: Digest;
  readonly intent: Digest | undefined;
  readonly state: WithdrawalState;
  /** When its intent ends. */
  readonly expires: Instant | undefined;
  /** Why it is revoked, or has ended. */
  readonly reason: string | undefined;
  /** Why it is held, or was last. */
  readonly code: Name | undefined;
  /** Who has put it on hold by hand. */
  readonly holder: string | undefined;
  /** Of what is blocked: the document by which two of compliance allow it. */
  readonly warrant: Digest | undefined;
  /** The plan that it entered first; later ones may have taken that one's place. */
  readonly plan: Id | undefined;
  readonly version: number;
  readonly created: Instant;
  readonly updated: Instant;
};

export type NewWithdrawal = Pick<
  Withdrawal,
  "id" | "customer" | "amount" | "account" | "beneficiary" | "clientKey" | "bodyHash"
> & {
  readonly intent?: Digest | undefined;
  readonly expires?: Instant | undefined;
};

export const WITHDRAWAL_UNKNOWN = declareError(
  "WITHDRAWAL_UNKNOWN",
  "notFound",
  "There is no withdrawal with this id.",
);
export const IDEMPOTENCY_CONFLICT = declareError(
  "IDEMPOTENCY_CONFLICT",
  "conflict",
  "An idempotency key was used before, with another request.",
);

/**
 * Stores a request as REQUESTED. The same key with the same body is the same request, now or in a year: it gets the
 * first one's row (F14).
 * @throws IDEMPOTENCY_CONFLICT when the key came with another body
 */
export function insertWithdrawal(
  tx: Tx,
  request: NewWithdrawal,
): { readonly withdrawal: Withdrawal; readonly created: boolean } {
  const existing = findWithdrawalByKey(tx, request.clientKey);
  if (existing !== undefined) return { withdrawal: sameRequest(existing, request), created: false };
  const { id, customer, amount, account, beneficiary, clientKey, bodyHash, intent, expires } = request;
  const after = {
    account,
    asset: amount.asset,
    beneficiary,
    bodyHash,
    // A client may write anything into its key; auditors get its digest, as in the intent.
    clientKey: toHex(sha256(utf8(clientKey))),
    customer,
    intent,
    state: "REQUESTED",
    units: amount.units.toString(),
  };
  tx.audit({ entity: "withdrawal", entityId: id, version: 1, event: "requested", after });
  const units = amount.units.toString();
  run(
    tx,
    INSERT,
    id,
    customer,
    amount.asset,
    units,
    account,
    beneficiary,
    clientKey,
    bodyHash,
    intent ?? null,
    expires ?? null,
    tx.now,
    tx.now,
  );
  const withdrawal: Withdrawal = {
    ...{ id, customer, amount, account, beneficiary, clientKey, bodyHash, intent, expires },
    ...{
      state: "REQUESTED",
      reason: undefined,
      code: undefined,
      holder: undefined,
      warrant: undefined,
      plan: undefined,
    },
    ...{ version: 1, created: tx.now, updated: tx.now },
  };
  return { withdrawal, created: true };
}

const INSERT =
  "INSERT INTO withdrawal (id, customer, asset, units, account, beneficiary, client_key, body_hash, intent, expires, state, version, created, updated)" +
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'REQUESTED', 1, ?, ?)";

/** What may change with a withdrawal's state. `plan: null` takes it out of its plan. */
export type WithdrawalChanges = {
  readonly reason?: string | undefined;
  readonly code?: Name | null | undefined;
  readonly holder?: string | null | undefined;
  readonly warrant?: Digest | null | undefined;
  readonly plan?: Id | null | undefined;
  /** The digest of the intent that people approve: once, and again for each later generation. */
  readonly intent?: Digest | undefined;
  readonly expires?: Instant | undefined;
};

/**
 * Moves a withdrawal along an edge.
 * @throws WITHDRAWAL_UNKNOWN, STATE_CONFLICT
 */
export function moveWithdrawal(
  tx: Tx,
  id: Id,
  step: Step<"withdrawal">,
  changes: WithdrawalChanges = {},
): Withdrawal {
  const columns = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as Columns;
  const before = getWithdrawal(tx, id);
  moveRow(tx, "withdrawal", before, step, columns);
  if (changes.intent !== undefined && before.intent !== undefined)
    run(tx, "INSERT INTO earlier_intent (intent, withdrawal) VALUES (?, ?)", before.intent, id);
  // What ended without a payment takes nothing of a limit.
  if (HOLD_OF[step.to] === "RELEASED") releaseLimitUse(tx, id);
  const changed = Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, value ?? undefined]),
  );
  return { ...before, ...changed, state: step.to, version: step.version + 1, updated: tx.now };
}

/** @throws WITHDRAWAL_UNKNOWN */
export function getWithdrawal(reader: Reader, id: Id): Withdrawal {
  const found = findWithdrawal(reader, id);
  if (found !== undefined) return found;
  throw unknown(id);
}

function unknown(id: Id) {
  return WITHDRAWAL_UNKNOWN(`there is no withdrawal ${id}`, { field: "id", hint: "custody withdraw queue" });
}

export function findWithdrawal(reader: Reader, id: Id): Withdrawal | undefined {
  const [row] = tuples(reader, BY_ID, id);
  if (row === undefined) return undefined;
  const named: Record<string, Value> = {};
  for (let place = 0; place < COLUMNS.length; place++) named[COLUMNS[place] as string] = row[place] as Value;
  return withdrawalOf(named as WithdrawalTable);
}

const COLUMNS = Object.keys({
  ...{ seq: 1, id: 1, customer: 1, asset: 1, units: 1, account: 1, beneficiary: 1, client_key: 1 },
  ...{ body_hash: 1, intent: 1, expires: 1, state: 1, reason: 1, code: 1, holder: 1, warrant: 1, plan: 1 },
  ...{ version: 1, created: 1, updated: 1 },
} satisfies Record<keyof WithdrawalTable, 1>);
const BY_ID = `SELECT ${COLUMNS.join(", ")} FROM withdrawal WHERE id = ?`;

/** Whose money it is, and how much: what never changes. @throws WITHDRAWAL_UNKNOWN */
export function paymentOfWithdrawal(reader: Reader, id: Id): Pick<Withdrawal, "customer" | "amount"> {
  const sql = "SELECT customer, asset, units FROM withdrawal WHERE id = ?";
  const row = get<Pick<WithdrawalTable, "customer" | "asset" | "units">>(reader, sql, id);
  if (row === undefined) throw unknown(id);
  return { customer: row.customer, amount: parseUnits(row.units, row.asset) };
}

export function findWithdrawalByKey(reader: Reader, clientKey: string): Withdrawal | undefined {
  const row = get<WithdrawalTable>(reader, "SELECT * FROM withdrawal WHERE client_key = ?", clientKey);
  return row === undefined ? undefined : withdrawalOf(row);
}

/**
 * The withdrawal that has `intent` in any generation: compare it with the row's own, for what people have said of an
 * earlier one is not about the newest.
 */
export function findWithdrawalByIntent(reader: Reader, intent: Digest): Withdrawal | undefined {
  const sql =
    "SELECT * FROM withdrawal WHERE intent = ? OR id IN (SELECT withdrawal FROM earlier_intent WHERE intent = ?)";
  const row = get<WithdrawalTable>(reader, sql, intent, intent);
  return row === undefined ? undefined : withdrawalOf(row);
}

/** The withdrawals that a plan settles, in the plan's order; it has at most `LIMITS.intentsPerPlanMax`. */
export function withdrawalsOf(reader: Reader, plan: Id): readonly Withdrawal[] {
  const sql =
    "SELECT w.* FROM withdrawal AS w JOIN plan_intent AS i ON i.withdrawal = w.id WHERE i.plan = ? ORDER BY i.place";
  return all<WithdrawalTable>(reader, sql, plan).map(withdrawalOf);
}

function sameRequest(existing: Withdrawal, { clientKey, bodyHash }: NewWithdrawal): Withdrawal {
  if (existing.bodyHash === bodyHash) return existing;
  throw IDEMPOTENCY_CONFLICT(`key ${JSON.stringify(clientKey)} was used before for another request`, {
    field: "key",
    hint: `custody withdraw show ${existing.id}, or give a new request a new --key`,
    details: { withdrawal: existing.id },
  });
}

/** A row as the rest of the program knows it. */
export function withdrawalOf(row: WithdrawalTable): Withdrawal {
  const {
    id,
    customer,
    account,
    beneficiary,
    client_key: clientKey,
    body_hash: bodyHash,
    state,
    version,
    created,
    updated,
  } = row;
  return {
    id,
    customer,
    amount: parseUnits(row.units, row.asset),
    account,
    beneficiary,
    clientKey,
    bodyHash,
    intent: row.intent ?? undefined,
    state,
    expires: row.expires ?? undefined,
    reason: row.reason ?? undefined,
    code: row.code ?? undefined,
    holder: row.holder ?? undefined,
    warrant: row.warrant ?? undefined,
    plan: row.plan ?? undefined,
    version,
    created,
    updated,
  };
}
