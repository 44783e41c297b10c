/** Plans that pay only ourselves: coins gathered, brought back, or spent to have their waiting parent mined. */
import type { BuildTask, BuiltPlan } from "../adapter.ts";
import { counted } from "../../core/count.ts";
import { declareError } from "../../core/errors.ts";
import { assemble } from "./assemble.ts";
import { ancestorsOf, changeOutput, ladderTask, type Job } from "./build-job.ts";
import { changeDust, distinct } from "./coins/candidates.ts";
import { INSUFFICIENT_COINS } from "./coins/select.ts";
import { feeLadder, packageFee } from "./ladder.ts";
import { outpointKey } from "./outpoint.ts";
import { COIN_MISSING, coinsBehind, smallestCoins } from "./snapshot-coins.ts";
import type { SpentCoin } from "./snapshot.ts";
import { transactionWeight, virtualSizeOf } from "./weight.ts";

export const CHILD_UNAFFORDABLE = declareError(
  "CHILD_UNAFFORDABLE",
  "conflict",
  "A waiting transaction's change, with the coins allowed, does not bear the fee that would have both mined.",
);

export const COINS_TOO_LARGE = declareError(
  "COINS_TOO_LARGE",
  "usage",
  "The coins that were named hold more than may be brought together.",
);

/** @throws COINS_TOO_FEW, COINS_TOO_LARGE, COIN_MISSING, CHILD_UNAFFORDABLE, INSUFFICIENT_COINS, FEE_… */
export function buildConsolidation(
  job: Job,
  { unitsMax, child }: Extract<BuildTask, { readonly type: "consolidate" }>,
): BuiltPlan {
  if (child !== undefined) return buildReturn(job, childCoins(job, child, unitsMax));
  if (job.anchors.length > 0) return buildReturn(job, namedCoins(job, unitsMax));
  const amounts = { unitsMax, feeRateMilli: job.ratesMilli[0] as bigint };
  return buildReturn(job, smallestCoins(job.mature, job.shape, amounts));
}

// Alone: whoever names a coin wants it gone, and nothing else bound to what becomes of it.
function namedCoins({ anchors }: Job, unitsMax: bigint): readonly SpentCoin[] {
  const total = anchors.reduce((sum, { units }) => sum + BigInt(units), 0n);
  if (total <= unitsMax) return anchors;
  throw COINS_TOO_LARGE(`the named coins hold ${total} sat, ${unitsMax} sat were approved`, {
    field: "unitsMax",
    hint: "custody intent new --type consolidate --wallet NAME --amount AMOUNT   (at least as much)",
  });
}

/** @throws COIN_MISSING, INSUFFICIENT_COINS, FEE_… */
export function buildCancel(job: Job, conflictKeys: readonly string[]): BuiltPlan {
  const outside = job.options.anchors.find((anchor) => !conflictKeys.includes(anchor));
  if (outside !== undefined || conflictKeys.length === 0) {
    throw COIN_MISSING(`a cancel spends exactly the coins that it names, not ${outside ?? "none"}`, {
      field: "conflictKeys",
      hint: "name every coin to be spent",
    });
  }
  return buildReturn(job, coinsBehind(conflictKeys, job.snapshot.coins, job.view.network));
}

/** Coins to ourselves, in one output. */
function buildReturn(job: Job, coins: readonly SpentCoin[]): BuiltPlan {
  const { totalUnits, feeUnits } = returned(job, coins);
  const changeUnits = totalUnits - feeUnits;
  const dust = changeDust(job.shape);
  if (changeUnits < dust) {
    throw INSUFFICIENT_COINS(`${coins.length} coins hold ${totalUnits} sat, the fee is ${feeUnits} sat`, {
      field: "coins",
      hint: "build at a lower rate",
      details: { missingUnits: (dust - changeUnits).toString(), availableUnits: totalUnits.toString() },
    });
  }
  const outputs = [changeOutput(job, changeUnits)];
  const ancestors = ancestorsOf(job, coins);
  const ladder = ladderTask(
    job,
    outputs,
    { coins, feeUnits, changeUnits },
    { paidUnits: undefined, ancestors },
  );
  return assemble(job, coins, outputs, feeLadder(ladder), undefined);
}

function returned(job: Job, coins: readonly SpentCoin[]) {
  const totalUnits = coins.reduce((sum, { units }) => sum + BigInt(units), 0n);
  const weight = transactionWeight(coins.length, job.descriptor, [job.change.script]);
  const rateMilli = job.ratesMilli[0] as bigint;
  return { totalUnits, feeUnits: packageFee(virtualSizeOf(weight), ancestorsOf(job, coins), rateMilli) };
}

// The waiting coin alone where it can bear the fee: it is lost should its parent's competitor be mined, and further coins
// would wait with it. Otherwise the fewest further coins that bear the dearest rate, or as much of it as there is.
function childCoins(job: Job, child: string, unitsMax: bigint): readonly SpentCoin[] {
  const { snapshot, view, mature, shape } = job;
  const chosen: SpentCoin[] = snapshot.unconfirmed.filter(
    (coin) => outpointKey(coin, view.network) === child,
  );
  if (chosen.length === 0) {
    throw COIN_MISSING(`${child} is not change of a waiting transaction of ours`, {
      field: "child",
      hint: "custody status   (it may be in a block by now)",
    });
  }
  const bears = () => {
    const { totalUnits, feeUnits } = returned(job, chosen);
    return totalUnits - feeUnits >= changeDust(shape);
  };
  const further = [...distinct(mature)].sort((a, b) => (BigInt(b.units) > BigInt(a.units) ? 1 : -1));
  for (const coin of further) {
    if (bears()) break;
    const { totalUnits } = returned(job, chosen);
    if (totalUnits + BigInt(coin.units) <= unitsMax) chosen.push(coin);
  }
  const { totalUnits, feeUnits } = returned(job, chosen);
  if (bears() && totalUnits <= unitsMax) return chosen;
  throw CHILD_UNAFFORDABLE(
    totalUnits > unitsMax
      ? `the waiting change is ${totalUnits} sat, more than the ${unitsMax} sat that were approved`
      : `${counted(chosen.length, "coin")} of ${totalUnits} sat cannot bear a fee of ${feeUnits} sat`,
    {
      field: "unitsMax",
      hint:
        totalUnits > unitsMax
          ? "custody intent new --type consolidate --child-of PLAN   (without --amount: all of the change)"
          : "build at lower --rates, or ask for a new one with a larger --amount",
      details: { feeUnits: feeUnits.toString(), availableUnits: totalUnits.toString() },
    },
  );
}
