/**
 * How fast a plan's fee may rise: a budget and a deadline, as lnd's sweeper has them (lightningnetwork/lnd, sweep/README:
 * budget-based fee bumping). The fee starts where the market is and reaches the most that may be spent before the deadline,
 * not after it (lnd #8741). Our ladder's rungs are signed already, so that asking for the next takes nobody's approval.
 */
import { assert } from "../../core/errors.ts";
import { seconds, type Instant } from "../../core/instant.ts";

export type Pace = {
  /** From the signing of the first rung, for what crosses the gap takes as long as it takes; 0: people alone raise it. */
  readonly minutes: number;
  /** What no rung may cost more than, in base units; undefined where the policy's caps alone hold. */
  readonly budgetUnits: bigint | undefined;
};

/** A signed rung: its fee in base units, and thousandths of a unit per virtual byte. */
export type Rung = { readonly feeUnits: bigint; readonly rateMilli: bigint };

/**
 * The place of the rung that should be on the network: of n rungs each has an n-th of the time, so that the dearest is out
 * for the last. What the mempool asks raises that by one rung at most: an oracle that lies must not empty the budget at
 * once (F15), nor may anything else that is not the fee's fault (lnd #10898).
 * @param ladder the rungs that may be sent, cheapest first
 * @param askedMilli what is expected to be paid for the time that is left; undefined where nobody knows
 */
export function rungDue(
  ladder: readonly Rung[],
  signed: Instant,
  pace: Pace,
  now: Instant,
  askedMilli: bigint | undefined,
): number {
  assert(ladder.length > 0 && pace.minutes > 0, "a plan with a deadline has a rung");
  const last = ladder.length - 1;
  const gone = Math.max(0, seconds(now) - seconds(signed));
  const byTime = Math.min(last, Math.floor((gone * ladder.length) / (pace.minutes * 60)));
  const pays = ladder.findIndex(({ rateMilli }) => askedMilli === undefined || rateMilli >= askedMilli);
  const asked = askedMilli === undefined ? 0 : pays === -1 ? last : pays;
  const { budgetUnits } = pace;
  const affordable = ladder.findLastIndex(
    ({ feeUnits }) => budgetUnits === undefined || feeUnits <= budgetUnits,
  );
  return Math.max(0, Math.min(Math.max(byTime, Math.min(asked, byTime + 1)), affordable));
}

/** Blocks that the time left holds, ten minutes each: at least one. */
export function blocksLeft(signed: Instant, { minutes }: Pace, now: Instant): number {
  const left = minutes * 60 - (seconds(now) - seconds(signed));
  return Math.max(1, Math.floor(left / 600));
}
