/**
 * Coin selection in whole satoshis, without randomness: the same coins and payments give the same selection. Branch
 * and bound looks for coins that need no change; otherwise the largest coins are taken first. Rates are thousandths
 * of a satoshi per virtual byte, so costs are counted in parts of 1/4000 satoshi, in which weight x rate is exact.
 */
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { feeAtRate } from "./fee.ts";
import { classifyScript, dustThreshold, type ScriptKind } from "./script.ts";
import type { BitcoinCoin } from "./snapshot.ts";
import {
  inputWeight,
  outputWeight,
  overheadWeight,
  STANDARD_WEIGHT_MAX,
  transactionWeight,
  virtualSizeOf,
  type InputShape,
} from "./weight.ts";

/** What of a wallet decides sizes. */
export type WalletShape = {
  readonly input: InputShape;
  readonly changeScript: Uint8Array;
  /** Size of a coin's previous transaction in bytes: it travels with the request. */
  readonly parentBytes: (txid: string) => number;
};

export type SelectionTask = WalletShape & {
  readonly coins: readonly BitcoinCoin[];
  /** Coins that must be spent, whatever they cost. */
  readonly required: readonly BitcoinCoin[];
  /** Scripts of the payments. */
  readonly scripts: readonly Uint8Array[];
  /** Satoshis to pay in all. */
  readonly payUnits: bigint;
  readonly feeRateMilli: bigint;
  /** The rate up to which the fee may be raised later: then there is change, and enough of it to bear that. */
  readonly roomRateMilli?: bigint;
};

