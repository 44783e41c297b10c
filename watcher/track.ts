/**
 * Following transactions by the hash of the block that holds them: confirmations, settlement at the policy's depth,
 * and reorganisations, shallow and deep (failure F10). A node's "unknown" is never taken for "dropped" (F11).
 */
import type { TransactionStatus } from "../src/chains/chain-node.ts";
import type { Id } from "../src/core/identifier.ts";
import type { AttemptEvent } from "../src/core/states/attempt.ts";
import { change } from "../src/home/online.ts";
import { PORTS } from "../src/home/ports.ts";
import { attemptsIn, getAttempt, liveAttempts, observeAttempt, type Attempt } from "../src/store/attempts.ts";
import type { Tx } from "../src/store/transaction.ts";
import { followAttempt } from "../src/withdrawals/following/follow.ts";
import { alarms, shortAlarms } from "./alarms.ts";
import { isTouched } from "./changes.ts";
import { stopFor } from "./flags.ts";
import { followed, toFollowAgain } from "./tried.ts";
import { WATCHER, type World } from "./world.ts";

/** How many blocks past the policy's depth a settled attempt is still looked at. */
const DEEP_BLOCKS = 100;

/**
 * Looks at settled attempts that a deep reorganisation could still touch, before anything is sent: a settlement that is
 * taken back makes those live again that it had killed, and a later generation would be a second payment beside them (F10).
 */
export async function trackSettled(world: World): Promise<void> {
  const { online, node, changes } = world;
  const again = toFollowAgain(world);
  // The blocks of all that had settled by then are still among the best ones.
  if (changes?.all === false && again.size === 0) return;
  const deep = followedTo(world, await node.tip());
  for (const id of attemptsIn(online.store, node.chain, "FINAL")) {
    const attempt = getAttempt(online.store, id);
    const { block } = attempt;
    if (block === undefined || block.height <= deep || (changes?.all === false && !again.has(id))) continue;
    await followed(world, attempt, () => track(world, id));
  }
}

/**
 * Looks at the attempts of plans that may still settle, sent by us or not, for whoever held the file may have sent it: all
 * of them, or those that something new was seen of.
 */
export async function trackAll(world: World): Promise<void> {
  const { online, changes } = world;
  const again = toFollowAgain(world);
  for (const attempt of liveAttempts(online.store, world.node.chain)) {
    if (changes === undefined || isTouched(changes, attempt) || again.has(attempt.id))
      await followed(world, attempt, () => track(world, attempt.id));
  }
}

/** Height of the newest block in which a settlement is as deep as it is ever followed. */
export function followedTo({ rules }: World, tip: { readonly height: number }): number {
  return tip.height - rules.confirmations - DEEP_BLOCKS;
}

/** Looks at one attempt, and moves it to where the node shows it. */
export async function track(world: World, id: Id): Promise<void> {
  const { online, policy, node, rules, log } = world;
  const attempt = getAttempt(online.store, id);
  const status = await node.status(attempt.txid, attempt.bytes);
  if (status.state !== "included" && (await stillInBlock(node, attempt))) {
    const was = attempt.state === "FINAL" ? "settled" : "in a block";
    log({ event: `${was}, but the node does not show it`, level: "warn", transaction: attempt.txid });
    world.unsure?.(attempt.txid);
    return;
  }
  const steps = stepsFor(attempt, status, rules.confirmations);
  const effect = status.state === "included" ? status.effect : undefined;
  const short = effect === undefined ? [] : shortAlarms(effect);
  const isNew = steps.some(({ event }) => event === "included");
  const cries = isNew ? [...alarms(online.store, attempt), ...short] : [];
  const follow = (tx: Tx, { event, block }: Step) =>
    followAttempt(PORTS, tx, id, event, { policy: policy.body, block, effect });
  const confirmations = status.state === "included" ? status.confirmations : 0;
  if (status.state === "undecided") {
    log({ event: "undecided", level: "warn", transaction: attempt.txid, reason: status.reason });
    world.unsure?.(attempt.txid);
  }
  if (steps.length === 0 && (status.state === "undecided" || confirmations === attempt.confirmationsSeen))
    return;
  const operation = change(
    online,
    (tx, operation) => {
      observeAttempt(tx, id, { confirmations });
      for (const step of steps) follow(tx, step);
      stopFor(tx, world, attempt.txid, [...steps, ...cries]);
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

// A block is left on evidence alone: another one stands where it stood. A node that lags, or builds its index anew, has
// lost sight of the transaction and proves nothing (failure F11).
async function stillInBlock(node: World["node"], { state, block }: Attempt): Promise<boolean> {
  if ((state !== "FINAL" && state !== "CONFIRMING") || block === undefined) return false;
  const best = await node.blockHash(block.height);
  return best === undefined || best === block.hash;
}

/** Whether some node has it: one is enough for that. */
export function isSeen(status: TransactionStatus): boolean {
  return status.state === "pending" || (status.state === "undecided" && status.seen);
}

type Step = {
  readonly event: AttemptEvent;
  readonly level: "info" | "warn";
  readonly block?: Attempt["block"] | null;
};

/** What a status means for an attempt: at most leaving a block, entering one, and being deep enough. */
function stepsFor({ state, block }: Attempt, status: TransactionStatus, depth: number): readonly Step[] {
  const steps: Step[] = [];
  const inBlock = state === "CONFIRMING" || state === "FINAL";
  const moved = inBlock && (status.state !== "included" || status.blockHash !== block?.hash);
  if (moved) {
    const event = state === "FINAL" ? "settlement reorganised away" : "reorganised away";
    steps.push({ event, level: "warn", block: null });
  }
  if (status.state === "included") {
    const { blockHash: hash, height, confirmations, finalized } = status;
    if (!inBlock || moved) steps.push({ event: "included", level: "info", block: { hash, height } });
    // Where a chain has a word for what is final, depth alone is not enough.
    const isDeep = confirmations >= depth && finalized !== false;
    if ((state !== "FINAL" || moved) && isDeep) steps.push({ event: "final", level: "info" });
  } else if (status.state === "unknown" && (moved || state === "BROADCAST")) {
    steps.push({ event: "not seen by node", level: "warn" });
  } else if (isSeen(status) && (state === "UNCERTAIN" || state === "BROADCASTING")) {
    steps.push({ event: "seen by node", level: "info" });
  }
  return steps;
}
