/** What one process of the watcher knows of a chain's nodes, and of how far it has come with its blocks. */
import type { Carrier, ChainTip } from "../../src/chains/chain-node.ts";
import { seconds, type Instant } from "../../src/core/instant.ts";
import type { Surveyed } from "../../src/nodes/quorum.ts";
import type { NodeFacts } from "../../src/nodes/survey.ts";
import { drawSpan } from "../../src/terminal/span.ts";
import type { Ground } from "../ground.ts";

export type ChainRound = {
  /** The newest block that the nodes agreed on, when they last agreed on one. */
  tip: ChainTip | undefined;
  /** Each node, as it was found after the last pass. */
  nodes: readonly NodeFacts[];
  /** Who pays the fees of wallets that cannot, as it was found after the last pass. */
  carrier: Carrier | undefined;
  /** Since when every pass has stood on doubtful ground, though the nodes may agree whenever they are asked how they do. */
  doubt: { readonly since: Instant; readonly why: string } | undefined;
  /** The last block that was read, where it lies below what is agreed on, and since when no further one was. */
  unread: { readonly since: Instant; readonly height: number } | undefined;
};

/** Blocks that may have come while a pass was under way. */
const UNREAD_BLOCKS_MAX = 3;

/** Doubt ends by itself with the next block, as a rule; after this many seconds it is no accident. */
const DOUBT_SECONDS = 300;

export function beginChain(): ChainRound {
  return { tip: undefined, nodes: [], carrier: undefined, doubt: undefined, unread: undefined };
}

/**
 * A moment in which the nodes agree on nothing changes nothing: what they agreed on grows old by itself (F28).
 * @param ground of the pass before; what the nodes say after it makes it no better
 */
export function noteSurvey(
  round: ChainRound,
  { nodes, agreed, carrier }: Surveyed,
  ground: Pick<Ground, "lowest"> = { lowest: agreed },
): void {
  round.nodes = nodes;
  round.carrier = carrier;
  const { lowest } = ground;
  if (lowest === undefined || agreed === undefined) return;
  round.tip = lowest.height < agreed.height ? lowest : agreed;
}

/** Takes over what a pass stood on; `now` is its end. */
export function noteGround(round: ChainRound, { lowest, withheld }: Ground, now: Instant): void {
  const why =
    withheld !== undefined
      ? `the nodes agree on their tip and not on block ${withheld} below it`
      : lowest === undefined
        ? "the nodes agree on no block while payments are followed"
        : undefined;
  round.doubt = why === undefined ? undefined : { since: round.doubt?.since ?? now, why };
}

/**
 * Takes over how far blocks were read. @param read heights that should be the tip's: of blocks read for our coins, and for
 * deposits with the confirmations that these wait for
 */
export function noteReading(round: ChainRound, read: readonly number[], now: Instant): void {
  const height = Math.min(...read);
  if (round.tip === undefined || height >= round.tip.height - UNREAD_BLOCKS_MAX) round.unread = undefined;
  else if (round.unread?.height !== height) round.unread = { since: now, height };
}

/** What has lasted too long of doubt and of blocks that are not read, in words. */
export function doubts(
  { doubt, unread }: Pick<ChainRound, "doubt" | "unread">,
  now: Instant,
): readonly string[] {
  const lasts = (since: Instant) => seconds(now) - seconds(since) >= DOUBT_SECONDS;
  return [
    ...(doubt !== undefined && lasts(doubt.since) ? [`since ${doubt.since} ${doubt.why}`] : []),
    ...(unread !== undefined && lasts(unread.since)
      ? [`no block above ${unread.height} is read since ${unread.since}, though the nodes have later ones`]
      : []),
  ];
}

/**
 * Whether what the nodes agree on is too old, though passes work: a node that lies holds it up without an error (F28).
 * @param ageMax seconds
 */
export function tipAilments(
  { tip, nodes }: Pick<ChainRound, "tip" | "nodes">,
  now: Instant,
  ageMax: number,
): readonly string[] {
  if (tip === undefined) return nodes.length === 0 ? [] : ["the nodes agree on no block"];
  const age = seconds(now) - seconds(tip.time);
  if (age <= ageMax) return [];
  return [`the newest block that the nodes agree on, ${tip.height}, is ${drawSpan(age)} old`];
}
