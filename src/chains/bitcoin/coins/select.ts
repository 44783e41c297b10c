/**
 * Coin selection in whole satoshis: the same task gives the same selection. Branch and bound looks for coins that need no
 * change; a single random draw and the largest coins first make change; the one with the least waste is taken, as in
 * Bitcoin Core (wallet/spend.cpp, ChooseSelectionResult). Core's knapsack is there for old behaviour alone, and what its
 * CoinGrinder looks for, the least weight, the largest first has already: all inputs of one wallet weigh the same.
 */
import { declareError } from "../../../core/errors.ts";
import { LIMITS } from "../../../core/limits.ts";
import { packageFee } from "../ladder.ts";
import { seedFor } from "../shuffle.ts";
import type { SpentCoin } from "../snapshot.ts";
import {
  inputWeight,
  outputWeight,
  STANDARD_WEIGHT_MAX,
  transactionWeight,
  virtualSizeOf,
} from "../weight.ts";
import { branchAndBound } from "./branch-and-bound.ts";
import {
  candidateOf,
  changeCost,
  changeDust,
  distinct,
  PARTS,
  poolOf,
  sumEffective,
  type Candidate,
  type Pool,
  type SelectionTask,
} from "./candidates.ts";
import { randomDraw } from "./random-draw.ts";

/** `changeUnits` is 0 when no change output is made; inputs = payments + change + fee. */
export type Selection = {
  readonly coins: readonly SpentCoin[];
  readonly feeUnits: bigint;
  readonly changeUnits: bigint;
};

export const INSUFFICIENT_COINS = declareError(
  "INSUFFICIENT_COINS",
  "conflict",
  "The wallet's confirmed and free coins do not cover the payments and their fee.",
);
export const TRANSACTION_TOO_HEAVY = declareError(
  "TRANSACTION_TOO_HEAVY",
  "conflict",
  "The payments need more coins or outputs than one transaction that nodes relay can hold.",
);

/** @throws INSUFFICIENT_COINS with what is missing, TRANSACTION_TOO_HEAVY */
export function selectCoins(task: SelectionTask): Selection {
  const required = distinct(task.required).map((coin) => candidateOf(coin, task));
  const pool = poolOf(task, required);
  const available = sumEffective(pool.candidates);
  if (available < pool.target)
    throw insufficient(task, [...required, ...pool.candidates], pool.target - available);
  const largest = largestFirst(pool);
  const fewest = transactionWeight(required.length + largest.length, task.input, [
    ...task.scripts,
    task.changeScript,
  ]);
  if (required.length + largest.length > LIMITS.transactionInputsMax || fewest > STANDARD_WEIGHT_MAX)
    throw tooHeavy(required.length + largest.length, fewest);
  const found = [
    { chosen: changeless(task, pool), mayChange: false },
    { chosen: largest, mayChange: true },
    { chosen: drawn(task, pool), mayChange: true },
  ].flatMap(({ chosen, mayChange }) =>
    chosen === undefined ? [] : [settle(task, [...required, ...chosen], mayChange)],
  );
  // Of equals the first: coins few and large, for each one's previous transaction has to cross the gap.
  return found.reduce((best, next) => (wasteOf(task, next) < wasteOf(task, best) ? next : best));
}

// What bears a dearer rung is change, so that with room for one there must be some.
function changeless(task: SelectionTask, pool: Pool): readonly Candidate[] | undefined {
  if (task.roomRateMilli !== undefined) return undefined;
  return branchAndBound(pool, changeCost(task), inputWaste(task));
}

function drawn(task: SelectionTask, pool: Pool): readonly Candidate[] | undefined {
  // Coins that must be spent may be enough alone.
  if (pool.target <= 0n) return undefined;
  const changeFee = BigInt(outputWeight(task.changeScript)) * task.feeRateMilli;
  return randomDraw(pool, changeFee, seedFor(task.seed, "selection"));
}

function largestFirst({ candidates, target }: Pool): readonly Candidate[] {
  if (target <= 0n) return [];
  let sum = 0n;
  const end = candidates.findIndex(({ effective }) => (sum += effective) >= target);
  return candidates.slice(0, end + 1);
}

// Failure F16: change below dust would be refused by every node, so it goes to the fee. What is given away this way
// is less than the dust threshold and the cost of the change output together; policy's caps judge the sum.
function settle(task: SelectionTask, chosen: readonly Candidate[], mayChange: boolean): Selection {
  const coins = chosen.map(({ coin }) => coin);
  const total = chosen.reduce((sum, { units }) => sum + units, 0n);
  const withChange = transactionWeight(coins.length, task.input, [...task.scripts, task.changeScript]);
  const feeUnits = packageFee(virtualSizeOf(withChange), task.ancestors, task.feeRateMilli);
  const changeUnits = total - task.payUnits - feeUnits;
  if (mayChange && changeUnits >= changeDust(task)) {
    return { coins, feeUnits: total - task.payUnits - changeUnits, changeUnits };
  }
  return { coins, feeUnits: total - task.payUnits, changeUnits: 0n };
}

/**
 * The waste of a selection in parts (Bitcoin Core, SelectionResult::RecalculateWaste): what its inputs cost now above what
 * they would in the long run, and the cost of change or, without, what is given away.
 */
export function wasteOf(task: SelectionTask, { coins, feeUnits, changeUnits }: Selection): bigint {
  const inputs = BigInt(coins.length) * inputWaste(task);
  if (changeUnits > 0n) return inputs + changeCost(task);
  const size = virtualSizeOf(transactionWeight(coins.length, task.input, task.scripts));
  const least = packageFee(size, task.ancestors, task.feeRateMilli);
  return inputs + (feeUnits - least) * PARTS;
}

function inputWaste({ input, feeRateMilli, longTermRateMilli }: SelectionTask): bigint {
  return BigInt(inputWeight(input)) * (feeRateMilli - longTermRateMilli);
}

function insufficient(task: SelectionTask, candidates: readonly Candidate[], missingParts: bigint) {
  const missing = (missingParts + PARTS - 1n) / PARTS;
  const available = candidates.reduce((total, { units }) => total + units, 0n);
  return INSUFFICIENT_COINS(
    `the wallet lacks ${missing} sat: ${candidates.length} usable coins hold ${available} sat, ${task.payUnits} sat and the fee are to be paid`,
    {
      field: "coins",
      hint: "wait until deposits are as deep as the policy asks and change is in a block, fund the wallet, or build a smaller batch",
      details: {
        missingUnits: missing.toString(),
        availableUnits: available.toString(),
        payUnits: task.payUnits.toString(),
        coins: candidates.length,
      },
    },
  );
}

function tooHeavy(inputs: number, weight: number) {
  return TRANSACTION_TOO_HEAVY(
    `the payments need ${inputs} coins and ${weight} weight units; at most ${LIMITS.transactionInputsMax} coins and ${STANDARD_WEIGHT_MAX} units fit`,
    { field: "coins", hint: "build fewer payments at a time, or consolidate small coins first" },
  );
}
