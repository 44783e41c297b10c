/** The newest block that several nodes share, found by asking them for its hash. */
import type { ChainTip } from "../chains/chain-node.ts";
import { CustodyError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Answered } from "./endpoint.ts";
import { answersOf, type Patience } from "./gather.ts";

/** How far back a fork is looked for; nothing that is deeper can be waited out. */
const FORK_BLOCKS_MAX = 144;

/** The newest block at `reach` or below that at least `quorum` of `near` have and that none of them denies. */
export async function agreedTip<Snapshot>(
  near: readonly Answered<Snapshot>[],
  reach: number,
  {
    quorum,
    suspects,
    patience,
  }: Required<Pick<Sharing, "quorum" | "patience">> & {
    readonly suspects: readonly number[];
  },
): Promise<ChainTip | undefined> {
  const all = async (height: number) => sharedHash(near, height, { quorum });
  // Where they contradicted each other lately, none is left behind.
  const holds =
    suspects.length > 0 ? all : (height: number) => sharedHash(near, height, { quorum, patience });
  // Who is a block or two behind is on the same chain if its own tip is everybody's block at that height.
  const below = [...near.map(({ tip }) => tip.height), ...suspects].filter((height) => height < reach);
  const ends = [...new Set([...below, reach])].sort((a, b) => a - b);
  const hashes = await Promise.all(ends.map(holds));
  const hash = hashes.at(-1);
  if (hash !== undefined && !hashes.includes(undefined)) return dated(near, { height: reach, hash });
  // Below a fork all agree, above it none do: the last common block lies where that changes.
  let denied = ends[hashes.indexOf(undefined)] ?? reach;
  let agrees = Math.max(denied - FORK_BLOCKS_MAX, 0);
  let common = agrees === denied ? undefined : await all(agrees);
  if (common === undefined) return undefined;
  while (denied - agrees > 1) {
    const middle = Math.floor((agrees + denied) / 2);
    const found = await all(middle);
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

export type Sharing = {
  readonly quorum: number;
  /** Absent: all are waited for. */
  readonly patience?: Patience;
  /** Told when a node that was left behind names another block. */
  readonly contradicted?: (height: number) => void;
};

/** The hash that all of `near` which have a block at `height` give for it, and they are at least `quorum`. */
export async function sharedHash<Snapshot>(
  near: readonly Answered<Snapshot>[],
  height: number,
  { quorum, patience, contradicted }: Sharing,
): Promise<string | undefined> {
  const asked = near.map(({ name, node, tip }) => ({
    name,
    answer: tip.height === height ? Promise.resolve(tip.hash) : answerOf(node.blockHash(height)),
  }));
  const known = (said: readonly (string | undefined)[]) => said.filter((hash) => hash !== undefined);
  const agree = (said: readonly (string | undefined)[]) => {
    const hashes = known(said);
    return hashes.length >= quorum && new Set(hashes).size === 1;
  };
  const heard =
    patience === undefined
      ? await Promise.all(asked.map(({ answer }) => answer))
      : await answersOf(asked, agree, patience);
  const shared = agree(heard) ? known(heard)[0] : undefined;
  if (shared !== undefined && heard.length < asked.length)
    for (const { answer } of asked)
      void answer.then((hash) => {
        if (hash !== undefined && hash !== shared) contradicted?.(height);
      }, ignored);
  return shared;
}

// Whoever was left behind is asked again; a fault of ours shows then as well.
const ignored = (): void => undefined;

/** An answer, or undefined where the node gave none. */
export async function answerOf<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
