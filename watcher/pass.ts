import type { ChainId } from "../src/core/chain.ts";
import { CustodyError } from "../src/core/errors.ts";
import { seconds } from "../src/core/instant.ts";
import { rulesFor } from "../src/core/policy/entries.ts";
import type { PolicyDocument } from "../src/core/policy/policy.ts";
import { chainsOfWallets, withChain } from "../src/home/chains.ts";
import { whyStale } from "../src/home/node.ts";
import { requirePolicy, withOnline, type Online } from "../src/home/online.ts";
import { countFlag, optionalFlag, type Call } from "../src/terminal/command.ts";
import { broadcastAll } from "./broadcast.ts";
import { blocksOnce } from "./blocks-once.ts";
import { backUp } from "./backups.ts";
import { changesSince, type Cursor } from "./changes.ts";
import { raiseDue } from "./deadline.ts";
import { creditDeposits } from "./deposits.ts";
import { expireAll } from "./expire.ts";
import { watched, type Ground } from "./ground.ts";
import type { Log } from "./log.ts";
import { compareWithChain } from "./reconcile.ts";
import { trackAll } from "./track.ts";

/** How far each process has followed each chain. It is kept in memory: after a start everything is looked at. */
const followed = new WeakMap<Call, Map<ChainId, Cursor>>();

/** A chain, and what a pass stood on there. */
export type Passed = { readonly chain: ChainId; readonly ground: Ground };

/**
 * One pass over everything: of each chain read and compare, send, follow, credit, back up. Each step commits on its own, so a
 * pass may end anywhere. A chain whose nodes fail holds up no other.
 * @param passed told of each chain that was gone through
 * @throws what failed first, once all chains were tried
 */
export async function pass(call: Call, log: Log, passed: (one: Passed) => void): Promise<void> {
  return withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    await expireAll({ online, log });
    const troubles: CustodyError[] = [];
    for (const chain of chainsOfWallets(policy.body)) {
      try {
        passed({ chain, ground: await passOver(online, policy, chain, log) });
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        troubles.push(error);
      }
    }
    const [trouble] = troubles;
    if (trouble !== undefined) throw trouble;
  });
}

async function passOver(online: Online, policy: PolicyDocument, chain: ChainId, log: Log): Promise<Ground> {
  const { call } = online;
  const rules = rulesFor(policy.body, chain);
  return withChain(
    call,
    policy,
    chain,
    async (nodes) => {
      const { node: asked, withhold, ground } = watched(nodes);
      const node = blocksOnce(asked);
      const read = { online, policy, rules, node, log, withhold };
      const differs = await compareWithChain(read, startOf(call));
      const { lowest } = ground();
      const stale = whyStale(lowest, call.io, chain);
      // Nodes that agree on nothing give no block either: that is why.
      const doubt = lowest === undefined ? stale : (differs ?? stale);
      const cursors = followed.get(call) ?? new Map<ChainId, Cursor>();
      followed.set(call, cursors);
      const changes = await changesSince(node, cursors.get(chain), seconds(call.io.now()));
      let isSure = true;
      const world = { ...read, doubt, changes, unsure: () => void (isSure = false) };
      await raiseDue(world);
      await broadcastAll(world);
      await trackAll(world);
      // What could not be judged is judged again with the same blocks.
      if (isSure) cursors.set(chain, changes.cursor);
      await backUp(world);
      await creditDeposits(world, startOf(call));
      return ground();
    },
    log,
  );
}

function startOf({ flags }: Call): number | undefined {
  if (optionalFlag(flags, "fromHeight") === undefined) return undefined;
  return countFlag(flags, "fromHeight", { min: 0, max: 100_000_000, otherwise: 0 });
}
