import { formatFeeRate, rateUnitOf } from "../../core/fee-rate.ts";
import { shellWord } from "../../core/shell-word.ts";
import { counted } from "../../core/count.ts";
import { formatAmount, totals, type Amount } from "../../core/amount.ts";
import type { ChainId } from "../../core/chain.ts";
import { nativeAsset, type AssetId, type RateUnit } from "../../core/asset.ts";
import type { ChainSnapshot } from "../../chains/adapter.ts";
import type { Outcome } from "../../terminal/command.ts";
import { crossings, CROSSING_AT, type Crossing } from "../../terminal/crossing.ts";
import { windowFor } from "../../terminal/qr-screen.ts";
import { drawFacts } from "../../terminal/table.ts";
import type { Planned } from "../../withdrawals/planning/build.ts";
import type { Pace } from "../../withdrawals/planning/pace.ts";

export type Answered = {
  readonly planned: Planned;
  readonly snapshot: ChainSnapshot;
  readonly pace: Pace;
  readonly request: Uint8Array;
  /** Of its attempts in the chain's plain form, together. */
  readonly plainBytes: number;
  /** Why the batch was due, where that was asked. */
  readonly due: string | undefined;
  readonly advice: readonly string[];
};

/** What `custody withdraw build` says of new plans, which leave in one request. */
export function answer(
  [first, ...others]: readonly [Answered, ...Answered[]],
  warnings: readonly string[],
): Outcome {
  const all = [first, ...others];
  const plans = all.map(({ planned }) => planned.plan.id);
  const built = new Set(all.flatMap(({ planned }) => planned.withdrawals.map(({ id }) => id)));
  const leftOut = first.planned.leftOut.filter(({ withdrawal }) => !built.has(withdrawal.id));
  return {
    data: {
      ...describe(first),
      leftOut: leftOut.map(({ withdrawal, why }) => ({ id: withdrawal.id, why })),
      ...(others.length === 0 ? {} : { plans, others: others.map(describe) }),
    },
    text: all.map(draw).join("\n"),
    warnings: [...leftOutByReason(leftOut), ...thrownOut(first), ...warnings, ...first.advice],
    next: `custody withdraw export ${plans.map(shellWord).join(" ")} --out request.json`,
  };
}

function describe({ planned, snapshot, pace, request, plainBytes, due }: Answered) {
  const { plan, document, built, withdrawals } = planned;
  const fees = built.rungs.map(({ feeUnits }) => feeUnits);
  return {
    plan: plan.id,
    digest: plan.digest,
    ...(plan.replaces === undefined ? {} : { replaces: plan.replaces }),
    withdrawals: withdrawals.map(({ id }) => id),
    ...(due === undefined ? {} : { due }),
    ...paidIn(withdrawals, document.body.chain),
    feeSource: snapshot.feeSource,
    feeRateMilli: snapshot.feeRateMilli,
    ...(snapshot["feeAnswers"] === undefined ? {} : { feeAnswers: snapshot["feeAnswers"] }),
    ...(pace.minutes === 0 ? {} : { deadlineMinutes: pace.minutes }),
    ...(pace.budgetUnits === undefined ? {} : { feeBudgetUnits: pace.budgetUnits.toString() }),
    feeUnits: fees[0] ?? "0",
    rungs: fees,
    ...(built.cancel === undefined ? {} : { cancelFeeUnits: built.cancel.feeUnits }),
    inputs: document.body.conflictKeys.length,
    requestBytes: request.length,
    psbtBytes: plainBytes,
    crossings: crossings(request),
  };
}

/** What is paid of each asset; of the chain's coin alone as one figure. */
function paidIn(withdrawals: Planned["withdrawals"], chain: ChainId) {
  const sums = sumsOf(withdrawals);
  const coin = sums.find(({ asset }) => asset === nativeAsset(chain));
  if (coin !== undefined && sums.length === 1) return { paidUnits: coin.units.toString() };
  return { paid: sums.map(({ asset, units }) => ({ asset, units: units.toString() })) };
}

function sumsOf(withdrawals: Planned["withdrawals"]): readonly Amount[] {
  return totals(withdrawals.map(({ amount }) => amount));
}

