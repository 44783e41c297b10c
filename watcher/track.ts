/**
 * Following transactions by the hash of the block that holds them: confirmations, settlement at the policy's depth,
 * and reorganisations, shallow and deep (failure F10). A node's "unknown" is never taken for "dropped" (F11).
 */
import type { TransactionStatus } from "../src/chains/adapter.ts";
import type { Id } from "../src/core/identifier.ts";
import type { AttemptState } from "../src/core/states/edges.ts";
import { change } from "../src/home/online.ts";
import { PORTS } from "../src/home/ports.ts";
import {
  attemptsIn,
  attemptsOf,
  getAttempt,
  livePlans,
  observeAttempt,
  type Attempt,
} from "../src/store/attempts.ts";
import type { Tx } from "../src/store/transaction.ts";
import { followAttempt } from "../src/withdrawals/follow.ts";
import { alarms } from "./alarms.ts";
import { WATCHER, type World } from "./world.ts";

/** How many blocks past the policy's depth a settled attempt is still looked at. */
const DEEP_BLOCKS = 100;

/**
 * Looks at settled attempts that a deep reorganisation could still touch, before anything is sent: a settlement that is
 * taken back makes those live again that it had killed, and a later generation would be a second payment beside them (F10).
 */
export async function trackSettled(world: World): Promise<void> {
  const { online, node } = world;
  const deep = followedTo(world, await node.tip());
  for (const id of attemptsIn(online.store, "FINAL")) {
    const { block } = getAttempt(online.store, id);
    if (block !== undefined && block.height > deep) await track(world, id);
  }
}

/** Looks at every attempt of plans that may still settle, sent by us or not: whoever held the file may have sent it. */
export async function trackAll(world: World): Promise<void> {
  const { online } = world;
  for (const plan of livePlans(online.store))
    for (const { id } of attemptsOf(online.store, plan)) await track(world, id);
}

/** Height of the newest block in which a settlement is as deep as it is ever followed. */
export function followedTo({ rules }: World, tip: { readonly height: number }): number {
  return tip.height - rules.confirmations - DEEP_BLOCKS;
}

/** Looks at one attempt, and moves it to where the node shows it. */
export async function track({ online, policy, node, rules, log }: World, id: Id): Promise<void> {
  const attempt = getAttempt(online.store, id);
  const status = await node.status(attempt.txid);
  if (status.state !== "included" && (await stillSettled(node, attempt))) {
    log({ event: "settled, but the node does not show it", level: "warn", transaction: attempt.txid });
    return;
  }
  const steps = stepsFor(attempt, status, rules.confirmations);
  const cries = steps.some(({ to }) => to === "CONFIRMING") ? alarms(online.store, attempt) : [];
  const follow = (tx: Tx, { to, event, block }: Step) =>
    followAttempt(PORTS, tx, id, to, event, { policy: policy.body, block });
  const confirmations = status.state === "included" ? status.confirmations : 0;
  if (steps.length === 0 && confirmations === attempt.confirmationsSeen) return;
  const operation = change(
    online,
    (tx, operation) => {
      observeAttempt(tx, id, { confirmations });
      for (const step of steps) follow(tx, step);
      return operation;
    },
    WATCHER,
  );
  for (const cry of cries) log({ ...cry, level: "error", operation, transaction: attempt.txid });
  for (const { event, level } of steps) {
    log({
      event,
      level,
      operation,
      transaction: attempt.txid,
      confirmations,
      blockHash: status.state === "included" ? status.blockHash : undefined,
    });
  }
}

// A settlement is taken back on evidence alone: another block stands where its block stood. A node that lags, or builds
// its index anew, has lost sight of the transaction and proves nothing (failure F11).
async function stillSettled(node: World["node"], { state, block }: Attempt): Promise<boolean> {
  if (state !== "FINAL" || block === undefined) return false;
  const best = await node.blockHash(block.height);
  return best === undefined || best === block.hash;
}

type Step = {
  readonly event: string;
  readonly level: "info" | "warn";
  readonly to: AttemptState;
  readonly block?: Attempt["block"] | null;
};

/** What a status means for an attempt: at most leaving a block, entering one, and being deep enough. */
function stepsFor({ state, block }: Attempt, status: TransactionStatus, depth: number): readonly Step[] {
  const steps: Step[] = [];
  const inBlock = state === "CONFIRMING" || state === "FINAL";
  const moved = inBlock && (status.state !== "included" || status.blockHash !== block?.hash);
  if (moved) {
    const event = state === "FINAL" ? "settlement reorganised away" : "reorganised away";
    steps.push({ event, level: "warn", to: "BROADCAST", block: null });
  }
  if (status.state === "included") {
    const { blockHash: hash, height, confirmations } = status;
    if (!inBlock || moved)
      steps.push({ event: "included", level: "info", to: "CONFIRMING", block: { hash, height } });
    if ((state !== "FINAL" || moved) && confirmations >= depth)
      steps.push({ event: "final", level: "info", to: "FINAL" });
  } else if (status.state === "unknown" && (moved || state === "BROADCAST")) {
    steps.push({ event: "not seen by node", level: "warn", to: "UNCERTAIN" });
  } else if (status.state === "pending" && (state === "UNCERTAIN" || state === "BROADCASTING")) {
    steps.push({ event: "seen by node", level: "info", to: "BROADCAST" });
  }
  return steps;
}
