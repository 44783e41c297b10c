/**
 * The people and machines of a story: each role has a home of its own, and the programs are the built ones, run as
 * processes. What passes between homes is files in one folder, as it would be on a memory stick.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CustodyError, EXIT, declareError, type ExitName } from "../src/core/errors.ts";

export const NOT_BUILT = declareError("NOT_BUILT", "local", "The built programs are missing.");
export const STEP_FAILED = declareError("STEP_FAILED", "bug", "A step of a story did not end as it should.");

/** The homes of the smallest story; a larger house names its own. */
export const ROLES = ["admin", "operator", "approver", "officer", "online", "signer"] as const;
export type Role = string;
export type ProgramName = "custody" | "custody-signer" | "custody-watcher";

/** What one run of a program answered. `data` is the envelope's, or `error` when it failed. */
export type Answer = {
  readonly exit: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape differs by command
  readonly data: any;
  readonly error: Failure | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/** The envelope's error. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly hint?: string;
  readonly details: Readonly<Record<string, unknown>>;
};

export type Cast = {
  readonly folder: string;
  /** The root of the project or of an installed copy: where `dist/` is. */
  readonly root: string;
  readonly home: (role: Role) => string;
  /** A file of the memory stick. */
  readonly carried: (name: string) => string;
  /** A role's passphrase file. Regtest only: people type theirs. */
  readonly passphrase: (role: Role) => string;
  /** Settings of every later run, for example the node's address. */
  readonly env: Record<string, string>;
  /** Runs a program in a role's home, whatever comes of it. */
  readonly attempt: (program: ProgramName, role: Role, ...args: readonly string[]) => Promise<Answer>;
  /** Runs a program and expects it to work. @throws STEP_FAILED */
  readonly run: (program: ProgramName, role: Role, ...args: readonly string[]) => Promise<Answer["data"]>;
};

/** Runs a program to its end. `args`: what is typed after its name. */
export type Runner = (
  program: ProgramName,
  args: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) => Promise<Pick<Answer, "exit" | "stdout" | "stderr">>;

/**
 * Makes homes and passphrases under `folder`, one for each of `roles`.
 * @param runner the built programs as processes, when left out
 */
export function makeCast(
  folder: string,
  roles: readonly Role[] = ROLES,
  runner: Runner = builtProgram,
): Cast {
  const root = projectRoot();
  const env: Record<string, string> = {};
  for (const role of roles) mkdirSync(join(folder, role), { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, "carried"), { recursive: true, mode: 0o700 });
  for (const role of roles)
    writeFileSync(join(folder, role, "passphrase"), `${role} of a regtest demo\n`, { mode: 0o600 });
  const home = (role: Role) => join(folder, role, "home");
  const attempt: Cast["attempt"] = async (program, role, ...args) => {
    const said = await runner(program, [...args, "--home", home(role), "--json"], {
      cwd: join(folder, role),
      env: { PATH: process.env["PATH"] ?? "", HOME: join(folder, role), ...env },
    });
    return { ...readEnvelope(said.stdout), ...said };
  };
  return {
    folder,
    root,
    home,
    carried: (name) => join(folder, "carried", name),
    passphrase: (role) => join(folder, role, "passphrase"),
    env,
    attempt,
    run: async (program, role, ...args) => expectOk(program, args, await attempt(program, role, ...args)),
  };
}

const FILES: Readonly<Record<ProgramName, string>> = {
  custody: "custody.js",
  "custody-signer": "custody-signer.cjs",
  "custody-watcher": "custody-watcher.js",
};

/** The folder above this file that holds the built programs: this file runs from sources and from `dist/`. */
export function projectRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "dist", FILES["custody-signer"]))) return folder;
    if (folder === dirname(folder)) throw NOT_BUILT("the programs are not built", { hint: "npm run build" });
  }
}

function expectOk(program: string, args: readonly string[], { exit, data, error, stderr }: Answer): unknown {
  if (exit === EXIT.ok) return data;
  const verb = args.slice(0, 2).join(" ");
  const kind = (Object.keys(EXIT) as ExitName[]).find((name) => EXIT[name] === exit) ?? "bug";
  throw new CustodyError(STEP_FAILED.code, kind, `${program} ${verb}: ${error?.message ?? stderr}`, {
    ...(error?.hint === undefined ? {} : { hint: error.hint }),
    details: { code: error?.code ?? "", exit },
  });
}

/** Each run of a program a process of its own, from its built file. */
export function builtProgram(
  program: ProgramName,
  args: readonly string[],
  options: Parameters<Runner>[2],
): ReturnType<Runner> {
  const file = join(projectRoot(), "dist", FILES[program]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code) => resolve({ exit: code ?? EXIT.bug, stdout, stderr }));
  });
}

function readEnvelope(stdout: string): Pick<Answer, "data" | "error"> {
  try {
    return JSON.parse(stdout) as { readonly data: unknown; readonly error: Failure | undefined };
  } catch {
    return { data: undefined, error: undefined };
  }
}
