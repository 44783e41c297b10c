import type { AttemptKind } from "../chains/attempts.ts";
import type { Effected } from "../chains/chain-node.ts";
import type { ChainId } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import { sha256 } from "../core/digest.ts";
import { toHex } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { AttemptState } from "../core/states/edges.ts";
import { visibleText } from "../core/text.ts";
import { LIMITS } from "../core/limits.ts";
import { moveRow, type Columns, type Step } from "./move.ts";
import { lineOf } from "./plans.ts";
import type { AttemptTable } from "./schema.ts";
import { readShortfalls, writeShortfalls } from "./shortfalls.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** The concrete signed bytes of one rung of a plan. They are here, durably, before they are first sent (I6, F2). */
export type Attempt = {
  readonly id: Id;
  readonly plan: Id;
  /** Place in the plan's rungs; the cancel rung comes behind the last. */
  readonly rung: number;
  readonly kind: AttemptKind;
  readonly feeUnits: bigint;
  /** Since when somebody wants it on the network; the cheapest rung is sent without being asked for. */
  readonly wanted: Instant | undefined;
  readonly txid: Digest;
  readonly bytes: Uint8Array;
  readonly state: AttemptState;
  readonly version: number;
  /** The block that includes it, as last seen in the best chain. */
  readonly block: { readonly hash: string; readonly height: number } | undefined;
  /** What it did in its block; undefined where a block holds only what has its effect and costs its fee. */
  readonly effect: Effected | undefined;
  readonly confirmationsSeen: number;
  readonly lastError: string | undefined;
  readonly created: Instant;
  readonly updated: Instant;
};

export const ATTEMPT_UNKNOWN = declareError(
  "ATTEMPT_UNKNOWN",
  "notFound",
  "There is no attempt with this id.",
);

/** Stores verified, complete bytes as SIGNED. */
export function insertAttempt(
  tx: Tx,
  attempt: Pick<Attempt, "id" | "plan" | "rung" | "kind" | "feeUnits" | "txid" | "bytes">,
): Attempt {
  const { id, plan, rung, kind, txid, bytes } = attempt;
  const feeUnits = attempt.feeUnits.toString();
  const after = { bytes: toHex(sha256(bytes)), feeUnits, kind, plan, rung, state: "SIGNED", txid };
  tx.audit({ entity: "attempt", entityId: id, version: 1, event: "signed", after });
  run(
    tx,
    "INSERT INTO attempt (id, plan, rung, kind, fee_units, txid, bytes, state, version, confirmations_seen, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, 'SIGNED', 1, 0, ?, ?)",
    id,
    plan,
    rung,
    kind,
    feeUnits,
    txid,
    bytes,
    tx.now,
    tx.now,
  );
  return getAttempt(tx, id);
}

/** What may change with an attempt's state. `block: null` when it has left the best chain, and what it did there with it. */
export type AttemptChanges = {
  readonly block?: { readonly hash: string; readonly height: number } | null | undefined;
  readonly effect?: Effected | undefined;
};

/** Moves an attempt along an edge. @throws ATTEMPT_UNKNOWN, STATE_CONFLICT */
export function moveAttempt(tx: Tx, id: Id, step: Step<"attempt">, changes: AttemptChanges = {}): Attempt {
  const { block, effect } = changes;
  const seen = effect && {
    failed: effect.failed ? 1 : 0,
    paid_units: effect.feeUnits.toString(),
    network_id: effect.id,
    shortfalls: writeShortfalls(effect.shortfalls),
  };
  const columns: Columns =
    block === undefined
      ? {}
      : { block_hash: block?.hash ?? null, height: block?.height ?? null, ...(seen ?? effectGone(tx, id)) };
  moveRow(tx, "attempt", getAttempt(tx, id), step, columns);
  return getAttempt(tx, id);
}

// Columns of chains without such effects are left as they are.
function effectGone(reader: Reader, id: Id): Columns {
  return getAttempt(reader, id).effect === undefined
    ? {}
    : { failed: 0, paid_units: null, network_id: null, shortfalls: null };
}

/** Asks for an attempt to be sent. Once it is wanted it stays so: what was sent cannot be called back. @throws ATTEMPT_UNKNOWN */
export function wantAttempt(tx: Tx, id: Id): Attempt {
  const { version, state, wanted } = getAttempt(tx, id);
  if (wanted !== undefined) return getAttempt(tx, id);
  const after = { state, wanted: tx.now };
  tx.audit({ entity: "attempt", entityId: id, version: version + 1, event: "wanted", after });
  run(tx, "UPDATE attempt SET wanted = ?, version = ? WHERE id = ?", tx.now, version + 1, id);
  return getAttempt(tx, id);
}

/** Notes what a node said of an attempt. An observation, not a change of state: it has no audit row. @throws ATTEMPT_UNKNOWN */
export function observeAttempt(
  tx: Tx,
  id: Id,
  seen: { readonly confirmations?: number | undefined; readonly error?: string | undefined },
): void {
  const { confirmationsSeen, lastError } = getAttempt(tx, id);
  const error =
    seen.error === undefined ? lastError : visibleText(seen.error).slice(0, LIMITS.textCharactersMax);
  const confirmations = seen.confirmations ?? confirmationsSeen;
  run(
    tx,
    "UPDATE attempt SET confirmations_seen = ?, last_error = ? WHERE id = ?",
    confirmations,
    error ?? null,
    id,
  );
}

