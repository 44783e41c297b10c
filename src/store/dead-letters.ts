/** Dead letters, and the counts of failures that come before them. */
import { ENDED } from "../core/states/withdrawal.ts";
import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { STATE_CONFLICT } from "../core/states/edges.ts";
import { LETTER_EDGES, type LetterState, type ReasonClass } from "../core/states/letters.ts";
import { pageOf, where, type Page } from "./page.ts";
import type { DeadLetterTable, RetryTable } from "./watch-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export const LETTER_UNKNOWN = declareError("LETTER_UNKNOWN", "notFound", "There is no dead letter of an id.");

/** One step of one thing: sending an attempt, delivering a message. */
export type Subject = { readonly entity: string; readonly id: string; readonly step: string };

/** How often a step has failed in a row, and when it is tried again. */
export type Retry = {
  readonly failures: number;
  readonly code: string;
  readonly firstFailed: Instant;
  readonly nextTry: Instant;
};

export type Letter = {
  readonly id: Id;
  readonly subject: Subject;
  readonly class: ReasonClass;
  /** The last error's code. */
  readonly code: string;
  readonly why: string;
  /** Digest of what the step works on. */
  readonly payload: Digest;
  /** Failures in all rounds. */
  readonly attempts: number;
  readonly firstFailed: Instant;
  readonly lastFailed: Instant;
  readonly state: LetterState;
  readonly version: number;
};

export function findRetry(reader: Reader, { entity, id, step }: Subject): Retry | undefined {
  const sql = "SELECT * FROM retry WHERE entity = ? AND entity_id = ? AND step = ?";
  const row = get<RetryTable>(reader, sql, entity, id, step);
  if (row === undefined) return undefined;
  const { failures, code, first_failed: firstFailed, next_try: nextTry } = row;
  return { failures, code, firstFailed, nextTry };
}

export function saveRetry(tx: Tx, { entity, id, step }: Subject, retry: Retry): void {
  const { failures, code, firstFailed, nextTry } = retry;
  run(
    tx,
    "INSERT INTO retry (entity, entity_id, step, failures, code, first_failed, next_try) VALUES (?, ?, ?, ?, ?, ?, ?)" +
      " ON CONFLICT (entity, entity_id, step) DO UPDATE SET failures = excluded.failures, code = excluded.code," +
      " first_failed = excluded.first_failed, next_try = excluded.next_try",
    entity,
    id,
    step,
    failures,
    code,
    firstFailed,
    nextTry,
  );
}

export function clearRetry(tx: Tx, { entity, id, step }: Subject): void {
  run(tx, "DELETE FROM retry WHERE entity = ? AND entity_id = ? AND step = ?", entity, id, step);
}

export function findLetter(reader: Reader, { entity, id, step }: Subject): Letter | undefined {
  const sql = "SELECT * FROM dead_letter WHERE entity = ? AND entity_id = ? AND step = ?";
  const row = get<DeadLetterTable>(reader, sql, entity, id, step);
  return row && letterOf(row);
}

/** @throws LETTER_UNKNOWN */
export function getLetter(reader: Reader, id: Id): Letter {
  const row = get<DeadLetterTable>(reader, "SELECT * FROM dead_letter WHERE id = ?", id);
  if (row !== undefined) return letterOf(row);
  throw LETTER_UNKNOWN(`there is no dead letter ${id}`, { field: "letter", hint: "custody dlq list" });
}

/** What is flagged on one thing, whatever the step; at most as many as there are steps. */
export function lettersOn(reader: Reader, entity: string, id: string): readonly Letter[] {
  const sql = "SELECT * FROM dead_letter WHERE entity = ? AND entity_id = ? ORDER BY seq";
  return all<DeadLetterTable>(reader, sql, entity, id).map(letterOf);
}

/** A page of letters in the order in which they came up. @throws PAGE_MALFORMED, LETTER_UNKNOWN */
export function listLetters(
  reader: Reader,
  state: LetterState | undefined,
  page: Page<Id>,
): readonly Letter[] {
  const after = page.after === undefined ? 0 : seqOf(reader, page.after);
  const kept = [where("seq", ">", after), where("state", "=", state)];
  return pageOf<DeadLetterTable>(
    reader,
    { select: "SELECT * FROM dead_letter", order: "seq" },
    kept,
    page,
  ).map(letterOf);
}

/** How many are in each state; a state without any is left out. */
export function countLetters(reader: Reader): ReadonlyMap<LetterState, number> {
  const sql = "SELECT state, count(*) AS count FROM dead_letter GROUP BY state";
  return new Map(
    all<{ state: LetterState; count: number }>(reader, sql).map(({ state, count }) => [state, count]),
  );
}

/** Ids of an entity of which a step has failed and waits for another try, or that people have requeued. */
export function idsToTry(reader: Reader, entity: string, step: string): ReadonlySet<string> {
  const sql =
    "SELECT entity_id AS id FROM retry WHERE entity = ? AND step = ?" +
    " UNION SELECT entity_id FROM dead_letter WHERE entity = ? AND step = ? AND state = 'REQUEUED'";
  return new Set(all<{ id: string }>(reader, sql, entity, step, entity, step).map(({ id }) => id));
}

