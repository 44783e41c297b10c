/**
 * One signing at a time in one home. Two at once would each judge a request by a journal that lacks the other's
 * attempt, and gate G10 would let one withdrawal be paid twice.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { declareError } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { asFileError } from "../../src/terminal/files.ts";
import type { Io } from "../../src/terminal/io.ts";

export const SIGNER_BUSY = declareError(
  "SIGNER_BUSY",
  "conflict",
  "Another custody-signer is at work in the same home.",
);

export type Lock = {
  /** @throws SIGNER_BUSY when the lock is no longer ours */
  assertHeld(): void;
  release(): void;
};

/** Takes the lock file, over from a process that is dead if need be. @throws SIGNER_BUSY */
export function takeLock(io: Io, path: string): Lock {
  const mark = `${process.pid} ${toHex(io.random(16))}\n`;
  if (!create(path, mark)) {
    const owner = Number.parseInt(read(path) ?? "", 10);
    if (isAlive(owner)) throw busy(`process ${owner} is at work in this home`);
    // Renaming succeeds for one taker; should two race, `assertHeld` finds out before the journal is written.
    const stale = `${path}.${toHex(io.random(8))}.stale`;
    try {
      renameSync(path, stale);
      rmSync(stale, { force: true });
    } catch {
      // Someone else took it over first.
    }
    if (!create(path, mark)) throw busy("another process took over this home");
  }
  return {
    assertHeld() {
      if (read(path) !== mark) throw busy("another process took over this home; nothing was signed");
    },
    release() {
      if (read(path) === mark) rmSync(path, { force: true });
    },
  };
}

function create(path: string, mark: string): boolean {
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeSync(file, mark);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw asFileError(error, path, "lock");
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

// An unreadable mark counts as alive only if it is not a number at all; pid 0 would mean our own group.
function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function busy(why: string) {
  return SIGNER_BUSY(why, { field: "--home", hint: "wait for it to end, then run the command again" });
}