function draw({ planned, snapshot, pace, request, plainBytes, due }: Answered): string {
  const { plan, document, built, withdrawals } = planned;
  const { chain } = document.body;
  const asset = nativeAsset(chain);
  const ways = crossings(request);
  const fees = built.rungs.map(({ feeUnits }) => feeUnits);
  const paid = sumsOf(withdrawals).map(formatAmount).join(" and ");
  return drawFacts([
    ["plan", plan.id],
    ...(plan.replaces === undefined ? [] : [["replaces", plan.replaces] as const]),
    ...(due === undefined ? [] : [["due", due] as const]),
    ["pays", `${counted(withdrawals.length, "withdrawal")}, ${paid}`],
    ...fees.map((fee, index) => [`fee, rung ${index + 1}`, formatAmount({ asset, units: fee })] as const),
    ...(built.cancel === undefined
      ? []
      : [["fee, cancel", formatAmount({ asset, units: built.cancel.feeUnits })] as const]),
    ["rate now", feeRate(snapshot, rateUnitOf(chain))],
    ["fee rises", risesIn(pace, asset)],
    ["inputs", String(document.body.conflictKeys.length)],
    ["request", `${request.length} bytes; plain PSBTs together ${plainBytes} bytes`],
    ...ways.map(drawWay),
    ...(ways.length === 1
      ? [["by QR", "too large to be shown; take the file"] as const]
      : [["by QR at", assumptions()] as const]),
  ]);
}

function thrownOut({ snapshot, planned }: Answered): readonly string[] {
  const unit = rateUnitOf(planned.document.body.chain);
  return feeAnswersIn(snapshot)
    .filter(({ became }) => became === "thrown-out")
    .map(
      ({ source, blocks, rateMilli, verdict }) =>
        `${source} for ${blocks} blocks, ${formatFeeRate(rateMilli, unit)}: ${verdict}`,
    );
}

/** A batch that is full leaves out hundreds for one reason: from four on they are counted, not listed. */
const LISTED_MAX = 3;

function leftOutByReason(leftOut: Planned["leftOut"]): readonly string[] {
  return [...new Set(leftOut.map(({ why }) => why))].flatMap((why) => {
    const some = leftOut.filter((one) => one.why === why);
    return some.length > LISTED_MAX
      ? [`left out ${counted(some.length, "withdrawal")}: ${why}`]
      : some.map(({ withdrawal }) => `left out ${withdrawal.id}: ${why}`);
  });
}

type FeeAnswer = {
  readonly source: string;
  readonly blocks: number;
  readonly rateMilli: string;
  readonly became: string;
  readonly verdict: string;
};

// Where a chain's rate is chosen from several sources, the snapshot says what became of each.
function feeAnswersIn(snapshot: ChainSnapshot): readonly FeeAnswer[] {
  return (snapshot["feeAnswers"] ?? []) as readonly unknown[] as readonly FeeAnswer[];
}

// What the chain asks for now; the rungs' own rates may be given by hand, and stand in the signer's review.
function feeRate({ feeRateMilli, feeSource }: ChainSnapshot, unit: RateUnit): string {
  return `${formatFeeRate(feeRateMilli, unit)} (${feeSource})`;
}

function risesIn({ minutes, budgetUnits }: Pace, asset: AssetId): string {
  const most = budgetUnits === undefined ? "the policy's caps" : formatAmount({ asset, units: budgetUnits });
  return minutes === 0
    ? "when people say so: custody withdraw bump"
    : `by itself, over ${minutes} minutes from the signing, up to ${most}`;
}

function drawWay({ way, frames, minutes }: Crossing): readonly [string, string] {
  if (way === "file") return ["by file", "at once"];
  const name = way === "ur" ? "by QR (UR)" : "by QR (BBQr)";
  return [name, `about ${minutes} min: ${counted(frames, "frame")}`];
}

function assumptions(): string {
  const { framesPerSecond, density, lostPercent } = CROSSING_AT;
  return `density ${density} (${windowFor(density)}), ${framesPerSecond} frames a second, ${lostPercent} % of them missed`;
}
