/**
 * Stands in for `src/home/node.ts` in the bundle of the online host: its nodes are the world's, at the other end of the
 * pipe. They answer as one by the product's own quorum.
 */
import type { ChainNode } from "../../../src/chains/chain-node.ts";
import type { BitcoinFacts } from "../../../src/chains/bitcoin/snapshot.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import { commonFacts } from "../../../src/nodes/bitcoind/common-facts.ts";
import { nodeQuorum, type NodeEvent, type NodeQuorum } from "../../../src/nodes/quorum.ts";
import { ask } from "./ask.ts";

const NODES = 3;
const QUORUM = 2;

export async function withNode<T>(
  _call: unknown,
  _policy: PolicyDocument,
  work: (node: NodeQuorum<BitcoinFacts>) => Promise<T>,
  observe: (event: NodeEvent) => void = () => undefined,
): Promise<T> {
  const endpoints = Array.from({ length: NODES }, (_, node) => ({
    name: `node ${node + 1}`,
    node: worldNode(node),
  }));
  return work(nodeQuorum(endpoints, { quorum: QUORUM, setting: "bitcoind-url", meet: commonFacts, observe }));
}

const METHODS: readonly string[] = [
  "tip",
  "blockHash",
  "blockTime",
  "block",
  "pending",
  "snapshot",
  "feeEstimates",
  "broadcast",
  "status",
  "spends",
] satisfies readonly (keyof ChainNode<BitcoinFacts>)[];

/** Only `snapshot` is asked about something that is no plain value, and that once. */
const HOW: Readonly<Record<string, "once" | "send">> = { broadcast: "send", snapshot: "once" };

/** A node whose every method is a message. */
function worldNode(node: number): ChainNode<BitcoinFacts> {
  const methods = METHODS.map(
    (name) =>
      [
        name,
        (...args: readonly unknown[]) => ask({ node, method: name, args }, HOW[name] ?? "read"),
      ] as const,
  );
  return {
    chain: BITCOIN_CHAINS.regtest,
    ...Object.fromEntries(methods),
  } as unknown as ChainNode<BitcoinFacts>;
}
