/** A built program as a process that can be killed, limited or fed: what `Cast.attempt` has no words for. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Cast, Role } from "../../demo/cast.ts";

export type Program = {
  readonly child: ChildProcess;
  readonly ended: Promise<{
    readonly exit: number | null;
    readonly signal: string | null;
    readonly stdout: string;
  }>;
};

/**
 * Starts a program of `dist/` in a role's home, in a process of its own, with JSON output.
 * @param shell words of a POSIX shell to run before it, for example `ulimit -f 8;`
 */
export function startProgram(
  cast: Cast,
  file: "custody.js" | "custody-watcher.js",
  role: Role,
  args: readonly string[],
  shell = "",
): Program {
  const command = [
    process.execPath,
    join(cast.root, "dist", file),
    ...args,
    "--home",
    cast.home(role),
    "--json",
  ];
  const child = spawn("/bin/sh", ["-c", `${shell} exec "$@"`, "sh", ...command], {
    cwd: join(cast.folder, role),
    env: { PATH: process.env["PATH"] ?? "", HOME: join(cast.folder, role), ...cast.env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  const ended = new Promise<Awaited<Program["ended"]>>((done) =>
    child.on("close", (exit, signal) => done({ exit, signal, stdout })),
  );
  return { child, ended };
}
