/** Earlier intents like the one in hand: by this desk's own memory, and by what the online host says. */
import { splitAccount } from "../../core/account.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import type { Earlier } from "../../terminal/reading.ts";
import { money } from "./reading.ts";
import { seenOf, type Seen } from "./seen.ts";
import type { IntentSubject } from "./subject.ts";

const WEEK_SECONDS = 7 * 86_400;
const SHOWN_MAX = 10;

/**
 * The latest intents of the same customer or to the same destination, the newest first, those that may be the same
 * payment a second time before all others. A copy of the very intent is none.
 */
export function similarTo(subject: IntentSubject, seen: readonly Seen[], now: Instant): readonly Earlier[] {
  const one = seenOf(subject, "reviewed", now);
  const since = addSeconds(now, -WEEK_SECONDS);
  // Of what was done with one intent here, the last.
  const others = [...new Map(seen.map((other) => [other.digest, other])).values()];
  const here = others
    .filter(({ digest, type }) => digest !== one.digest && type === one.type)
    .filter(({ customer, target }) => target === one.target || isSame(customer, one.customer))
    .map((other): Earlier => {
      const generation = other.id === one.id ? ", another generation of this intent" : "";
      return {
        source: "seen here",
        at: other.at,
        amount: money(other.units, other.asset),
        to: other.target,
        what: `${WORDS[other.decision]}${generation}`,
        twin:
          other.at >= since &&
          other.target === one.target &&
          other.customer === one.customer &&
          other.asset === one.asset &&
          other.units === one.units,
      };
    });
  const said = subject.similar.map(({ at, units, account, state }): Earlier => {
    const to = account === undefined ? "no destination" : splitAccount(account).address;
    return {
      source: "says the online host",
      at,
      amount: money(units, one.asset),
      to,
      what: state,
      twin: at >= since && to === one.target && units === one.units,
    };
  });
  const order = (a: Earlier, b: Earlier) =>
    a.twin === b.twin ? (a.at < b.at ? 1 : a.at > b.at ? -1 : 0) : a.twin ? -1 : 1;
  return [...here, ...said].sort(order).slice(0, SHOWN_MAX);
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

const WORDS = {
  reviewed: "reviewed",
  approve: "approved",
  release: "released",
  reject: "rejected",
  clear: "cleared",
  refuse: "refused",
} as const satisfies Record<Seen["decision"], string>;

/** What a person must not overlook among them. */
export function twinWarnings(similar: readonly Earlier[]): readonly string[] {
  return similar
    .filter(({ twin }) => twin)
    .map(
      ({ source, at, amount, what }) =>
        `the same destination and amount within 7 days: ${amount}, ${what} at ${at} (${source}). Ask whether it is owed twice.`,
    );
}
