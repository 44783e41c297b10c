import type { ChainBlock, FollowedChain } from "../src/chains/chain-node.ts";

/** Blocks that are kept: what a pass reads several times are the newest, and a full one is megabytes. */
const KEPT = 8;

/** The node, with each of its newest blocks fetched once however many steps of a pass read it. */
export function blocksOnce<Node extends FollowedChain>(node: Node): Node {
  const kept = new Map<string, ChainBlock>();
  const block = async (height: number): Promise<ChainBlock | undefined> => {
    const hash = await node.blockHash(height);
    const known = hash === undefined ? undefined : kept.get(hash);
    if (known !== undefined) return known;
    const read = await node.block(height);
    if (read === undefined) return undefined;
    kept.set(read.hash, read);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return read;
  };
  return { ...node, block };
}