/** @throws ATTEMPT_UNKNOWN */
export function getAttempt(reader: Reader, id: Id): Attempt {
  const row = get<AttemptTable>(reader, "SELECT * FROM attempt WHERE id = ?", id);
  if (row !== undefined) return attemptOf(row);
  throw ATTEMPT_UNKNOWN(`there is no attempt ${id}`, { field: "attempt", hint: "custody status" });
}

/** A plan's attempts from the cheapest rung to the dearest. */
export function attemptsOf(reader: Reader, plan: Id): readonly Attempt[] {
  return all<AttemptTable>(reader, "SELECT * FROM attempt WHERE plan = ? ORDER BY rung", plan).map(attemptOf);
}

/** The attempt that is this transaction, if it is one of ours. */
export function attemptByTransaction(reader: Reader, txid: string): Attempt | undefined {
  const row = get<AttemptTable>(reader, "SELECT * FROM attempt WHERE txid = ?", txid);
  return row === undefined ? undefined : attemptOf(row);
}

/** Ids of the attempts on `chain` in any of `states`, the oldest first: the watcher's work. Bytes are read one attempt at a time. */
export function attemptsIn(
  reader: Reader,
  chain: ChainId,
  ...states: readonly AttemptState[]
): readonly Id[] {
  const marks = states.map(() => "?").join(", ");
  const sql =
    "SELECT attempt.id FROM attempt JOIN plan ON plan.id = attempt.plan JOIN wallet ON wallet.name = plan.wallet" +
    ` WHERE wallet.chain = ? AND attempt.state IN (${marks}) ORDER BY attempt.seq`;
  return all<{ id: Id }>(reader, sql, chain, ...states).map(({ id }) => id);
}

/** Plans on `chain`, or on any, that may still settle and have attempts, the oldest first: what the watcher sends and follows. */
export function livePlans(reader: Reader, chain?: ChainId): readonly Id[] {
  const sql =
    "SELECT plan.id FROM plan JOIN wallet ON wallet.name = plan.wallet WHERE plan.state IN ('SIGNED', 'REPLACED')" +
    " AND wallet.chain = coalesce(?, wallet.chain) AND EXISTS (SELECT 1 FROM attempt WHERE attempt.plan = plan.id) ORDER BY plan.seq";
  return all<{ id: Id }>(reader, sql, chain ?? null).map(({ id }) => id);
}

/** Every attempt on `chain` of plans that may still settle, without its bytes; plans in their order, rungs rising. */
export function liveAttempts(
  reader: Reader,
  chain: ChainId,
): readonly Pick<Attempt, "id" | "txid" | "state" | "created">[] {
  const sql =
    "SELECT attempt.id, attempt.txid, attempt.state, attempt.created FROM plan JOIN attempt ON attempt.plan = plan.id" +
    " JOIN wallet ON wallet.name = plan.wallet WHERE wallet.chain = ? AND plan.state IN ('SIGNED', 'REPLACED') ORDER BY plan.seq, attempt.rung";
  return all<Pick<AttemptTable, "id" | "txid" | "state" | "created">>(reader, sql, chain);
}

/**
 * Plans on `chain` that people have declared dead, which may surface in a block all the same, the oldest first: those with attempts
 * and a member that no rung in a block at `settledBelow` or lower has paid yet. What another plan of its line has killed is
 * not among them: the reorganisation that takes back the one revives the other.
 */
export function declaredDead(reader: Reader, chain: ChainId, settledBelow: number): readonly Id[] {
  const sql =
    "SELECT plan.id FROM plan JOIN wallet ON wallet.name = plan.wallet WHERE wallet.chain = ? AND plan.state = 'DEAD' AND EXISTS (SELECT 1 FROM attempt WHERE attempt.plan = plan.id)" +
    " AND EXISTS (SELECT 1 FROM plan_intent AS i WHERE i.plan = plan.id AND NOT EXISTS (SELECT 1 FROM plan_intent AS j" +
    " JOIN attempt AS a ON a.plan = j.plan WHERE (j.withdrawal = i.withdrawal OR j.intent = i.intent)" +
    " AND a.state = 'FINAL' AND a.kind = 'rung' AND a.height <= ?)) ORDER BY plan.seq";
  return all<{ id: Id }>(reader, sql, chain, settledBelow)
    .map(({ id }) => id)
    .filter((id) => lineOf(reader, id).every((plan) => !hasFinal(reader, plan.id)));
}

function hasFinal(reader: Reader, plan: Id): boolean {
  return attemptsOf(reader, plan).some(({ state }) => state === "FINAL");
}

function effectOf({ failed, paid_units, network_id, shortfalls }: AttemptTable): Effected | undefined {
  if (paid_units === null || network_id === null) return undefined;
  return {
    failed: failed === 1,
    feeUnits: BigInt(paid_units),
    shortfalls: readShortfalls(shortfalls),
    id: network_id,
  };
}

function attemptOf(row: AttemptTable): Attempt {
  const { id, plan, rung, txid, state, version, block_hash, height, created, updated } = row;
  return {
    id,
    plan,
    rung,
    kind: row.kind,
    feeUnits: BigInt(row.fee_units),
    wanted: row.wanted ?? undefined,
    txid,
    bytes: new Uint8Array(row.bytes),
    state,
    version,
    block: block_hash === null || height === null ? undefined : { hash: block_hash, height },
    effect: effectOf(row),
    confirmationsSeen: row.confirmations_seen,
    lastError: row.last_error ?? undefined,
    created,
    updated,
  };
}
