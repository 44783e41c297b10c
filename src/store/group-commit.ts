/**
 * Group commit: many callers, one durable write. With synchronous=FULL a commit costs a disk's round trip, whatever is
 * in it; what comes in while one is under way, or within a few milliseconds, shares the next. Each caller's work is a
 * savepoint, so that a bad one is taken back alone, and each is answered after the commit that holds it (F14, F26).
 */
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { assert, declareError, isError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { STORE_CORRUPT, STORE_FULL, STORE_LOCKED, STORE_UNREADABLE } from "./failure.ts";
import type { Reader } from "./statement.ts";
import { write, type Context, type Tx } from "./transaction.ts";

export const STORE_OVERLOADED = declareError(
  "STORE_OVERLOADED",
  "local",
  "More writes wait for the database than are taken.",
);

export type GroupCommit<Shared> = {
  /**
   * Runs `work` in the next group. It may run more than once, when another program had the lock; only what the last run
   * did is kept.
   * @returns what `work` returned, once it is durable
   * @throws whatever `work` throws: nothing of it is kept then; STORE_LOCKED, STORE_FULL, STORE_UNREADABLE,
   *   STORE_OVERLOADED, and what `share` throws: nothing of the whole group is kept then
   */
  write<T>(context: Context, work: (tx: Tx, shared: Shared) => T): Promise<T>;
  /** Takes nothing more and waits until all that was taken is answered. */
  close(): Promise<void>;
};

type Job<Shared> = {
  readonly context: Context;
  readonly work: (tx: Tx, shared: Shared) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
};

type Settled = { readonly value: unknown } | { readonly error: unknown };

/** A group is closed at so many callers, or after so long, or as soon as a turn of the event loop brings nobody new. */
const GROUP_MAX = 100;
const GATHER_MS = 5;

/** About two seconds of asking for the lock, as for every other writer; the event loop turns meanwhile. */
const ATTEMPTS = 84;
const PAUSE_MS_MAX = 25;

/** How long SQLite itself waits for the lock, which blocks the event loop. */
const BUSY_TIMEOUT_MS = 1;

/**
 * The one writer of a connection for callers that do not wait in line by themselves.
 * @param share what the jobs of a group have in common, read (or written) once in its transaction
 */
export function groupCommit<Shared>(reader: Reader, share: (tx: Tx) => Shared): GroupCommit<Shared> {
  const waiting: Job<Shared>[] = [];
  let draining: Promise<void> | undefined;
  let closed = false;
  const drain = async () => {
    while (waiting.length > 0) {
      await gathered(waiting);
      await commitGroup(reader, share, waiting.splice(0, GROUP_MAX));
    }
    draining = undefined;
  };
  return {
    write: <T>(context: Context, work: (tx: Tx, shared: Shared) => T) => {
      assert(!closed, "a write after the end of its group commit");
      return new Promise<T>((resolve, reject) => {
        if (waiting.length >= LIMITS.writesWaitingMax) {
          reject(overloaded());
          return;
        }
        waiting.push({ context, work, resolve: resolve as (value: unknown) => void, reject });
        draining ??= drain();
      });
    },
    close: async () => {
      closed = true;
      await draining;
    },
  };
}

async function gathered(waiting: readonly unknown[]): Promise<void> {
  let over = false;
  const timer = setTimeout(() => (over = true), GATHER_MS);
  for (let seen = 0; waiting.length > seen && waiting.length < GROUP_MAX && !over; ) {
    seen = waiting.length;
    await turn();
  }
  clearTimeout(timer);
}

// Callers are told after the commit and never before; of one that fails, all are told that.
async function commitGroup<Shared>(
  reader: Reader,
  share: (tx: Tx) => Shared,
  group: readonly Job<Shared>[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const settled = withShortTimeout(reader, () => runGroup(reader, share, group));
      group.forEach((job, index) => answer(job, settled[index] as Settled));
      return;
    } catch (error) {
      if (!isError(error, STORE_LOCKED) || attempt === ATTEMPTS) {
        for (const { reject } of group) reject(error);
        return;
      }
    }
    await sleep(Math.min(attempt, PAUSE_MS_MAX));
  }
}

function runGroup<Shared>(
  reader: Reader,
  share: (tx: Tx) => Shared,
  group: readonly Job<Shared>[],
): readonly Settled[] {
  // The tree's new root is dated by the last to come.
  const { context } = group[group.length - 1] as Job<Shared>;
  return write(
    reader,
    context,
    (tx) => {
      const shared = share(tx);
      return group.map((job) => settle(tx, job, shared));
    },
    1,
  );
}

function settle<Shared>(tx: Tx, { context, work }: Job<Shared>, shared: Shared): Settled {
  try {
    return { value: write(tx, context, (step) => work(step, shared)) };
  } catch (error) {
    // What the disk or another program does is nobody's own fault: the group is tried again, or fails, as a whole.
    if (!tx.database.inTransaction) throw error;
    if (isError(error, STORE_LOCKED, STORE_FULL, STORE_CORRUPT, STORE_UNREADABLE)) throw error;
    return { error };
  }
}

function answer<Shared>({ resolve, reject }: Job<Shared>, settled: Settled): void {
  if ("error" in settled) reject(settled.error);
  else resolve(settled.value);
}

function withShortTimeout<T>({ database }: Reader, work: () => T): T {
  const usual = database.pragma("busy_timeout", { simple: true }) as number;
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  try {
    return work();
  } finally {
    database.pragma(`busy_timeout = ${usual}`);
  }
}

function overloaded() {
  return STORE_OVERLOADED(`${LIMITS.writesWaitingMax} writes wait for the database already`, {
    field: "database",
    hint: "send the same request with the same key again in a second: it is stored once",
  });
}
