import { BITCOIN_CHAINS } from "../src/core/chain.ts";
import { assert } from "../src/core/errors.ts";
import { withNode } from "../src/home/node.ts";
import { requirePolicy, withOnline } from "../src/home/online.ts";
import { countFlag, optionalFlag, type Call } from "../src/terminal/command.ts";
import { broadcastAll } from "./broadcast.ts";
import { creditDeposits } from "./deposits.ts";
import type { Log } from "./log.ts";
import { trackAll } from "./track.ts";

/** One pass over everything: send, follow, credit. Each step commits on its own, so a pass may end anywhere. */
export async function pass(call: Call, log: Log): Promise<void> {
  await withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const rules = policy.body.chains.find(({ chain }) => chain === BITCOIN_CHAINS[online.network]);
    assert(rules !== undefined, "a consistent policy has rules for its wallets' chains");
    await withNode(call, policy, async (node) => {
      const world = { online, policy, rules, node, log };
      await broadcastAll(world);
      await trackAll(world);
      await creditDeposits(world, startOf(call));
    });
  });
}

function startOf({ flags }: Call): number | undefined {
  if (optionalFlag(flags, "fromHeight") === undefined) return undefined;
  return countFlag(flags, "fromHeight", { min: 0, max: 100_000_000, otherwise: 0 });
}
