/** What one process of the watcher knows of its own passes. Nothing of it outlives the process. */
import type { ChainTip } from "../../src/chains/chain-node.ts";
import { drawSpan } from "../../src/terminal/span.ts";
import { seconds, type Instant } from "../../src/core/instant.ts";
import type { Surveyed } from "../../src/nodes/quorum.ts";
import type { NodeFacts } from "../../src/nodes/survey.ts";
import type { Ground } from "../ground.ts";
import type { WatcherEvent } from "../log.ts";

export type Rounds = {
  readonly started: Instant;
  /** Seconds between passes. */
  readonly interval: number;
  passes: number;
  failures: number;
  /** When the last pass that did its work ended, and how many seconds it took. */
  last: { readonly at: Instant; readonly seconds: number } | undefined;
  /** When the pass began that is under way. */
  underWay: Instant | undefined;
  failingSince: Instant | undefined;
  /** Why the last pass failed. */
  failure: string | undefined;
  /** The newest block that the nodes agreed on, when they last agreed on one. */
  tip: ChainTip | undefined;
  /** Blocks that the last reorganisation took back. */
  reorganisation: number;
  /** Each node, as it was found after the last pass. */
  nodes: readonly NodeFacts[];
  /** Since when every pass has stood on doubtful ground, though the nodes may agree whenever they are asked how they do. */
  doubt: { readonly since: Instant; readonly why: string } | undefined;
  /** The last block that was read, where it lies below what is agreed on, and since when no further one was. */
  unread: { readonly since: Instant; readonly height: number } | undefined;
};

/** Blocks that may have come while a pass was under way. */
const UNREAD_BLOCKS_MAX = 3;

/** Doubt ends by itself with the next block, as a rule; after this many seconds it is no accident. */
const DOUBT_SECONDS = 300;

export function beginRounds(started: Instant, interval: number): Rounds {
  return {
    started,
    interval,
    passes: 0,
    failures: 0,
    last: undefined,
    underWay: undefined,
    failingSince: undefined,
    failure: undefined,
    tip: undefined,
    reorganisation: 0,
    nodes: [],
    doubt: undefined,
    unread: undefined,
  };
}

/** Takes what the metrics say from what is logged anyway. */
export function noteEvent(rounds: Rounds, { event, depth }: WatcherEvent): void {
  if (event === "blocks reorganised away" && typeof depth === "number") rounds.reorganisation = depth;
}

/**
 * A moment in which the nodes agree on nothing changes nothing: what they agreed on grows old by itself (F28).
 * @param ground of the pass before; what the nodes say after it makes it no better
 */
export function noteSurvey(
  rounds: Rounds,
  { nodes, agreed }: Surveyed,
  ground: Pick<Ground, "lowest"> = { lowest: agreed },
): void {
  rounds.nodes = nodes;
  const { lowest } = ground;
  if (lowest === undefined || agreed === undefined) return;
  rounds.tip = lowest.height < agreed.height ? lowest : agreed;
}

/** Takes over what a pass stood on; `now` is its end. */
export function noteGround(rounds: Rounds, { lowest, withheld }: Ground, now: Instant): void {
  const why =
    withheld !== undefined
      ? `the nodes agree on their tip and not on block ${withheld} below it`
      : lowest === undefined
        ? "the nodes agree on no block while payments are followed"
        : undefined;
  rounds.doubt = why === undefined ? undefined : { since: rounds.doubt?.since ?? now, why };
}

/**
 * Takes over how far blocks were read. @param read heights that should be the tip's: of blocks read for our coins, and for
 * deposits with the confirmations that these wait for
 */
export function noteReading(rounds: Rounds, read: readonly number[], now: Instant): void {
  const height = Math.min(...read);
  if (rounds.tip === undefined || height >= rounds.tip.height - UNREAD_BLOCKS_MAX) rounds.unread = undefined;
  else if (rounds.unread?.height !== height) rounds.unread = { since: now, height };
}

/** What has lasted too long of doubt and of blocks that are not read, in words. */
export function doubts({ doubt, unread }: Pick<Rounds, "doubt" | "unread">, now: Instant): readonly string[] {
  const lasts = (since: Instant) => seconds(now) - seconds(since) >= DOUBT_SECONDS;
  return [
    ...(doubt !== undefined && lasts(doubt.since) ? [`since ${doubt.since} ${doubt.why}`] : []),
    ...(unread !== undefined && lasts(unread.since)
      ? [`no block above ${unread.height} is read since ${unread.since}, though the nodes have later ones`]
      : []),
  ];
}

/** Why the watcher is not well; nothing when it is: a pass has done its work within three intervals. */
export function ailments({ last, started, interval, failure }: Rounds, now: Instant): readonly string[] {
  // A pass over much to do may take its time, the first one above all.
  const patience = Math.max(3 * interval, PATIENCE_SECONDS_MIN);
  const since = last?.at ?? started;
  const span = seconds(now) - seconds(since);
  if (span <= patience) return [];
  const what = last === undefined ? "no pass has done its work yet" : "the last pass that did its work ended";
  return [
    `${what}, ${drawSpan(span)} ago`,
    ...(failure === undefined ? [] : [`the last one failed: ${failure}`]),
  ];
}

/**
 * Whether what the nodes agree on is too old, though passes work: a node that lies holds it up without an error (F28).
 * @param ageMax seconds
 */
export function tipAilments(
  { tip, nodes }: Pick<Rounds, "tip" | "nodes">,
  now: Instant,
  ageMax: number,
): readonly string[] {
  if (tip === undefined) return nodes.length === 0 ? [] : ["the nodes agree on no block"];
  const age = seconds(now) - seconds(tip.time);
  if (age <= ageMax) return [];
  return [`the newest block that the nodes agree on, ${tip.height}, is ${drawSpan(age)} old`];
}

const PATIENCE_SECONDS_MIN = 60;
