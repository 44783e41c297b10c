/**
 * Transcripts: what a person types and sees, as text files.
 *
 *     # a remark
 *     $ custody --version          a line for /bin/sh; stdin is empty unless it is piped in
 *     custody {version}            stdout
 *     ! Next: custody status       stderr
 *     = 0                          exit code; 0 when not written
 *
 * `{*}` stands for anything within a line, `{name}` for the same text wherever it stands (in later commands too), a
 * line `...` for any number of lines. An escape character is written as `␛`.
 */
import { spawn } from "node:child_process";

export type Step = {
  readonly line: number;
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
};

export function parseTranscript(text: string): readonly Step[] {
  const steps: { line: number; command: string; stdout: string[]; stderr: string[]; exit: number }[] = [];
  text.split("\n").forEach((line, index) => {
    const step = steps[steps.length - 1];
    if (line.startsWith("$ "))
      steps.push({ line: index + 1, command: line.slice(2), stdout: [], stderr: [], exit: 0 });
    else if (line.startsWith("# ") || step === undefined) return;
    else if (line.startsWith("! ")) step.stderr.push(line.slice(2));
    else if (/^= [0-9]+$/.test(line)) step.exit = Number(line.slice(2));
    else step.stdout.push(line);
  });
  return steps.map(({ stdout, stderr, ...step }) => ({
    ...step,
    stdout: whole(stdout),
    stderr: whole(stderr),
  }));
}

// Blank lines between steps belong to no output.
function whole(lines: readonly string[]): string {
  const text = lines.join("\n").replace(/\n+$/, "");
  return text === "" ? "" : `${text}\n`;
}

/** Replaces known names in a command. */
export function filled(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(PLACEHOLDER, (all, name: string) => known.get(name) ?? all);
}

/** Whether `actual` is what `expected` says; names met for the first time are added to `known`. */
export function matches(expected: string, actual: string, known: Map<string, string>): boolean {
  const fresh: string[] = [];
  const pattern = expected
    .split("\n")
    .map((line) => (line === "..." ? "(?:.*\n)*?" : `${linePattern(line, known, fresh)}\n`))
    .join("")
    .replace(/\n$/, "");
  const found = new RegExp(`^${pattern}$`).exec(actual);
  if (found === null) return false;
  for (const name of fresh) known.set(name, found.groups?.[name] ?? "");
  return true;
}

const PLACEHOLDER = /\{([a-z]+|\*)\}/g;

function linePattern(line: string, known: ReadonlyMap<string, string>, fresh: string[]): string {
  return line
    .split(PLACEHOLDER)
    .map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      const value = known.get(part);
      if (part === "*") return ".*";
      if (value !== undefined) return escaped(value);
      if (fresh.includes(part)) return `\\k<${part}>`;
      fresh.push(part);
      return `(?<${part}>.+?)`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

export type Ran = { readonly stdout: string; readonly stderr: string; readonly exit: number | null };

/** Runs a line by /bin/sh, not at a terminal. */
export function runLine(command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn("/bin/sh", ["-c", command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8").replaceAll("\u001b", "␛")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8").replaceAll("\u001b", "␛")));
    child.on("error", fail);
    child.on("close", (exit) => done({ stdout, stderr, exit }));
  });
}
