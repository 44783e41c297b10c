/** What people are told of the passes themselves: that they fail, or that one does not end. */
import { seconds, type Instant } from "../../src/core/instant.ts";
import type { Condition } from "../../src/store/alerts.ts";

export type PassFacts = {
  readonly now: Instant;
  /** Since when every pass has failed. */
  readonly failing: Instant | undefined;
  /** When the pass began that is under way. */
  readonly underWay?: Instant | undefined;
};

/** Passes and receivers fail now and then; after this many seconds it is no accident. */
const LONG_SECONDS = 300;

export function ofPasses(facts: PassFacts): readonly Condition[] {
  return [...failing(facts), ...endless(facts)];
}

/** Whether what began at `since` has lasted too long to be an accident. */
export function isLong(since: Instant, now: Instant): boolean {
  return seconds(now) - seconds(since) >= LONG_SECONDS;
}

function failing({ failing: since, now }: PassFacts): readonly Condition[] {
  if (since === undefined || !isLong(since, now)) return [];
  return [
    {
      kind: "passes-fail",
      subject: "watcher",
      severity: "error",
      text: `every pass of the watcher fails since ${since}: nothing is sent, followed or credited`,
      next: "custody doctor",
    },
  ];
}

// The first one after a long time reads many blocks: a warning, and over by itself.
function endless({ underWay: since, now }: PassFacts): readonly Condition[] {
  if (since === undefined || !isLong(since, now)) return [];
  return [
    {
      kind: "pass-slow",
      subject: "watcher",
      severity: "warning",
      text: `a pass of the watcher is under way since ${since}: what it has not come to is not sent, followed or credited yet`,
      next: "custody doctor   (docs/runbooks/node-down.md)",
    },
  ];
}
