/**
 * One fee rate from several sources, none of which is believed (F15: an oracle that lies, or a typing error, has cost
 * whole fortunes). Each answer is counted, counted at the policy's cap, or thrown out, and the snapshot says which. The
 * rule is the median, of an even number the higher of the two in the middle; a pinned table of the operator's counts as
 * one more source, and is the measure of what is absurd. Rates are thousandths of a satoshi per virtual byte.
 */
import type { FeeEstimate } from "../adapter.ts";
import { declareError } from "../../core/errors.ts";
import { SAT_PER_VBYTE } from "../../core/asset.ts";
import { formatFeeRate, milliOf } from "../../core/fee-rate.ts";
import type { BitcoinSnapshot } from "./snapshot.ts";

export const FEE_FLOOR_ABOVE_CAP = declareError(
  "FEE_FLOOR_ABOVE_CAP",
  "denied",
  "The node relays nothing at the highest fee rate that the policy allows.",
);

/** Blocks within which a transaction shall be mined, as nodes are asked: the next, an hour, a day. */
export const FEE_TARGETS = [2, 6, 144] as const;
export type FeeTarget = (typeof FEE_TARGETS)[number];

/** The longest target that minutes hold, ten a block; an hour's, where there is no deadline. */
export function targetWithin(minutes: number | undefined): FeeTarget {
  if (minutes === undefined || minutes === 0) return 6;
  return FEE_TARGETS.findLast((blocks) => blocks * 10 <= minutes) ?? FEE_TARGETS[0];
}

/** An answer so many times above or below the pinned table is no answer. */
const ABSURD_TIMES = 10n;

export type FeeRule = {
  readonly blocks: FeeTarget;
  /** The policy's, in satoshis per virtual byte. */
  readonly rateMax: number;
  /** The operator's own rates by target; none where no table is pinned. */
  readonly pinned: readonly FeeEstimate[];
};

type Judged = FeeEstimate &
  Pick<BitcoinSnapshot["feeAnswers"][number], "became" | "verdict"> & {
    readonly counted: bigint | undefined;
  };

export type ChosenRate = Pick<BitcoinSnapshot, "feeRateMilli" | "feeSource" | "feeAnswers">;

/**
 * The rate for `rule.blocks`: the median of what counts, at least the node's floor for relaying. Where nothing counts it
 * is the floor, and the rungs above it are for the rest.
 * @throws FEE_FLOOR_ABOVE_CAP
 */
export function chooseRate(
  {
    estimates,
    relayRateMilli,
  }: { readonly estimates: readonly FeeEstimate[]; readonly relayRateMilli: string },
  rule: FeeRule,
): ChosenRate {
  const floor = BigInt(relayRateMilli);
  const cap = milliOf(rule.rateMax);
  if (floor > cap) {
    throw FEE_FLOOR_ABOVE_CAP(
      `the node relays from ${formatFeeRate(floor, SAT_PER_VBYTE)}, the policy's cap is ${formatFeeRate(cap, SAT_PER_VBYTE)}`,
      {
        field: "policy.chains.fees.rateMax",
        hint: "wait until the mempool empties, or raise fees.rateMax in a new policy",
      },
    );
  }
  const judged = [...estimates, ...rule.pinned].map((estimate) => judge(estimate, rule, cap));
  const counted = judged.flatMap(({ counted: rate }) => (rate === undefined ? [] : [rate]));
  const median = medianOf(counted);
  const raised = median === undefined || median < floor;
  return {
    feeRateMilli: (raised ? floor : median).toString(),
    feeSource: raised ? "relay floor" : sourceOf(judged, rule),
    feeAnswers: judged.map(({ source, blocks, rateMilli, became, verdict }) => ({
      source,
      blocks,
      rateMilli: rateMilli.toString(),
      became,
      verdict,
    })),
  };
}

function judge(estimate: FeeEstimate, { blocks, pinned }: FeeRule, cap: bigint): Judged {
  const judged = (became: Judged["became"], counted: bigint | undefined, verdict: string): Judged => ({
    ...estimate,
    became,
    counted,
    verdict,
  });
  const out = (why: string) => judged("thrown-out", undefined, `thrown out: ${why}`);
  const { rateMilli } = estimate;
  if (rateMilli <= 0n) return out("not above zero");
  // Nobody would pay that, and to count it at the cap would let one liar set our fee.
  if (rateMilli > cap * ABSURD_TIMES) return out(`more than ${ABSURD_TIMES} times the policy's cap`);
  const measure = pinned.find((rate) => rate.blocks === estimate.blocks)?.rateMilli;
  if (measure !== undefined && rateMilli > measure * ABSURD_TIMES)
    return out(`more than ${ABSURD_TIMES} times the pinned table`);
  if (measure !== undefined && rateMilli * ABSURD_TIMES < measure)
    return out(`less than a ${ABSURD_TIMES}th of the pinned table`);
  if (estimate.blocks !== blocks)
    return judged("not-asked", undefined, `not asked: for ${estimate.blocks} blocks`);
  if (rateMilli > cap) return judged("capped", cap, "counted at the policy's cap");
  return judged("counted", rateMilli, "counted");
}

function medianOf(rates: readonly bigint[]): bigint | undefined {
  const sorted = [...rates].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor(sorted.length / 2)];
}

function sourceOf(judged: readonly Judged[], { blocks }: FeeRule): string {
  const counted = judged.filter(({ counted: rate }) => rate !== undefined);
  const [only] = counted;
  return counted.length === 1 && only !== undefined
    ? `${only.source} for ${blocks} blocks`.slice(0, 64)
    : `median of ${counted.length} for ${blocks} blocks`;
}
