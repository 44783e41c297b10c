/**
 * One step of one thing, on its own: when it fails, the failure is counted and the pass goes on with the others. What ails
 * the whole house (a full disk, a broken audit log, no node at all) is nobody's own fault, and ends the pass.
 */
import type { Digest } from "../src/core/digest.ts";
import { sha256 } from "../src/core/digest.ts";
import { CustodyError, isError } from "../src/core/errors.ts";
import { AUDIT_BROKEN } from "../src/core/audit-tree.ts";
import { toHex, utf8 } from "../src/core/hex.ts";
import type { Id } from "../src/core/identifier.ts";
import { STATE_CONFLICT } from "../src/core/states/edges.ts";
import { change, newId } from "../src/home/online.ts";
import { LETTER_PORTS, LETTER_READS } from "../src/home/ports.ts";
import { SETTING_MALFORMED, SETTING_MISSING } from "../src/home/settings.ts";
import { NODE_BUSY } from "../src/nodes/bitcoind/coins.ts";
import { NODE_WITHOUT_INDEX, NODE_WRONG_NETWORK } from "../src/nodes/bitcoind/node.ts";
import { NODE_SETTINGS_INVALID } from "../src/nodes/failure.ts";
import { NODE_RESTING } from "../src/nodes/guard.ts";
import { NODES_TOO_FEW } from "../src/nodes/quorum.ts";
import type { Attempt } from "../src/store/attempts.ts";
import { clearRetry, findRetry, idsToTry, plansUnsolved } from "../src/store/dead-letters.ts";
import { QUARANTINED, STORE_CORRUPT } from "../src/store/failure.ts";
import { failureOf, mayTry, noteFailure, type Subject } from "../src/withdrawals/settling/dead-letters.ts";
import { WATCHER, type World } from "./world.ts";

/** Finding out where an attempt stands. */
const FOLLOW = "follow";

/** Looks at one attempt, by whatever `work` does, on its own. */
export function followed<T>(
  world: World,
  { id, txid }: Pick<Attempt, "id" | "txid">,
  work: () => Promise<T>,
): Promise<Tried<T>> {
  return tried(world, { entity: "attempt", id, step: FOLLOW }, work, txid);
}

/** Attempts that are to be looked at though nothing new was seen of them: it has failed before, or people ask for it. */
export function toFollowAgain({ online }: Pick<World, "online">): ReadonlySet<string> {
  return idsToTry(online.store, "attempt", FOLLOW);
}

/** Plans of which nobody knows whether they settle, for an attempt of theirs cannot be looked at. */
export function plansInTheDark({ online }: Pick<World, "online">): ReadonlySet<Id> {
  return plansUnsolved(online.store, FOLLOW);
}

export type Tried<T> = { readonly done: true; readonly value: T } | { readonly done: false };

/**
 * Does `work`, unless it has failed so lately, or so often, that it is not to be tried now.
 * @param payload of what is worked on, where it has a digest of its own
 * @returns not done where it was not tried or has failed: whoever relies on it must take the worst for true
 */
export async function tried<T>(
  world: Pick<World, "online" | "log"> & Partial<Pick<World, "node">>,
  subject: Subject,
  work: () => T | Promise<T>,
  payload: Digest = toHex(sha256(utf8(`${subject.entity} ${subject.id}`))) as Digest,
): Promise<Tried<T>> {
  const { online, log } = world;
  const { io } = online.call;
  if (!mayTry(LETTER_READS, online.store, subject, io.now())) return { done: false };
  try {
    const value = await lookedAtTwice(work);
    if (findRetry(online.store, subject) !== undefined)
      change(online, (tx) => clearRetry(tx, subject), WATCHER);
    return { done: true, value };
  } catch (error) {
    if (ailsAll(error) || (isOfNodes(error) && !(await isAnswering(world)))) throw error;
    const failure = failureOf(error);
    const about = { id: newId(online), payload, now: io.now() };
    const letter = change(online, (tx) => noteFailure(LETTER_PORTS, tx, subject, failure, about), WATCHER);
    const { entity, id, step } = subject;
    log({
      event: letter === undefined ? "step failed" : "given up",
      level: letter === undefined ? "warn" : "error",
      [entity]: id,
      step,
      code: failure.code,
      reason: failure.why,
      ...(letter === undefined ? {} : { letter, next: `custody dlq show ${letter}` }),
    });
    return { done: false };
  }
}

// Two watchers, or a watcher and a command, may move the same row at once: who comes second finds it changed under its hands.
// That is nobody's failure, and waiting for the next try would hold the row up (F8); what it has become is looked at afresh.
async function lookedAtTwice<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isError(error, STATE_CONFLICT)) throw error;
    return work();
  }
}

function ailsAll(error: unknown): boolean {
  if (isError(error, ...OF_THE_HOUSE, ...OF_THE_NODES)) return true;
  return error instanceof CustodyError && (error.exit === "local" || error.exit === "cancelled");
}

const OF_THE_HOUSE = [AUDIT_BROKEN, STORE_CORRUPT, QUARANTINED];

/** What is wrong with nodes, or with our settings of them, whatever they are asked: no row is given up for it. */
const OF_THE_NODES = [
  NODE_WITHOUT_INDEX,
  NODE_WRONG_NETWORK,
  NODE_RESTING,
  NODE_BUSY,
  NODES_TOO_FEW,
  NODE_SETTINGS_INVALID,
  SETTING_MISSING,
  SETTING_MALFORMED,
];

function isOfNodes(error: unknown): boolean {
  return error instanceof CustodyError && error.exit === "network";
}

// A node that answers the simplest of questions is there: what failed is about this one thing.
async function isAnswering({ node }: Partial<Pick<World, "node">>): Promise<boolean> {
  if (node === undefined) return false;
  try {
    await node.tip();
    return true;
  } catch {
    return false;
  }
}
