/** Whether a batch is due: by its size, by the age of its oldest payment, or because fees are low now. */
import { type RateUnit } from "../../core/asset.ts";
import { formatFeeRate } from "../../core/fee-rate.ts";
import { declareError } from "../../core/errors.ts";
import { seconds, type Instant } from "../../core/instant.ts";

export const BATCH_NOT_DUE = declareError(
  "BATCH_NOT_DUE",
  "pending",
  "Too few payments wait, none for long, and fees are not low: a later batch costs each of them less.",
);

export type BatchRule = {
  /** Payments with which a batch is due. */
  readonly count: number;
  readonly ageMinutes: number;
  /** At which any batch is due; 0 for never. */
  readonly rateMilli: bigint;
};

export type Waiting = {
  readonly count: number;
  /** Since when each payment has been ready. */
  readonly since: readonly Instant[];
  /** What the cheapest rung would pay, in thousandths of the unit that the chain counts rates in. */
  readonly rateMilli: bigint;
  readonly rateUnit: RateUnit;
};

/** Why a batch is due now. @throws BATCH_NOT_DUE with what it waits for */
export function assertBatchDue(
  { count, since, rateMilli, rateUnit: unit }: Waiting,
  rule: BatchRule,
  now: Instant,
): string {
  const oldest = since.reduce<Instant | undefined>(
    (old, instant) => (old === undefined || instant < old ? instant : old),
    undefined,
  );
  const age = oldest === undefined ? 0 : Math.floor((seconds(now) - seconds(oldest)) / 60);
  if (count >= rule.count) return `${count} payments wait, ${rule.count} make a batch`;
  if (count > 0 && age >= rule.ageMinutes) return `the oldest payment has waited ${age} minutes`;
  if (count > 0 && rateMilli <= rule.rateMilli)
    return `fees are ${formatFeeRate(rateMilli, unit)}, at most ${formatFeeRate(rule.rateMilli, unit)} were asked for`;
  throw BATCH_NOT_DUE(
    count === 0
      ? "no payment is ready"
      : `${count} of ${rule.count} payments wait, the oldest for ${age} of ${rule.ageMinutes} minutes, at ${formatFeeRate(rateMilli, unit)}`,
    {
      field: "--when-due",
      hint: "run it again later, or build without --when-due",
      details: { ready: count, ageMinutes: age, rateMilli: rateMilli.toString() },
    },
  );
}
