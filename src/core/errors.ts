/**
 * Typed errors. Every error a person can meet is declared once, beside the code that throws it, and is
 * registered here so that `docs/errors.md` can be generated and two errors can never share a code.
 *
 * @example
 * export const AMOUNT_TOO_PRECISE = declareError("AMOUNT_TOO_PRECISE", "invalid", "More decimals than the asset has.");
 * throw AMOUNT_TOO_PRECISE("amount has 9 decimals", { field: "amount", hint: "write at most 8 decimals" });
 */

/** Process exit codes, the same in all three programs (`custody help exit-codes`). */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  invalid: 3,
  denied: 4,
  notFound: 5,
  conflict: 6,
  verification: 7,
  pending: 8,
  network: 9,
  local: 10,
  cancelled: 130,
} as const;

export type ExitName = keyof typeof EXIT;

export type ErrorContext = {
  /** The field, flag or argument at fault, as the person wrote it. */
  field?: string;
  /** One thing to do next; where it can be, a command that can be run as it stands. */
  hint?: string;
  /** Further facts for `--json`; never a secret. */
  details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  cause?: unknown;
};

/** An expected failure: it has a stable code, an exit code and, where one exists, a hint. */
export class CustodyError extends Error {
  override readonly name = "CustodyError";
  readonly code: string;
  readonly exit: ExitName;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, string | number | boolean | readonly string[]>>;

  constructor(code: string, exit: ExitName, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.exit = exit;
    this.field = context.field;
    this.hint = context.hint;
    this.details = context.details ?? {};
  }
}

export type ErrorKind = {
  (message: string, context?: ErrorContext): CustodyError;
  readonly code: string;
  readonly exit: ExitName;
  readonly meaning: string;
};

const registry = new Map<string, ErrorKind>();

/** Declares and registers an error kind. `meaning` is one sentence for `docs/errors.md`. */
export function declareError(code: string, exit: ExitName, meaning: string): ErrorKind {
  assert(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(code), `error code ${code} is not SCREAMING_SNAKE`);
  assert(!registry.has(code), `error code ${code} is declared twice`);
  const kind = Object.assign(
    (message: string, context?: ErrorContext) => new CustodyError(code, exit, message, context),
    { code, exit, meaning },
  );
  registry.set(code, kind);
  return kind;
}

/** Whether `error` is of one of the given kinds. */
export function isError(error: unknown, ...kinds: readonly ErrorKind[]): error is CustodyError {
  return error instanceof CustodyError && kinds.some((kind) => kind.code === error.code);
}

/** All kinds declared by the modules loaded so far, by code. */
export function declaredErrors(): readonly ErrorKind[] {
  return [...registry.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** A broken promise of our own code. It is a bug (exit 1), never an answer to bad input. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Asserts an invariant of our own code. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}
