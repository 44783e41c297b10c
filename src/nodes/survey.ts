/**
 * What several nodes say of the chain's best end, compared. Nodes are witnesses: one may lag behind a load balancer, be cut
 * off from the world, run on another network or lie (F11, F28). What enough of them agree on is the ground that everything
 * else is judged from; who does not keep up is set aside by name, and where those that keep up contradict each other,
 * nobody here can tell who is right: whatever lies above the last block that all of them share waits.
 */
import type { ChainTip } from "../chains/chain-node.ts";
import { declareError, type CustodyError } from "../core/errors.ts";
import { agreedTip, sharedHash } from "./common-block.ts";
import type { Answered, Endpoint } from "./endpoint.ts";
import { gather, type Patience } from "./gather.ts";
import type { BreakerState } from "./guard.ts";
import type { Word, Words } from "./words.ts";

export const NODE_SLOW = declareError(
  "NODE_SLOW",
  "network",
  "A node has not answered some seconds after as many others as must agree.",
);

/** How far behind the others a node may be and still be listened to. Blocks of one chain reach two nodes within seconds. */
export const LAG_BLOCKS_MAX = 3;

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
  readonly near: readonly Answered<Snapshot>[];
  /** The newest block that enough nodes share and that none which keeps up denies; undefined while there is none. */
  readonly agreed: ChainTip | undefined;
  /** Of nodes that gave no answer. */
  readonly troubles: readonly CustodyError[];
};

export type Asking = {
  /** How many must agree. */
  readonly quorum: number;
  /**
   * Heights below the tips at which nodes contradicted each other lately: one that is honest about its tip alone is not
   * agreed with (F28).
   */
  readonly suspects: readonly number[];
  readonly words: Words;
  readonly patience: Patience;
};

/**
 * Asks every node for its tip and compares. Where enough agree, one that is slow is left behind, unless what it said last
 * is not known, or is older than the newest blocks, or contradicts them: then it is waited for like any other. So a slow
 * node has a say in all but the last blocks, and its contradiction, however late, is not lost.
 */
export async function survey<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  asking: Asking,
): Promise<Survey<Snapshot>> {
  const { quorum, words, patience } = asking;
  const owing = new Set(endpoints.map(({ name }) => name).filter((name) => words.owes(name)));
  const asked = endpoints.map((endpoint) => ({ ...endpoint, answer: words.ask(endpoint) }));
  const heard = await gather(asked, (said) => said.filter((word) => "tip" in word).length >= quorum, {
    // Its time was over in an earlier look.
    grace: async (names, signal) =>
      names.every((name) => owing.has(name)) ? undefined : patience.grace(names, signal),
  });
  const prompt = asked.map((one, place) => ({ ...one, word: wordIn(heard[place]) }));
  const late = prompt.filter(({ word }) => word === undefined);
  const seen = await compare(prompt, asking);
  if (late.length === 0 || (await mayGoOn(seen, late, asking))) return seen;
  const all = await Promise.all(asked.map(async (one) => ({ ...one, word: await one.answer })));
  return compare(all, asking);
}

function wordIn(heard: PromiseSettledResult<Word> | undefined): Word | undefined {
  if (heard?.status === "rejected") throw heard.reason;
  return heard?.value;
}

type Heard<Snapshot> = Endpoint<Snapshot> & { readonly word: Word | undefined };

/** Whether nothing that the late ones have said, or may say of blocks but the last few, is against what is agreed on. */
async function mayGoOn<Snapshot>(
  { nodes, near, agreed }: Survey<Snapshot>,
  late: readonly Heard<Snapshot>[],
  { quorum, suspects, words, patience }: Asking,
): Promise<boolean> {
  const isClear = suspects.length === 0 && nodes.every(({ standing }) => standing !== "apart");
  if (agreed === undefined || near.length < quorum || !isClear) return false;
  for (const { name } of late) {
    const word = words.last(name);
    if (word === undefined) return false;
    // Who fails is set aside, however long it takes for it.
    if ("trouble" in word) continue;
    const { height, hash } = word.tip;
    if (height > agreed.height || height < agreed.height - LAG_BLOCKS_MAX) return false;
    if ((await sharedHash(near, height, { quorum, patience })) !== hash) return false;
  }
  return true;
}

async function compare<Snapshot>(
  heard: readonly Heard<Snapshot>[],
  { quorum, suspects, patience }: Asking,
): Promise<Survey<Snapshot>> {
  const answered = heard.flatMap(({ word, ...one }) =>
    word !== undefined && "tip" in word ? [{ ...one, tip: word.tip }] : [],
  );
  const heights = answered.map(({ tip }) => tip.height).sort((a, b) => b - a);
  const reach = heights[quorum - 1];
  const floor = (reach ?? heights[0] ?? 0) - LAG_BLOCKS_MAX;
  const near = answered.filter(({ tip }) => tip.height >= floor);
  const agreed =
    reach === undefined ? undefined : await agreedTip(near, reach, { quorum, suspects, patience });
  const top = heights[0] ?? 0;
  const troubles = heard.flatMap(({ word }) => troubleOf(word) ?? []);
  const nodes = heard.map(({ name, word, ...one }): NodeFacts => {
    const breaker = one.breaker?.();
    const trouble = troubleOf(word);
    if (word === undefined || !("tip" in word))
      return {
        name,
        breaker,
        standing: "failing",
        tip: undefined,
        reason: trouble === undefined ? "" : `${trouble.code}: ${trouble.message}`,
      };
    const { tip } = word;
    return {
      name,
      breaker,
      tip,
      ...standingOf(tip, { top, reach, agreed, enough: answered.length > quorum }),
    };
  });
  return { nodes, near, agreed, troubles };
}

function troubleOf(word: Word | undefined): CustodyError | undefined {
  if (word === undefined) return NODE_SLOW("the node is slower than the others, which agree without it");
  return "trouble" in word ? word.trouble : undefined;
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
