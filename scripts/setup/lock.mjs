import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SetupError } from "./run.mjs";

const WAIT_MS_MAX = 30 * 60 * 1000;

/**
 * Takes the lock file, waiting while a living process holds it; returns the function that gives it back. The holder is
 * named by process id and start time, since ids are reused after a crash.
 */
export async function takeLock(file, { say, pollMs = 200, waitMsMax = WAIT_MS_MAX }) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (let waited = 0, told = false; ; waited += pollMs) {
    if (claim(file, mine)) return () => release(file, mine);
    const holder = read(file);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      takeOver(file, holder);
      continue;
    }
    if (!told) say(`another set-up is running (process ${holder.split(" ")[0]}): waiting for it`);
    told = true;
    if (waited >= waitMsMax)
      throw new SetupError(`${file} has been held too long`, `end process ${holder.split(" ")[0]}`);
    await pause(pollMs);
  }
}

/** The lock appears together with its content (link is atomic), so that nobody reads an empty one and takes it over. */
function claim(file, mine) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    unlinkSync(draft);
  }
}

/** Moves a dead holder's lock away. Two may try at once: who finds a living one in its hands puts it back. */
function takeOver(file, dead) {
  const away = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, away);
    if (read(away) !== dead) linkSync(away, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    remove(away);
  }
}

function release(file, mine) {
  if (read(file) === mine) remove(file);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function remove(file) {
  try {
    unlinkSync(file);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

/** Whether the process that wrote `holder` still runs. */
export function isAlive(holder) {
  const [pid = "", start = ""] = holder.split(" ");
  if (!/^[1-9][0-9]*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === "ESRCH") return false;
  }
  return startOf(Number(pid)) === start;
}

/** Start time of a process in clock ticks since boot (proc(5), field 22), or "?" where there is no /proc. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "?";
  } catch {
    return "?";
  }
}
