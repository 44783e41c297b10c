/**
 * What a pass stood on, at its worst. A node that contradicts the others while payments are followed, and tells the truth
 * when it is asked how it does, would hold everything up while nobody is told (F28).
 */
import type { ChainTip, FollowedChain } from "../src/chains/chain-node.ts";

export type Ground = {
  /** The lowest block that the nodes agreed on in the course of the pass; undefined where once they agreed on none. */
  readonly lowest: ChainTip | undefined;
  /** The height of a block that they did not give, though they agreed on a later one. */
  readonly withheld: number | undefined;
};

type Agreeing = FollowedChain & { agreed(): Promise<ChainTip | undefined> };

export type Watched<Node> = {
  readonly node: Node;
  /** Called where the nodes did not give a block that they must have. */
  readonly withhold: (height: number) => void;
  /** What was seen so far. */
  readonly ground: () => Ground;
};

/** The nodes, with a memory of what they agreed on whenever they were asked for a tip or a block. */
export function watched<Node extends Agreeing>(nodes: Node): Watched<Node> {
  let lowest: ChainTip | undefined;
  let withheld: number | undefined;
  let isAgreed = true;
  const noted = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    const agreed = await nodes.agreed();
    if (agreed === undefined) isAgreed = false;
    else if (lowest === undefined || agreed.height < lowest.height) lowest = agreed;
    return answer;
  };
  return {
    node: {
      ...nodes,
      tip: () => noted(nodes.tip()),
      blockHash: (height: number) => noted(nodes.blockHash(height)),
      block: (height: number) => noted(nodes.block(height)),
    },
    withhold: (height) => (withheld = height),
    // Where they agree on nothing, they agree on no later block either.
    ground: () => (isAgreed ? { lowest, withheld } : { lowest: undefined, withheld: undefined }),
  };
}
