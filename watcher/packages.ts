/** What is sent: a transaction alone, or with the waiting ones of ours that it spends from. */
import { SENDING } from "../src/core/states/stages.ts";
import type { BroadcastOutcome } from "../src/chains/chain-node.ts";
import { makerOf } from "../src/chains/keys.ts";
import { LIMITS } from "../src/core/limits.ts";
import type { AttemptState } from "../src/core/states/attempt.ts";
import { READS } from "../src/home/ports.ts";
import { attemptByTransaction, type Attempt } from "../src/store/attempts.ts";
import { getPlan } from "../src/store/plans.ts";
import { planDocumentOf } from "../src/withdrawals/planning/plan-bytes.ts";
import type { World } from "./world.ts";

/**
 * Sends an attempt. A child goes out with its parents, where nodes relay packages: one that pays too little for their
 * memory pools by itself has fallen out of them, and is taken again with what its child pays (F2: the same bytes).
 */
export async function send(world: World, attempt: Attempt): Promise<BroadcastOutcome> {
  const { node } = world;
  const parents = parentsOf(world, attempt);
  return parents.length === 0 || node.broadcastPackage === undefined
    ? node.broadcast(attempt.bytes)
    : node.broadcastPackage([...parents, attempt].map(({ bytes }) => bytes));
}

/** Sent, and in no block. */
const WAITING: ReadonlySet<AttemptState> = new Set(SENDING);

/** Waiting attempts of ours whose outputs `attempt` spends, each before those that spend it. */
function parentsOf({ online: { store } }: World, attempt: Attempt): readonly Attempt[] {
  const found: Attempt[] = [];
  const look = (child: Attempt) => {
    const { conflictKeys } = planDocumentOf(READS, store, getPlan(store, child.plan)).body;
    for (const txid of new Set(conflictKeys.map(makerOf))) {
      if (txid === undefined) continue;
      const parent = attemptByTransaction(store, txid);
      if (parent === undefined || !WAITING.has(parent.state)) continue;
      if (found.some(({ id }) => id === parent.id) || found.length >= LIMITS.unconfirmedChainMax) continue;
      look(parent);
      found.push(parent);
    }
  };
  look(attempt);
  return found;
}