/** Plans with an attempt of which a step has failed, and has not worked since: what has become of it, nobody knows. */
export function plansUnsolved(reader: Reader, step: string): ReadonlySet<Id> {
  const sql =
    "SELECT plan FROM attempt WHERE id IN (SELECT entity_id FROM retry WHERE entity = 'attempt' AND step = ?" +
    " UNION SELECT entity_id FROM dead_letter WHERE entity = 'attempt' AND step = ? AND state <> 'REQUEUED')";
  return new Set(all<{ plan: Id }>(reader, sql, step, step).map(({ plan }) => plan));
}

export function insertLetter(tx: Tx, letter: Omit<Letter, "state" | "version">): void {
  const { id, subject, class: reason, code, why, payload, attempts, firstFailed, lastFailed } = letter;
  tx.audit({
    entity: "dead_letter",
    entityId: id,
    version: 1,
    event: "given up",
    after: {
      about: `${subject.entity} ${subject.id}`,
      attempts,
      class: reason,
      code,
      step: subject.step,
      state: "OPEN",
    },
  });
  run(
    tx,
    "INSERT INTO dead_letter (id, entity, entity_id, step, class, code, why, payload, attempts, first_failed, last_failed," +
      " state, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'OPEN', 1)",
    id,
    subject.entity,
    subject.id,
    subject.step,
    reason,
    code,
    why,
    payload,
    attempts,
    firstFailed,
    lastFailed,
  );
}

/** What changes when a letter is OPEN again: how the last round failed. */
export type Failed = Pick<Letter, "class" | "code" | "why" | "payload" | "attempts" | "lastFailed">;

/**
 * Moves a letter along an edge. The conditional update stops a second one that has read the same state (F1).
 * @throws STATE_CONFLICT
 */
export function moveLetter(tx: Tx, letter: Letter, to: LetterState, event: string, failed?: Failed): Letter {
  const { id, state, version } = letter;
  if (getLetter(tx, id).version !== version) throw conflict(letter, "was changed meanwhile");
  if (!LETTER_EDGES[state].includes(to)) throw conflict(letter, `is ${state} and cannot become ${to}`);
  const next = { ...letter, ...failed, state: to, version: version + 1 };
  tx.audit({
    entity: "dead_letter",
    entityId: id,
    version: next.version,
    event,
    before: { state },
    after: { attempts: next.attempts, class: next.class, code: next.code, state: to },
  });
  const changed = run(
    tx,
    "UPDATE dead_letter SET state = ?, version = ?, class = ?, code = ?, why = ?, payload = ?, attempts = ?, last_failed = ?" +
      " WHERE id = ? AND state = ? AND version = ?",
    to,
    next.version,
    next.class,
    next.code,
    next.why,
    next.payload,
    next.attempts,
    next.lastFailed,
    id,
    state,
    version,
  );
  if (changed !== 1) throw conflict(letter, "was changed by another program meanwhile");
  return next;
}

/** Whether what a letter is about may still move coins: everything but what has ended, and what is no payment at all. */
export function mayStillMove(reader: Reader, { entity, id }: Subject): boolean {
  if (entity === "delivery") return false;
  const sql = STATES.get(entity);
  const row = sql === undefined ? undefined : get<{ state: string }>(reader, sql, id);
  return row === undefined || !OVER.has(row.state);
}

const STATES: ReadonlyMap<string, string> = new Map([
  ["attempt", "SELECT plan.state FROM attempt JOIN plan ON plan.id = attempt.plan WHERE attempt.id = ?"],
  ["plan", "SELECT state FROM plan WHERE id = ?"],
  ["withdrawal", "SELECT state FROM withdrawal WHERE id = ?"],
  ["movement", "SELECT state FROM movement WHERE id = ?"],
]);

// A plan that people have declared dead is not among them: people can be wrong.
const OVER: ReadonlySet<string> = new Set(["SETTLED", "DROPPED", "COMPLETED", ...ENDED]);

function seqOf(reader: Reader, id: Id): number {
  getLetter(reader, id);
  return get<{ seq: number }>(reader, "SELECT seq FROM dead_letter WHERE id = ?", id)?.seq ?? 0;
}

function letterOf(row: DeadLetterTable): Letter {
  const { id, entity, entity_id, step, code, why, payload, attempts, state, version } = row;
  return {
    id,
    subject: { entity, id: entity_id, step },
    class: row.class,
    code,
    why,
    payload,
    attempts,
    firstFailed: row.first_failed,
    lastFailed: row.last_failed,
    state,
    version,
  };
}

function conflict({ id }: Letter, why: string) {
  return STATE_CONFLICT(`dead letter ${id} ${why}`, {
    field: "dead_letter.state",
    hint: `custody dlq show ${id}`,
  });
}
