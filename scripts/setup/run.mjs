import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** A failure that a person can mend: `message` says what, `hint` what to do. Anything else that is thrown is a bug. */
export class SetupError extends Error {
  name = "SetupError";

  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

const running = new Set();
let interrupted = false;

/**
 * Ends the tool under way with all that it started (npm starts compilers) and lets no other begin, for a set-up that is
 * interrupted itself. Whoever waits for the tool learns when it has cleared up: npm takes a few seconds.
 */
export function interruptTools() {
  interrupted = true;
  for (const child of running) {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  }
}

/**
 * Where set-up reports: `say` writes one line of progress to stderr (never terminal control, so that it reads the same
 * in a log), `run` starts a tool whose whole output goes to the log file.
 */
export function openReport({ logFile, quiet }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: "w", mode: 0o600 });
  const say = (line) => {
    log.write(`== ${line}\n`);
    if (!quiet) process.stderr.write(`set-up: ${line}\n`);
  };
  const run = (command, args, options = {}) => runLogged(log, command, args, options);
  const close = () => new Promise((done) => log.end(done));
  return { say, run, close, logFile };
}

function runLogged(log, command, args, { cwd, env, hint }) {
  if (interrupted) return Promise.reject(new SetupError("interrupted"));
  log.write(`$ ${[command, ...args].join(" ")}\n`);
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    running.add(child);
    const text = [];
    child.stdout.on("data", (chunk) => {
      text.push(chunk);
      log.write(chunk);
    });
    child.stderr.on("data", (chunk) => log.write(chunk));
    child.on("error", (error) =>
      fail(new SetupError(`${command} could not be started: ${error.message}`, hint)),
    );
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) done(Buffer.concat(text).toString("utf8"));
      else
        fail(
          new SetupError(`${command} ${args[0] ?? ""} failed with ${signal ?? `exit code ${code}`}`, hint),
        );
    });
  });
}

/** The last lines of the log, for the person in front of a failure. */
export function logTail(logFile, lines = 40) {
  try {
    return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}
