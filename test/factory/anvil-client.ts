/** Our clients of an anvil, one or several as one; their calls fail soon. */
import type { ChainId } from "../../src/core/chain.ts";
import { evmNode, type EvmNode } from "../../src/nodes/evm/node.ts";
import { evmQuorum, type EvmQuorum } from "../../src/nodes/evm/quorum.ts";
import { openJsonRpc } from "../../src/nodes/json-rpc.ts";
import type { NodeEvent } from "../../src/nodes/send-to-all.ts";

export const ANVIL_CHAIN = "eip155:31337" as ChainId;
const NAMES = ["one", "two", "three", "four"];

export function clientOf({ url }: { readonly url: string }, chain = ANVIL_CHAIN): EvmNode {
  const rpc = openJsonRpc({ url, random: () => 0, attemptsMax: 1, timeoutMs: 5000 });
  return evmNode({ rpc, chain });
}

/** Endpoints as one, by the names "one", "two", "three", "four". */
export function togetherOf(
  nodes: readonly EvmNode[],
  quorum = 2,
): EvmQuorum & { readonly events: readonly NodeEvent[] } {
  const events: NodeEvent[] = [];
  const endpoints = nodes.map((node, place) => ({ name: NAMES[place] ?? "", node }));
  const made = evmQuorum(endpoints, { quorum, observe: (event) => events.push(event) });
  return { ...made, events };
}
