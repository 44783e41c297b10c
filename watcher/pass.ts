import { BITCOIN_CHAINS } from "../src/core/chain.ts";
import { seconds } from "../src/core/instant.ts";
import { rulesFor } from "../src/core/policy/entries.ts";
import { whyStale, withNode } from "../src/home/node.ts";
import { requirePolicy, withOnline } from "../src/home/online.ts";
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

/** How far each process has followed the chain. It is kept in memory: after a start everything is looked at. */
const followed = new WeakMap<Call, Cursor>();

/**
 * One pass over everything: read and compare, send, follow, credit, back up. Each step commits on its own, so a pass may end
 * anywhere.
 */
export async function pass(call: Call, log: Log): Promise<Ground> {
  return withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const rules = rulesFor(policy.body, BITCOIN_CHAINS[online.network]);
    await expireAll({ online, log });
    return withNode(
      call,
      policy,
      async (nodes) => {
        const { node: asked, withhold, ground } = watched(nodes);
        const node = blocksOnce(asked);
        const read = { online, policy, rules, node, log, withhold };
        const differs = await compareWithChain(read, startOf(call));
        const { lowest } = ground();
        const stale = whyStale(lowest, call.io, online.network);
        // Nodes that agree on nothing give no block either: that is why.
        const doubt = lowest === undefined ? stale : (differs ?? stale);
        const changes = await changesSince(node, followed.get(call), seconds(call.io.now()));
        let isSure = true;
        const world = { ...read, doubt, changes, unsure: () => void (isSure = false) };
        await raiseDue(world);
        await broadcastAll(world);
        await trackAll(world);
        // What could not be judged is judged again with the same blocks.
        if (isSure) followed.set(call, changes.cursor);
        await backUp(world);
        await creditDeposits(world, startOf(call));
        return ground();
      },
      log,
    );
  });
}

function startOf({ flags }: Call): number | undefined {
  if (optionalFlag(flags, "fromHeight") === undefined) return undefined;
  return countFlag(flags, "fromHeight", { min: 0, max: 100_000_000, otherwise: 0 });
}
