/** What a command is: a light description, from which help, completion and reference are made, and code loaded when it runs. */
import type { Json } from "../core/canonical.ts";
import { declareError, type CustodyError } from "../core/errors.ts";
import type { Io } from "./io.ts";

export const FLAG_MISSING = declareError("FLAG_MISSING", "usage", "A required flag was not given.");
export const FLAG_MALFORMED = declareError("FLAG_MALFORMED", "usage", "A flag's value cannot be read.");

export type OptionSpec = {
  /** As commander writes it: `--amount <decimal>`, `--force`, `--approval <file...>`. */
  readonly flags: string;
  readonly about: string;
  readonly required?: boolean;
};

export type ArgumentSpec = { readonly name: string; readonly about: string };

export type Verb = {
  readonly name: string;
  readonly about: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Runnable lines for the help screen. */
  readonly examples?: readonly string[];
  /** It changes state: it gets `--dry-run`. */
  readonly changes?: boolean;
  load(): Promise<{ readonly run: Run }>;
};

export type Noun = { readonly name: string; readonly about: string; readonly verbs: readonly Verb[] };

export type ProgramSpec = {
  readonly name: string;
  readonly about: string;
  /** The folder under the user's data folder when neither --home nor the environment names one. */
  readonly homeName: string;
  /** The environment variable that names the home. */
  readonly homeVariable: string;
  readonly commands: readonly (Noun | Verb)[];
};

export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** One call of a command. */
export type Call = {
  readonly io: Io;
  readonly program: ProgramSpec;
  /** Positional arguments in order; a variadic one is spread. */
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly home: string;
  readonly json: boolean;
  readonly dryRun: boolean;
};

/** What a command answers. `text` goes to stdout as it is, `data` in its place with --json. */
export type Outcome = {
  readonly data: Json;
  readonly text: string;
  /** A runnable command: what a person would do next. */
  readonly next?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
  /** What a dry run says it has not done, where that is more than to have changed nothing. */
  readonly leftUndone?: string | undefined;
  /** When the command did its work and the answer is still a no: printed as an error after the answer. */
  readonly failure?: CustodyError | undefined;
};

export type Run = (call: Call) => Promise<Outcome>;

/** A flag's text. @throws FLAG_MISSING */
export function requiredFlag(flags: Flags, name: string): string {
  const value = optionalFlag(flags, name);
  if (value !== undefined) return value;
  const flag = flagName(name);
  throw FLAG_MISSING(`${flag} is needed`, { field: flag, hint: `add ${flag}` });
}

export function optionalFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** All values of a flag that may be repeated. */
export function repeatedFlag(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

export function switchedOn(flags: Flags, name: string): boolean {
  return flags[name] === true;
}

/** A whole number in a range. Never for money. @throws FLAG_MALFORMED */
export function countFlag(
  flags: Flags,
  name: string,
  range: { min: number; max: number; otherwise: number },
): number {
  const text = optionalFlag(flags, name);
  if (text === undefined) return range.otherwise;
  const value = /^[0-9]{1,15}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (value >= range.min && value <= range.max) return value;
  const flag = flagName(name);
  throw FLAG_MALFORMED(
    `${flag} ${JSON.stringify(text)} is not a whole number from ${range.min} to ${range.max}`,
    { field: flag, hint: `for example ${flag} ${range.otherwise}` },
  );
}

/** `dryRun` as a person types it: `--dry-run`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
