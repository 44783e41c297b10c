/**
 * Stands in for `src/home/node.ts` in the bundle of the online host: its nodes are the world's, at the other end of the
 * pipe. They answer as one by the product's own quorum.
 */
import type { ChainNode } from "../../../src/chains/chain-node.ts";
import type { BitcoinFacts } from "../../../src/chains/bitcoin/snapshot.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import { commonFacts } from "../../../src/nodes/bitcoind/common-facts.ts";
import { nodeQuorum, type NodeEvent, type NodeQuorum } from "../../../src/nodes/quorum.ts";
import { askWorld } from "./pipe.ts";
import { pass } from "./trace.ts";

const NODES = 3;
const QUORUM = 2;

export async function withNode<T>(
  _call: unknown,
  _policy: PolicyDocument,
  work: (node: NodeQuorum<BitcoinFacts>) => Promise<T>,
  observe: (event: NodeEvent) => void = () => undefined,
): Promise<T> {
  heard = new Map();
  const endpoints = Array.from({ length: NODES }, (_, node) => ({
    name: `node ${node + 1}`,
    node: worldNode(node),
  }));
  return work(nodeQuorum(endpoints, { quorum: QUORUM, meet: commonFacts, observe }));
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

/** A node whose every method is a message. */
function worldNode(node: number): ChainNode<BitcoinFacts> {
  const methods = METHODS.map(
    (name) => [name, (...args: readonly unknown[]) => ask(node, name, args)] as const,
  );
  return {
    chain: BITCOIN_CHAINS.regtest,
    ...Object.fromEntries(methods),
  } as unknown as ChainNode<BitcoinFacts>;
}

/** What nodes said since the call began or something was sent: nothing else changes what they say. */
let heard = new Map<string, Promise<unknown>>();

async function ask(node: number, method: string, args: readonly unknown[]): Promise<unknown> {
  if (method === "broadcast") heard = new Map();
  // Only `snapshot` is asked about something that is no plain value, and that once.
  if (method === "broadcast" || method === "snapshot") return tell(node, method, args);
  const name = `${node} ${method} ${args.join()}`;
  const answer = heard.get(name) ?? tell(node, method, args);
  heard.set(name, answer);
  return answer;
}

// What is only read leaves no trace, so that the process may as well die at the next write.
async function tell(node: number, method: string, args: readonly unknown[]): Promise<unknown> {
  if (method === "broadcast") pass(`before node ${node + 1} is sent`);
  const told = await askWorld({ node, method, args }, method === "broadcast");
  if (method === "broadcast") pass(`after node ${node + 1} was sent`);
  if (told.type === "failure") throw new CustodyError(told.error.code, "network", told.error.message);
  return told.value;
}
