/** The chains that this host follows, and the nodes of each, as the watcher and commands ask them without knowing which. */
import type { ChainTip, FollowedChain } from "../chains/chain-node.ts";
import { BITCOIN_CHAINS, isEvmChain, type ChainId } from "../core/chain.ts";
import { assert } from "../core/errors.ts";
import type { Policy, PolicyDocument } from "../core/policy/policy.ts";
import type { NodeEvent, Surveyed } from "../nodes/quorum.ts";
import type { Call } from "../terminal/command.ts";
import { withEvmNodes } from "./evm-nodes.ts";
import { withNode } from "./node.ts";
import type { Online } from "./online.ts";
import { reconcileNow } from "./trust.ts";
import type { BlockCry } from "../withdrawals/following/blocks.ts";
import type { Compared } from "../withdrawals/settling/reconcile.ts";

/** A chain's nodes as one, and what each of them is like. */
export type ChainNodes = FollowedChain & {
  readonly quorum: number;
  readonly endpoints: readonly string[];
  survey(): Promise<Surveyed>;
  agreed(): Promise<ChainTip | undefined>;
};

/** Opens the nodes of `chain` for the length of `work`. @throws SETTING_MISSING, NODE_SETTINGS_INVALID */
export async function withChain<T>(
  call: Pick<Call, "io" | "flags">,
  policy: PolicyDocument,
  chain: ChainId,
  work: (nodes: ChainNodes) => Promise<T>,
  observe?: (event: NodeEvent) => void,
): Promise<T> {
  if (isEvmChain(chain)) return withEvmNodes(call, policy, chain, work, observe);
  assert(chain === BITCOIN_CHAINS[policy.body.network], "a policy's wallets are on chains that are followed");
  return withNode(call, policy, work, observe);
}

/** Reads what is new and compares ledger and chain, on every chain that the policy has a wallet on. */
export async function reconcileAll(
  online: Online,
  policy: PolicyDocument,
  from?: number,
): Promise<{
  readonly worst: Compared;
  readonly all: readonly Compared[];
  readonly cries: readonly BlockCry[];
}> {
  const all: Compared[] = [];
  const cries: BlockCry[] = [];
  for (const chain of chainsOfWallets(policy.body)) {
    const found = await withChain(online.call, policy, chain, (nodes) =>
      reconcileNow(online, policy, nodes, from),
    );
    all.push(found.compared);
    cries.push(...found.cries);
  }
  return { worst: worstOf(all), all, cries };
}

/** One that differs before one for which too little was read, before one that is even. */
function worstOf(all: readonly Compared[]): Compared {
  const worst = (["differs", "behind", "even"] as const)
    .flatMap((verdict) => all.filter((compared) => compared.verdict === verdict))
    .at(0);
  assert(worst !== undefined, "a policy names a wallet");
  return worst;
}

/** The chains of a policy's wallets, each once, in the policy's order: those that are followed. */
export function chainsOfWallets({ wallets }: Pick<Policy, "wallets">): readonly ChainId[] {
  const chains = [...new Set(wallets.map(({ chain }) => chain))];
  assert(chains.length > 0, "a policy names a wallet");
  return chains;
}
