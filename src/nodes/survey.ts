/**
 * What several nodes say of the chain's best end, compared. Nodes are witnesses: one may lag behind a load balancer, be cut
 * off from the world, run on another network or lie (F11, F28). What enough of them agree on is the ground that everything
 * else is judged from; who does not keep up is set aside by name, and where those that keep up contradict each other,
 * nobody here can tell who is right: whatever lies above the last block that all of them share waits.
 */
import type { ChainNode, ChainTip } from "../chains/adapter.ts";
import { CustodyError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { BreakerState } from "./guard.ts";

/** How far behind the others a node may be and still be listened to. Blocks of one chain reach two nodes within seconds. */
export const LAG_BLOCKS_MAX = 3;
/** How far back a fork is looked for; nothing that is deeper can be waited out. */
const FORK_BLOCKS_MAX = 144;

export type Endpoint<Snapshot> = {
  readonly name: string;
  readonly node: ChainNode<Snapshot>;
  /** Whether it is asked at all just now (`guard.ts`); absent where it always is. */
  readonly breaker?: (() => BreakerState) | undefined;
};

export type Standing = "ok" | "behind" | "apart" | "failing";

/** One node, as the survey found it. */
export type NodeFacts = {
  readonly name: string;
  readonly standing: Standing;
  readonly tip: ChainTip | undefined;
  /** Why it is not listened to, or with whom it disagrees; empty when all is well. */
  readonly reason: string;
  /** Other than closed when it has failed so often that it is left alone for a while. */
  readonly breaker?: BreakerState | undefined;
};

export type Survey<Snapshot> = {
  readonly nodes: readonly NodeFacts[];
  /** Those that answered and keep up. */
  readonly near: readonly (Endpoint<Snapshot> & { readonly tip: ChainTip })[];
  /** The newest block that enough nodes share and that none which keeps up denies; undefined while there is none. */
  readonly agreed: ChainTip | undefined;
  /** Of nodes that gave no answer. */
  readonly troubles: readonly CustodyError[];
};

type Answered<Snapshot> = Endpoint<Snapshot> & { readonly tip: ChainTip };

/**
 * Asks every node for its tip and compares.
 * @param quorum how many must agree
 * @param suspects heights below the tips at which they contradicted each other lately: one that is honest about its tip
 *   alone is not agreed with (F28)
 */
export async function survey<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  quorum: number,
  suspects: readonly number[] = [],
): Promise<Survey<Snapshot>> {
  const heard = await Promise.all(endpoints.map(askTip));
  const answered = heard.filter((one) => "tip" in one);
  const troubles = heard.flatMap((one) => ("trouble" in one ? [one.trouble] : []));
  const heights = answered.map(({ tip }) => tip.height).sort((a, b) => b - a);
  const reach = heights[quorum - 1];
  const floor = (reach ?? heights[0] ?? 0) - LAG_BLOCKS_MAX;
  const near = answered.filter(({ tip }) => tip.height >= floor);
  const agreed = reach === undefined ? undefined : await agreedTip(near, { reach, quorum, suspects });
  const top = heights[0] ?? 0;
  const nodes = heard.map((one): NodeFacts => {
    const { name } = one;
    const breaker = one.breaker?.();
    if ("trouble" in one)
      return {
        name,
        breaker,
        standing: "failing",
        tip: undefined,
        reason: `${one.trouble.code}: ${one.trouble.message}`,
      };
    return {
      name,
      breaker,
      tip: one.tip,
      ...standingOf(one.tip, { top, reach, agreed, enough: answered.length > quorum }),
    };
  });
  return { nodes, near, agreed, troubles };
}

type Heights = {
  /** What the highest claims, and what as many as must agree have. */
  readonly top: number;
  readonly reach: number | undefined;
  readonly agreed: ChainTip | undefined;
  /** Whether there are nodes enough to tell who of two that are apart is the odd one. */
  readonly enough: boolean;
};

