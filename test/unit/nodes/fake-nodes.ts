/** Nodes over chains that a test writes: each sees a chain of its own, and lies, lags or keeps silent as it is told. */
import type {
  BroadcastOutcome,
  ChainBlock,
  ChainNode,
  TransactionStatus,
} from "../../../src/chains/chain-node.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { instantOf } from "../../../src/core/instant.ts";
import { nodeQuorum, type NodeEvent, type QuorumOptions } from "../../../src/nodes/quorum.ts";
import { NODE_REFUSED, NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";

export type FakeNode = ChainNode<readonly string[]> & {
  /** Ids in its blocks, from height 0 on. */
  held: string[][];
  mempool: Set<string>;
  sent: Uint8Array[];
  coins: readonly string[];
};

/** The hash of the block of `branch` at `height`: branches part where their names differ. */
export function hashOf(branch: string, height: number): string {
  return `${branch}${height}`.padEnd(64, "0");
}

/** When a block of any branch was made: ten minutes after the one before, in seconds since 1970. */
export const timeAt = (height: number) => START + 600 * height;
const START = 1_763_800_000;

/** A chain of `length` blocks, of which `ids` says what some hold. */
export function blocks(length: number, ids: Readonly<Record<number, readonly string[]>> = {}): string[][] {
  return Array.from({ length }, (_, height) => [...(ids[height] ?? [])]);
}

/** A node that tells the truth about its own chain. Blocks below `fork.at` are of the common branch "a". */
export function fakeNode(
  held: string[][],
  {
    fork,
    changes = {},
  }: {
    readonly fork?: { readonly at: number; readonly branch: string };
    readonly changes?: Partial<FakeNode>;
  } = {},
): FakeNode {
  const hashAt = (height: number) =>
    hashOf(fork !== undefined && height >= fork.at ? fork.branch : "a", height);
  const node: FakeNode = {
    held,
    mempool: new Set(),
    sent: [],
    coins: [],
    chain: BITCOIN_CHAINS.regtest,
    tip: async () => {
      const height = node.held.length - 1;
      return { height, hash: hashAt(height), time: instantOf(timeAt(height)) };
    },
    blockTime: async (hash) => {
      const height = node.held.findIndex((_, at) => hashAt(at) === hash);
      if (height < 0) throw NODE_REFUSED("Block not found");
      return instantOf(timeAt(height));
    },
    blockHash: async (height) => (height < node.held.length ? hashAt(height) : undefined),
    block: async (height): Promise<ChainBlock | undefined> => {
      const ids = node.held[height];
      if (ids === undefined) return undefined;
      const parent = height === 0 ? undefined : hashAt(height - 1);
      return {
        height,
        hash: hashAt(height),
        parent,
        transactions: ids.map((id) => ({ id, bytes: new Uint8Array(), spends: [`coin of ${id}`], pays: [] })),
      };
    },
    pending: async () => node.mempool,
    snapshot: async () => node.coins,
    broadcast: async (bytes): Promise<BroadcastOutcome> => {
      node.sent.push(bytes);
      return { type: "accepted" };
    },
    status: async (id): Promise<TransactionStatus> => {
      const height = node.held.findIndex((ids) => ids.includes(id));
      if (height >= 0)
        return {
          state: "included",
          blockHash: hashAt(height),
          height,
          confirmations: node.held.length - height,
        };
      return { state: node.mempool.has(id) ? "pending" : "unknown" };
    },
    spends: async (id) => (node.held.some((ids) => ids.includes(id)) ? [`coin of ${id}`] : []),
    ...changes,
  };
  return node;
}

/** A node that cannot be reached. */
export function deadNode(): FakeNode {
  const silent = () => Promise.reject(NODE_UNREACHABLE("no answer"));
  return fakeNode(blocks(1), {
    changes: {
      tip: silent,
      blockHash: silent,
      blockTime: silent,
      block: silent,
      pending: silent,
      snapshot: silent,
      status: silent,
      spends: silent,
      broadcast: async () => ({ type: "uncertain", reason: "no answer" }),
    },
  });
}

/** Nodes as one, by the names "one", "two", "three"; coins that all of them list. */
export function together(nodes: readonly FakeNode[], quorum = 2) {
  const events: NodeEvent[] = [];
  const options: QuorumOptions<readonly string[]> = {
    quorum,
    setting: "bitcoind-url",
    meet: (all) => (all[0] ?? []).filter((coin) => all.every((coins) => coins.includes(coin))),
    observe: (event) => events.push(event),
  };
  const names = ["one", "two", "three", "four"];
  const quorumOf = nodeQuorum(
    nodes.map((node, place) => ({ name: names[place] ?? "", node })),
    options,
  );
  return Object.assign(quorumOf, { events });
}
