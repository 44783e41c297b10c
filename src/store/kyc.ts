/**
 * What is known of customers: one row each, and its history in the audit log. No personal data: the customer is a
 * pseudonym, tiers and reasons are codes; names and documents stay with whoever looked at them.
 */
import { assert } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { KycState } from "../core/states/edges.ts";
import { auditRowOf, type AuditRow } from "./audit-row.ts";
import { moveRow, type Step } from "./move.ts";
import { pageLimit } from "./page.ts";
import type { AuditTable } from "./schema.ts";
import type { KycTable } from "./records-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export type Kyc = {
  /** The customer's pseudonym. */
  readonly customer: Id;
  readonly state: KycState;
  /** Tier and expiry stand while the state is ACCEPTED, and at no other time. */
  readonly tier: Name | undefined;
  readonly expires: Instant | undefined;
  /** The reason code of the last decision; none for a submission. */
  readonly reason: Name | undefined;
  readonly version: number;
};

/** What changes with the state. What is left out is emptied. */
export type KycChanges = {
  readonly tier?: Name | undefined;
  readonly expires?: Instant | undefined;
  readonly reason?: Name | undefined;
};

/** One step of a customer's record, as its audit row has it. */
export type KycDecision = {
  readonly at: Instant;
  readonly actor: string;
  readonly operation: Id;
  readonly version: number;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly tier: string | undefined;
  readonly expires: string | undefined;
  readonly reason: string | undefined;
};

export function findKyc(reader: Reader, customer: Id): Kyc | undefined {
  const row = get<KycTable>(reader, "SELECT * FROM kyc WHERE id = ?", customer);
  if (row === undefined) return undefined;
  const { id, state, tier, expires, reason, version } = row;
  return {
    customer: id,
    state,
    tier: tier ?? undefined,
    expires: expires ?? undefined,
    reason: reason ?? undefined,
    version,
  };
}

/** The customer's record; begins it, as NONE, where there is none. */
export function openKyc(tx: Tx, customer: Id): Kyc {
  const known = findKyc(tx, customer);
  if (known !== undefined) return known;
  tx.audit({ entity: "kyc", entityId: customer, version: 1, event: "opened", after: { state: "NONE" } });
  const sql = "INSERT INTO kyc (id, state, version, created, updated) VALUES (?, 'NONE', 1, ?, ?)";
  run(tx, sql, customer, tx.now, tx.now);
  return { customer, state: "NONE", tier: undefined, expires: undefined, reason: undefined, version: 1 };
}

/** Moves a record that was opened. @throws STATE_CONFLICT */
export function moveKyc(tx: Tx, customer: Id, step: Step<"kyc">, changes: KycChanges = {}): Kyc {
  const kyc = findKyc(tx, customer);
  assert(kyc !== undefined, "a record is opened before it moves");
  const { tier, expires, reason } = changes;
  const columns = { tier: tier ?? null, expires: expires ?? null, reason: reason ?? null };
  moveRow(tx, "kyc", { id: customer, state: kyc.state, version: kyc.version }, step, columns);
  return { customer, state: step.to, tier, expires, reason, version: kyc.version + 1 };
}

/** The newest `limit` steps of a customer's record, the oldest of them first. @throws PAGE_MALFORMED */
export function kycDecisions(reader: Reader, customer: Id, limit: number): readonly KycDecision[] {
  const sql =
    "SELECT * FROM audit_row WHERE entity = 'kyc' AND entity_id = ? AND version > 1 ORDER BY version DESC LIMIT ?";
  const newest = all<AuditTable>(reader, sql, customer, pageLimit({ limit }));
  return newest.reverse().map((row) => decisionOf(auditRowOf(row)));
}

function decisionOf({ at, actor, operation, version, event, before, after }: AuditRow): KycDecision {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    at,
    actor,
    operation,
    version,
    event,
    from: text(before?.["state"]) ?? "",
    to: text(after?.["state"]) ?? "",
    tier: text(after?.["tier"]),
    expires: text(after?.["expires"]),
    reason: text(after?.["reason"]),
  };
}
