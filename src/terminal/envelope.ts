/** How every answer looks: one JSON document on stdout with --json, else text on stdout and everything else on stderr. */
import { EXIT, CustodyError, declareError, type ExitName } from "../core/errors.ts";
import { visibleJson, visibleText } from "../core/text.ts";
import { drawCommand, drawHint, drawRemark } from "./advice.ts";
import type { Outcome } from "./command.ts";
import { asFileError } from "./files.ts";
import type { Io } from "./io.ts";

export const BUG = declareError("BUG", "bug", "The program broke one of its own promises. Please report it.");

const SCHEMA_VERSION = 1;

/** What the operating system says when the disk, the path or its own limits are the trouble. */
const LOCAL_TROUBLE =
  /^(ENOSPC|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|EDQUOT|EMFILE|ENFILE|EIO|EFBIG|ELOOP|ENAMETOOLONG)$/;

/** Prints an outcome. @returns the exit code */
export function printOutcome(io: Io, json: boolean, outcome: Outcome): number {
  const warnings = outcome.warnings ?? [];
  const { data, failure } = outcome;
  if (json) {
    const error = failure === undefined ? {} : { error: describe(failure) };
    print(io, { schemaVersion: SCHEMA_VERSION, ok: failure === undefined, data, ...error, warnings });
  } else if (outcome.text !== "") {
    io.stdout.write(outcome.text.endsWith("\n") ? outcome.text : `${outcome.text}\n`);
  }
  for (const warning of warnings)
    io.stderr.write(drawRemark("warning:", warning, io.stderr, io.paint.err.yellow));
  if (failure !== undefined && !json) printErrorText(io, failure);
  if (outcome.next !== undefined) io.stderr.write(drawCommand("Next:", outcome.next, io.stderr));
  return failure === undefined ? EXIT.ok : EXIT[failure.exit];
}

/** Prints an error: what, which field, what to do. @returns the exit code */
export function printError(io: Io, json: boolean, thrown: unknown): number {
  const error = asCustodyError(thrown);
  if (json) print(io, { schemaVersion: SCHEMA_VERSION, ok: false, error: describe(error) });
  else printErrorText(io, error);
  if (error.code === BUG.code && io.env["CUSTODY_DEBUG"] === "1" && thrown instanceof Error) {
    for (const line of String(thrown.stack).split("\n")) io.stderr.write(`${visibleText(line)}\n`);
  }
  return EXIT[error.exit];
}

function describe({ code, message, field, hint, details }: CustodyError) {
  return {
    code,
    message,
    ...(field === undefined ? {} : { field }),
    ...(hint === undefined ? {} : { hint }),
    details,
  };
}

function printErrorText(io: Io, { code, message, field, hint }: CustodyError): void {
  io.stderr.write(drawRemark("error:", message, io.stderr, io.paint.err.red));
  if (field !== undefined) io.stderr.write(drawRemark("  field:", field, io.stderr));
  io.stderr.write(`  code: ${code}\n`);
  if (hint !== undefined) io.stderr.write(drawHint(hint, io.stderr));
}

/** Any thrown value as a typed error. What is not ours is a bug, unless the operating system said why. */
export function asCustodyError(thrown: unknown): CustodyError {
  if (thrown instanceof CustodyError) return thrown;
  const { code, path } = Object(thrown) as NodeJS.ErrnoException; // anything can be thrown, undefined too
  if (typeof code === "string" && LOCAL_TROUBLE.test(code)) {
    return asFileError(thrown, path ?? "a file");
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return BUG(`this is a bug: ${message}`, {
    hint: "run it again with CUSTODY_DEBUG=1 and report what it prints",
    cause: thrown,
  });
}

/** The exit codes with their meaning, for `help exit-codes` and the docs. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  ok: "it worked",
  bug: "a bug in the program",
  usage: "the command line is wrong, or an answer is missing",
  invalid: "input is invalid or malformed (also at gates G1 and G5)",
  denied: "denied by policy, KYC or a signer gate",
  notFound: "what was named does not exist",
  conflict: "conflict, or the wrong state for this step",
  verification: "a signature, digest or proof does not verify",
  pending: "not finished yet",
  network: "a node or the network is unavailable",
  local: "local trouble: disk full, database locked, permissions",
  cancelled: "cancelled by a person",
};

function print(io: Io, document: object): void {
  // JSON.stringify leaves C1 controls and bidirectional marks as they are, and a terminal obeys them (attack T5).
  io.stdout.write(`${visibleJson(JSON.stringify(document))}\n`);
}
