/**
 * What fails again and again. A step of one thing that fails is tried again later and later; at last it is given up, and a
 * dead letter says so until people have it tried again. The others go on: one bad row never stops a pass.
 */
import type { Digest } from "../../core/digest.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import type { Id } from "../../core/identifier.ts";
import type { LetterState, ReasonClass } from "../../core/states/letters.ts";
import { visibleText } from "../../core/text.ts";

/** One step of one thing: following an attempt, delivering a message. */
export type Subject = { readonly entity: string; readonly id: string; readonly step: string };

type RetryRow = {
  readonly failures: number;
  readonly code: string;
  readonly firstFailed: Instant;
  readonly nextTry: Instant;
};

type LetterRow = {
  readonly id: Id;
  readonly subject: Subject;
  readonly attempts: number;
  readonly state: LetterState;
};

type Failed = {
  readonly class: ReasonClass;
  readonly code: string;
  readonly why: string;
  readonly payload: Digest;
  readonly attempts: number;
  readonly lastFailed: Instant;
};

export type LetterPorts<Tx, Letter extends LetterRow = LetterRow> = {
  findRetry(tx: Tx, subject: Subject): RetryRow | undefined;
  saveRetry(tx: Tx, subject: Subject, retry: RetryRow): void;
  clearRetry(tx: Tx, subject: Subject): void;
  findLetter(tx: Tx, subject: Subject): Letter | undefined;
  insertLetter(
    tx: Tx,
    letter: Failed & { readonly id: Id; readonly subject: Subject; readonly firstFailed: Instant },
  ): void;
  moveLetter(tx: Tx, letter: Letter, to: LetterState, event: string, failed?: Failed): Letter;
};

export const LETTER_IN_USE = declareError(
  "LETTER_IN_USE",
  "conflict",
  "A dead letter is about something whose coins may still move, and is not put away.",
);

/** Why a step has failed. */
export type Failure = { readonly class: ReasonClass; readonly code: string; readonly why: string };

/** Seconds until the next try, after the first failure, the second …: the schedule that Fireblocks gives webhooks. */
const PAUSES = [10, 30, 120, 300, 900, 1800, 3600, 7200, 14_400] as const;

/** Tries of one round. What can only fail is not worth nine more. */
const TRIES: Readonly<Record<ReasonClass, number>> = {
  poison: 3,
  unknown: 3,
  policy: PAUSES.length + 1,
  node: PAUSES.length + 1,
  exhausted: PAUSES.length + 1,
};

/** What an error says of a step that met it: whether the thing is bad, the rules refuse it, or it may work later. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof CustodyError)) {
    const { name } = Object(error) as { name?: unknown };
    const kind = typeof name === "string" ? name : typeof error;
    return { class: "unknown", code: "BUG", why: reasonText(`${kind}: ${messageOf(error)}`) };
  }
  return { class: CLASSES[error.exit] ?? "exhausted", code: error.code, why: reasonText(error.message) };
}

const CLASSES: Partial<Record<CustodyError["exit"], ReasonClass>> = {
  invalid: "poison",
  verification: "poison",
  denied: "policy",
  network: "node",
  bug: "unknown",
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A reason as it may stand in a row and before a person, whatever a stranger's bytes have put into it. */
export function reasonText(text: string): string {
  const visible = visibleText(text);
  return visible.length > WHY_MAX ? `${visible.slice(0, WHY_MAX - 1)}…` : visible;
}

const WHY_MAX = 500;

/** Whether a step is to be tried at `now`: not while it waits for its next try, nor while people have to decide. */
export function mayTry<Tx>(
  ports: Pick<LetterPorts<Tx>, "findRetry" | "findLetter">,
  tx: Tx,
  subject: Subject,
  now: Instant,
): boolean {
  const retry = ports.findRetry(tx, subject);
  if (retry !== undefined && retry.nextTry > now) return false;
  const state = ports.findLetter(tx, subject)?.state;
  return state === undefined || state === "REQUEUED";
}

export type FailureAbout = {
  /** For a new letter. */
  readonly id: Id;
  readonly payload: Digest;
  readonly now: Instant;
  /** Nothing would be different another time: given up at once. */
  readonly forGood?: boolean | undefined;
};

/** Counts a failure, and gives the step up when it was one too many. @returns the letter's id when it did */
export function noteFailure<Tx, Letter extends LetterRow>(
  ports: LetterPorts<Tx, Letter>,
  tx: Tx,
  subject: Subject,
  failure: Failure,
  { id, payload, now, forGood = false }: FailureAbout,
): Id | undefined {
  const before = ports.findRetry(tx, subject);
  const failures = (before?.failures ?? 0) + 1;
  const firstFailed = before?.firstFailed ?? now;
  if (!forGood && failures < TRIES[failure.class]) {
    const nextTry = addSeconds(now, PAUSES[failures - 1] ?? 0);
    ports.saveRetry(tx, subject, { failures, code: failure.code, firstFailed, nextTry });
    return undefined;
  }
  ports.clearRetry(tx, subject);
  const known = ports.findLetter(tx, subject);
  const failed = { ...failure, payload, lastFailed: now, attempts: failures + (known?.attempts ?? 0) };
  if (known === undefined) {
    ports.insertLetter(tx, { ...failed, id, subject, firstFailed });
    return id;
  }
  ports.moveLetter(tx, known, "OPEN", "given up again", failed);
  return known.id;
}

/**
 * Two persons have allowed that a letter's step is tried again: another whole round.
 * @param letter as it was when they looked at it
 * @throws STATE_CONFLICT
 */
export function requeueLetter<Tx, Letter extends LetterRow>(
  ports: Pick<LetterPorts<Tx, Letter>, "moveLetter" | "clearRetry">,
  tx: Tx,
  letter: Letter,
): Letter {
  ports.clearRetry(tx, letter.subject);
  return ports.moveLetter(tx, letter, "REQUEUED", "requeued");
}

/**
 * Two persons have put a letter away unsolved.
 * @param mayMove whether what it is about may still move coins: that is followed to its end, and never put out of sight
 * @throws LETTER_IN_USE, STATE_CONFLICT
 */
export function dropLetter<Tx, Letter extends LetterRow>(
  ports: Pick<LetterPorts<Tx, Letter>, "moveLetter">,
  tx: Tx,
  letter: Letter,
  mayMove: boolean,
): Letter {
  if (!mayMove) return ports.moveLetter(tx, letter, "DROPPED", "dropped");
  const { id, subject } = letter;
  throw LETTER_IN_USE(`${subject.entity} ${subject.id} may still move coins, so its letter stays`, {
    field: "letter",
    hint: `custody dlq requeue ${id} --out warrant.json   (has it tried again)`,
  });
}