function standingOf(
  tip: ChainTip,
  { top, reach, agreed, enough }: Heights,
): Pick<NodeFacts, "standing" | "reason"> {
  const { height } = tip;
  const below = enough && reach !== undefined ? reach - height : top - height;
  if (below > LAG_BLOCKS_MAX) return { standing: "behind", reason: `${below} blocks behind the others` };
  if (reach !== undefined && height - reach > LAG_BLOCKS_MAX)
    return { standing: "apart", reason: `claims ${height - reach} blocks that no other node has` };
  if (reach === undefined || agreed?.height === reach) return { standing: "ok", reason: "" };
  const common = agreed === undefined ? "any block in reach" : `height ${agreed.height}`;
  return {
    standing: "apart",
    reason: `the nodes contradict each other above ${common}; it has ${tip.hash} at ${height}`,
  };
}

async function askTip<Snapshot>(
  endpoint: Endpoint<Snapshot>,
): Promise<Answered<Snapshot> | (Endpoint<Snapshot> & { readonly trouble: CustodyError })> {
  try {
    return { ...endpoint, tip: await endpoint.node.tip() };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { ...endpoint, trouble: error };
  }
}

/** The newest block at `reach` or below that at least `quorum` of `near` have and that none of them denies. */
async function agreedTip<Snapshot>(
  near: readonly Answered<Snapshot>[],
  { reach, quorum, suspects }: { reach: number; quorum: number; suspects: readonly number[] },
): Promise<ChainTip | undefined> {
  const holds = async (height: number) => sharedHash(near, height, quorum);
  // Who is a block or two behind is on the same chain if its own tip is everybody's block at that height.
  const below = [...near.map(({ tip }) => tip.height), ...suspects].filter((height) => height < reach);
  const ends = [...new Set([...below, reach])].sort((a, b) => a - b);
  const hashes = await Promise.all(ends.map(holds));
  const hash = hashes.at(-1);
  if (hash !== undefined && !hashes.includes(undefined)) return dated(near, { height: reach, hash });
  // Below a fork all agree, above it none do: the last common block lies where that changes.
  let denied = ends[hashes.indexOf(undefined)] ?? reach;
  let agrees = Math.max(denied - FORK_BLOCKS_MAX, 0);
  let common = agrees === denied ? undefined : await holds(agrees);
  if (common === undefined) return undefined;
  while (denied - agrees > 1) {
    const middle = Math.floor((agrees + denied) / 2);
    const found = await holds(middle);
    if (found === undefined) denied = middle;
    else [agrees, common] = [middle, found];
  }
  return dated(near, { height: agrees, hash: common });
}

/**
 * With the time of the block itself. Tips above it say nothing of its age: where nodes contradict each other theirs grow,
 * while what is agreed on stands still (F28).
 */
async function dated<Snapshot>(
  near: readonly Answered<Snapshot>[],
  { height, hash }: Pick<ChainTip, "height" | "hash">,
): Promise<ChainTip | undefined> {
  const known = near.find(({ tip }) => tip.hash === hash);
  if (known !== undefined) return { height, hash, time: known.tip.time };
  for (const { node } of near) {
    const time: Instant | undefined = await answerOf(node.blockTime(hash));
    if (time !== undefined) return { height, hash, time };
  }
  return undefined;
}

/** The hash that all of `near` which have a block at `height` give for it, and they are at least `quorum`. */
export async function sharedHash<Snapshot>(
  near: readonly Answered<Snapshot>[],
  height: number,
  quorum: number,
): Promise<string | undefined> {
  const hashes = await Promise.all(
    near.map(async ({ node, tip }) => (tip.height === height ? tip.hash : answerOf(node.blockHash(height)))),
  );
  const known = hashes.filter((hash) => hash !== undefined);
  return known.length >= quorum && new Set(known).size === 1 ? known[0] : undefined;
}

/** An answer, or undefined where the node gave none. */
export async function answerOf<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