/** `changeUnits` is 0 when no change output is made; inputs = payments + change + fee. */
export type Selection = {
  readonly coins: readonly BitcoinCoin[];
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

const PARTS = 4000n;
/** Steps of the search; after that the answer is looked for in the simple way. Bitcoin Core takes 100,000. */
const SEARCH_STEPS_MAX = 20_000;

/** A coin with what it adds after paying for its own input, in parts. */
type Candidate = { readonly coin: BitcoinCoin; readonly units: bigint; readonly effective: bigint };

/**
 * Selects coins. Coins that cost more than they bring are passed over, not an error; of coins with the same amount
 * those with smaller previous transactions come first. (Size decides nothing else: a coin more would cost fee.)
 * @throws INSUFFICIENT_COINS with what is missing, TRANSACTION_TOO_HEAVY
 */
export function selectCoins(task: SelectionTask): Selection {
  const required = distinct(task.required).map((coin) => candidateOf(coin, task));
  const taken = new Set(required.map(({ coin }) => outpointOf(coin)));
  const candidates = candidatesOf(task).filter(({ coin }) => !taken.has(outpointOf(coin)));
  const target = targetOf(task) - sumEffective(required);
  const available = sumEffective(candidates);
  if (available < target) throw insufficient(task, [...required, ...candidates], target - available);
  const exact =
    task.roomRateMilli === undefined ? branchAndBound(candidates, target, changeCost(task)) : undefined;
  const chosen = [...required, ...(exact ?? largestFirst(candidates, target))];
  const weight = transactionWeight(chosen.length, task.input, [...task.scripts, task.changeScript]);
  if (chosen.length > LIMITS.transactionInputsMax || weight > STANDARD_WEIGHT_MAX)
    throw tooHeavy(chosen.length, weight);
  return settle(task, chosen, exact === undefined);
}

// Failure F16: change below dust would be refused by every node, so it goes to the fee. What is given away this way
// is less than the dust threshold and the cost of the change output together; policy's caps judge the sum.
function settle(task: SelectionTask, chosen: readonly Candidate[], mayChange: boolean): Selection {
  const coins = chosen.map(({ coin }) => coin);
  const total = chosen.reduce((sum, { units }) => sum + units, 0n);
  const withChange = transactionWeight(coins.length, task.input, [...task.scripts, task.changeScript]);
  const changeUnits = total - task.payUnits - feeAtRate(virtualSizeOf(withChange), task.feeRateMilli);
  if (mayChange && changeUnits >= changeDust(task)) {
    return { coins, feeUnits: total - task.payUnits - changeUnits, changeUnits };
  }
  return { coins, feeUnits: total - task.payUnits, changeUnits: 0n };
}

/** The dust threshold of the wallet's own outputs, in satoshis. */
export function changeDust({ changeScript }: Pick<WalletShape, "changeScript">): bigint {
  return dustThreshold(classifyScript(changeScript)?.kind as ScriptKind);
}

/** Dearest first; ties by size of the parent, then by outpoint, so that the order of a node's list does not matter. */
function candidatesOf(task: SelectionTask): Candidate[] {
  return distinct(task.coins)
    .map((coin) => candidateOf(coin, task))
    .filter(({ effective }) => effective > 0n)
    .sort((a, b) => (a.units === b.units ? compareTies(a.coin, b.coin, task) : a.units > b.units ? -1 : 1));
}

function candidateOf(coin: BitcoinCoin, task: SelectionTask): Candidate {
  const units = BigInt(coin.units);
  const rateMilli = task.roomRateMilli ?? task.feeRateMilli;
  return { coin, units, effective: units * PARTS - BigInt(inputWeight(task.input)) * rateMilli };
}

/** Order of coins with the same amount. */
export function compareTies(
  a: BitcoinCoin,
  b: BitcoinCoin,
  { parentBytes }: Pick<WalletShape, "parentBytes">,
): number {
  const bySize = parentBytes(a.txid) - parentBytes(b.txid);
  if (bySize !== 0) return bySize;
  if (a.txid !== b.txid) return a.txid < b.txid ? -1 : 1;
  return a.vout - b.vout;
}

/** By outpoint: a coin that a node lists twice must not be spent twice (attack B10). */
export function distinct(coins: readonly BitcoinCoin[]): readonly BitcoinCoin[] {
  return [...new Map(coins.map((coin) => [outpointOf(coin), coin])).values()];
}

function outpointOf({ txid, vout }: BitcoinCoin): string {
  return `${txid}:${vout}`;
}

function sumEffective(candidates: readonly Candidate[]): bigint {
  return candidates.reduce((total, { effective }) => total + effective, 0n);
}

// Payments and everything but inputs, with the widest input count, and one virtual byte and one satoshi for the
// rounding of size and fee: whatever reaches this target pays at least the rate. With room, change at dust as well.
function targetOf(task: SelectionTask): bigint {
  const { scripts, payUnits, feeRateMilli, roomRateMilli, changeScript } = task;
  const all = roomRateMilli === undefined ? scripts : [...scripts, changeScript];
  const outputs = all.reduce((total, script) => total + outputWeight(script), 0);
  const base = overheadWeight(LIMITS.transactionInputsMax, all.length) + outputs + 4;
  const dust = roomRateMilli === undefined ? 0n : changeDust(task);
  return (payUnits + dust) * PARTS + BigInt(base) * (roomRateMilli ?? feeRateMilli) + PARTS;
}

/** What change would cost: its output now and its input later. Giving away less than that is cheaper than change. */
function changeCost({ changeScript, input, feeRateMilli }: SelectionTask): bigint {
  return BigInt(outputWeight(changeScript) + inputWeight(input)) * feeRateMilli;
}

/**
 * Depth first over "take it or leave it", dearest coins first, for the sum closest above `target` and at most
 * `tolerance` over it (Murch, "An evaluation of coin selection strategies", 2016, §4).
 */
function branchAndBound(
  candidates: readonly Candidate[],
  target: bigint,
  tolerance: bigint,
): readonly Candidate[] | undefined {
  const taken: number[] = [];
  const remaining = suffixSums(candidates);
  let best: { readonly excess: bigint; readonly taken: readonly number[] } | undefined;
  let sum = 0n;
  let next = 0;
  for (let step = 0; step < SEARCH_STEPS_MAX; step++) {
    const excess = sum - target;
    if (excess >= 0n && excess <= tolerance && (best === undefined || excess < best.excess)) {
      best = { excess, taken: [...taken] };
      if (excess === 0n) break;
    }
    if (excess < 0n && next < candidates.length && sum + (remaining[next] as bigint) >= target) {
      taken.push(next);
      sum += (candidates[next] as Candidate).effective;
      next += 1;
      continue;
    }
    // Back to the last coin taken: leave it, and everything after it is open again.
    const last = taken.pop();
    if (last === undefined) break;
    sum -= (candidates[last] as Candidate).effective;
    next = last + 1;
  }
  return best?.taken.map((index) => candidates[index] as Candidate);
}

/** At each index what the coins from there on add together. */
function suffixSums(candidates: readonly Candidate[]): readonly bigint[] {
  const sums: bigint[] = new Array<bigint>(candidates.length);
  let sum = 0n;
  for (let i = candidates.length - 1; i >= 0; i--) sums[i] = sum += (candidates[i] as Candidate).effective;
  return sums;
}

function largestFirst(candidates: readonly Candidate[], target: bigint): readonly Candidate[] {
  // Coins that must be spent may be enough alone.
  if (target <= 0n) return [];
  let sum = 0n;
  const end = candidates.findIndex(({ effective }) => (sum += effective) >= target);
  return candidates.slice(0, end + 1);
}

function insufficient(task: SelectionTask, candidates: readonly Candidate[], missingParts: bigint) {
  const missing = (missingParts + PARTS - 1n) / PARTS;
  const available = candidates.reduce((total, { units }) => total + units, 0n);
  return INSUFFICIENT_COINS(
    `the wallet lacks ${missing} sat: ${candidates.length} usable coins hold ${available} sat, ${task.payUnits} sat and the fee are to be paid`,
    {
      field: "coins",
      hint: "wait for deposits or change to confirm, fund the wallet, or build a smaller batch",
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
