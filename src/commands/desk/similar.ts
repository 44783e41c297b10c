/** Earlier intents like the one in hand: by this desk's own memory, and by what the online host says. */
import { formatAmount } from "../../core/amount.ts";
import { splitAccount } from "../../core/account.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import type { Earlier } from "../../terminal/reading.ts";
import { seenOf, type Seen } from "./seen.ts";
import type { IntentSubject } from "./subject.ts";

const WEEK_SECONDS = 7 * 86_400;

/** The most that is shown of the memory that warns of nothing, and of all hearsay: neither displaces the other. */
const SHOWN_MAX = 10;

/** Two amounts are nearly the same when they differ by at most this many thousandths of the larger. */
const NEAR_PERMILLE = 10n;

export type Similar = {
  /** What this desk remembers, then what the host says; of each what people are warned of, then the newest first. */
  readonly earlier: readonly Earlier[];
  /** What a person must not overlook among them. */
  readonly warnings: readonly string[];
};

/** An earlier intent with what it may be, if anything: that people are warned of. */
type Found = { readonly earlier: Earlier; readonly warning: string | undefined };

/**
 * Intents of the same customer, to the same destination, or that take the same request's name. A copy of the very intent
 * is none. Whatever this desk remembers and warns of is shown, however much the online host says beside it (F3).
 */
export function similarTo(subject: IntentSubject, seen: readonly Seen[], now: Instant): Similar {
  const one = seenOf(subject, "reviewed", now);
  const since = addSeconds(now, -WEEK_SECONDS);
  // Of what was done with one intent here, the last.
  const others = [...new Map(seen.map((other) => [other.digest, other])).values()];
  const here = others
    .filter((other) => other.digest !== one.digest && isLike(other, one))
    .map((other) => {
      const generation = other.id === one.id ? ", another generation of this intent" : "";
      const what = `${WORDS[other.decision]}${generation}`;
      const why = sameRequest(other, one) ?? (other.at >= since ? samePayment(other, one) : undefined);
      return found("seen here", other, formatAmount(other), what, why);
    });
  const said = subject.similar.map(({ at, units, account, state }) => {
    const other = {
      type: one.type,
      at,
      units,
      asset: one.asset,
      target: account === undefined ? "no destination" : splitAccount(account).address,
    };
    const future = at > now;
    const why = at >= since && !future ? samePayment(other, one) : undefined;
    return found("says the online host", other, formatAmount(other), `${state}${future ? FUTURE : ""}`, why);
  });
  const isDated = ({ earlier }: Found) => earlier.at <= now;
  const told = [
    ...inOrder(here),
    ...[...inOrder(said.filter(isDated)), ...said.filter((each) => !isDated(each))].slice(0, SHOWN_MAX),
  ];
  return {
    earlier: told.map(({ earlier }) => earlier),
    warnings: told.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
  };
}

const FUTURE = ", dated after this desk's clock";

function isLike(other: Seen, one: Seen): boolean {
  if (other.id === one.id || isSame(other.clientKey, one.clientKey)) return true;
  return other.type === one.type && (other.target === one.target || isSame(other.customer, one.customer));
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

// A new generation of an intent is the same promise: another amount under its names is another promise that ends none.
function sameRequest(other: Seen, one: Seen): string | undefined {
  const sameTerms = other.units === one.units && other.asset === one.asset;
  if (other.id === one.id) return sameTerms ? undefined : "the same intent with another amount";
  if (!isSame(other.clientKey, one.clientKey) || other.customer !== one.customer) return undefined;
  return sameTerms
    ? "the same request of the customer under another id"
    : "the same request of the customer with another amount";
}

/** Whoever it is for: a second customer's name on it makes a payment no other payment. */
function samePayment(
  other: Pick<Seen, "type" | "target" | "asset" | "units">,
  one: Seen,
): string | undefined {
  if (other.type !== one.type || other.target !== one.target || other.asset !== one.asset) return undefined;
  if (other.units === one.units) return "the same destination and amount within 7 days";
  const [less, more] = [BigInt(other.units), BigInt(one.units)].sort((a, b) => (a < b ? -1 : 1)) as [
    bigint,
    bigint,
  ];
  return (more - less) * 1000n <= more * NEAR_PERMILLE
    ? "the same destination and nearly the same amount within 7 days"
    : undefined;
}

function found(
  source: Earlier["source"],
  { at, target }: Pick<Seen, "at" | "target">,
  amount: string,
  what: string,
  why: string | undefined,
): Found {
  return {
    earlier: { source, at, amount, to: target, what, twin: why !== undefined },
    warning:
      why === undefined
        ? undefined
        : `${why}: ${amount}, ${what} at ${at} (${source}). Ask whether it is owed twice.`,
  };
}

/** All that people are warned of, and the newest of the rest. */
function inOrder(all: readonly Found[]): readonly Found[] {
  const newest = [...all].sort((a, b) =>
    a.earlier.at < b.earlier.at ? 1 : a.earlier.at > b.earlier.at ? -1 : 0,
  );
  const isWarned = ({ warning }: Found) => warning !== undefined;
  return [...newest.filter(isWarned), ...newest.filter((each) => !isWarned(each)).slice(0, SHOWN_MAX)];
}

const WORDS = {
  reviewed: "reviewed",
  approve: "approved",
  release: "released",
  reject: "rejected",
  clear: "cleared",
  refuse: "refused",
} as const satisfies Record<Seen["decision"], string>;
