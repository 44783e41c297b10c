/**
 * A guard process between us and a node that we start: it lives in a session of its own, so Ctrl-C does not reach it,
 * and when its stdin closes, however its parent died, it ends the node and removes the folder. It needs no rights.
 */
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { NODE_NOT_STARTED } from "./node-binary.ts";

/** Runs as `node -e`, so that it works from sources and from the bundle alike. Arguments: folder, command, its arguments. */
const GUARD = `
const { spawn } = require("node:child_process");
const { rmSync } = require("node:fs");
const [folder, command, ...args] = process.argv.slice(1);
for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"]) process.on(signal, () => {});
const node = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], env: { PATH: process.env.PATH, HOME: folder, LC_ALL: "C" } });
const say = (line) => { try { process.stdout.write(line + "\\n"); } catch {} };
let words = "";
let running = true;
let leaving;
process.stdout.on("error", () => {});
node.stderr.on("data", (chunk) => { words = (words + chunk).slice(-2000); });
node.on("error", (error) => end(error.message));
node.on("close", (code, signal) => end(signal ?? String(code)));
if (node.pid !== undefined) say("pid " + node.pid);
let text = "";
process.stdin.on("data", (chunk) => {
  text += chunk;
  for (let cut = text.indexOf("\\n"); cut >= 0; cut = text.indexOf("\\n")) {
    obey(text.slice(0, cut));
    text = text.slice(cut + 1);
  }
});
for (const event of ["error", "close", "end"]) process.stdin.on(event, () => obey("remove"));
function obey(order) {
  if (order !== "kill") leaving ??= order;
  if (!running) return leave();
  node.kill(order === "kill" ? "SIGKILL" : "SIGTERM");
  setTimeout(() => node.kill("SIGKILL"), 10000).unref();
}
function end(reason) {
  if (!running) return;
  running = false;
  say("end " + JSON.stringify({ reason, words }));
  if (leaving) leave();
}
function leave() {
  if (leaving === "remove") rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (leaving) process.exit(0);
}
`;

export type Guard = {
  readonly pid: number;
  /** Resolves with the node's last words once it has ended; empty when its guard was killed. */
  readonly ended: Promise<string>;
  /** Ends the node at once; the guard goes on watching over the folder. */
  kill(): Promise<void>;
  /** Stops the node and ends the guard, which removes the folder first or leaves it. */
  leave(folder: "remove" | "keep"): Promise<void>;
};

/** Starts `command` under a guard. @throws NODE_NOT_STARTED */
export async function startGuarded(folder: string, command: string, args: readonly string[]): Promise<Guard> {
  const guard = spawn(process.execPath, ["-e", GUARD, "--", folder, command, ...args], {
    cwd: tmpdir(),
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  guard.stdin.on("error", () => {});
  const lines = createInterface({ input: guard.stdout });
  const gone = new Promise<void>((done) => {
    guard.once("close", () => done());
    guard.once("error", () => done());
  });
  const line = (start: string) =>
    new Promise<string>((done) =>
      lines.on("line", (text) => text.startsWith(start) && done(text.slice(start.length))),
    );
  const started = line("pid ");
  const ended = Promise.race([line("end "), gone.then(() => "")]);
  const first = await Promise.race([started, ended.then((words) => ({ words }))]);
  if (typeof first !== "string") throw NODE_NOT_STARTED(`${command} could not be started: ${first.words}`);
  const pid = Number.parseInt(first, 10);
  // A guard that is killed itself is the one case that its stdin does not cover.
  void ended.then((words) => words === "" && killProcess(pid));
  return {
    pid,
    ended,
    kill: async () => {
      guard.stdin.write("kill\n");
      await ended;
    },
    leave: async (what) => {
      guard.stdin.write(`${what}\n`);
      await gone;
    },
  };
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
