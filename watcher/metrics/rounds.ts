/** What one process of the watcher knows of its own passes. Nothing of it outlives the process. */
import type { ChainId } from "../../src/core/chain.ts";
import { drawSpan } from "../../src/terminal/span.ts";
import { seconds, type Instant } from "../../src/core/instant.ts";
import type { WatcherEvent } from "../log.ts";
import { beginChain, type ChainRound } from "./chain-round.ts";

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
  /** Blocks that the last reorganisation took back. */
  reorganisation: number;
  /** What is known of each chain that is followed. */
  readonly chains: Map<ChainId, ChainRound>;
};

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
    reorganisation: 0,
    chains: new Map(),
  };
}

/** What is known of a chain; nothing yet, where it is followed for the first time. */
export function chainRound({ chains }: Rounds, chain: ChainId): ChainRound {
  const known = chains.get(chain) ?? beginChain();
  chains.set(chain, known);
  return known;
}

/** Takes what the metrics say from what is logged anyway. */
export function noteEvent(rounds: Rounds, { event, depth }: WatcherEvent): void {
  if (event === "blocks reorganised away" && typeof depth === "number") rounds.reorganisation = depth;
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

const PATIENCE_SECONDS_MIN = 60;
