/**
 * What coins are chosen from, and for: each coin with what it adds after paying for its own input, and the sum to reach.
 * Rates are thousandths of a satoshi per virtual byte, so costs are counted in parts of 1/4000 satoshi, in which
 * weight x rate is exact.
 */
import type { Digest } from "../../../core/digest.ts";
import { LIMITS } from "../../../core/limits.ts";
import type { Ancestors } from "../ladder.ts";
import { outpointText } from "../outpoint.ts";
import { classifyScript, dustThreshold, type ScriptKind } from "../script.ts";
import type { SpentCoin } from "../snapshot.ts";
import {
  inputWeight,
  outputWeight,
  overheadWeight,
  STANDARD_WEIGHT_MAX,
  type InputShape,
} from "../weight.ts";

/** What of a wallet decides sizes. */
export type WalletShape = {
  readonly input: InputShape;
  readonly changeScript: Uint8Array;
  /** Size of a coin's previous transaction in bytes: it travels with the request. */
  readonly parentBytes: (txid: string) => number;
};

export type SelectionTask = WalletShape & {
  readonly coins: readonly SpentCoin[];
  /** Coins that must be spent, whatever they cost. */
  readonly required: readonly SpentCoin[];
  /** Scripts of the payments. */
  readonly scripts: readonly Uint8Array[];
  /** Satoshis to pay in all. */
  readonly payUnits: bigint;
  readonly feeRateMilli: bigint;
  /** What spending a coin is expected to cost some day. */
  readonly longTermRateMilli: bigint;
  /** The rate up to which the fee may be raised later: then there is change, and enough of it to bear that. */
  readonly roomRateMilli?: bigint;
  /** What must be mined with the required coins, and is paid for to the same rate. */
  readonly ancestors: Ancestors;
  /** Decides the random draw. */
  readonly seed: Digest;
};

/** A coin with what it adds after paying for its own input, in parts. */
export type Candidate = { readonly coin: SpentCoin; readonly units: bigint; readonly effective: bigint };

/** The coins to choose from, dearest first, each worth more than its input costs; and what they must reach, in parts. */
export type Pool = {
  readonly candidates: readonly Candidate[];
  readonly target: bigint;
  /** How many of them fit into one transaction that nodes relay. */
  readonly countMax: number;
};

export const PARTS = 4000n;

/**
 * Candidates of a task, without those that must be spent. Coins that cost more than they bring are passed over, not an
 * error; of coins with the same amount those with smaller previous transactions come first, then by outpoint, so that
 * the order of a node's list does not matter.
 */
export function poolOf(task: SelectionTask, required: readonly Candidate[]): Pool {
  const taken = new Set(required.map(({ coin }) => outpointText(coin)));
  const candidates = distinct(task.coins)
    .filter((coin) => !taken.has(outpointText(coin)))
    .map((coin) => candidateOf(coin, task))
    .filter(({ effective }) => effective > 0n)
    .sort((a, b) => (a.units === b.units ? compareTies(a.coin, b.coin, task) : a.units > b.units ? -1 : 1));
  const room = STANDARD_WEIGHT_MAX - baseWeight([...task.scripts, task.changeScript]);
  const fits = Math.floor(room / inputWeight(task.input));
  const countMax = Math.max(0, Math.min(fits, LIMITS.transactionInputsMax) - required.length);
  return { candidates, target: targetOf(task) - sumEffective(required), countMax };
}

export function candidateOf(coin: SpentCoin, task: SelectionTask): Candidate {
  const units = BigInt(coin.units);
  const rateMilli = task.roomRateMilli ?? task.feeRateMilli;
  return { coin, units, effective: units * PARTS - BigInt(inputWeight(task.input)) * rateMilli };
}

export function sumEffective(candidates: readonly Candidate[]): bigint {
  return candidates.reduce((total, { effective }) => total + effective, 0n);
}

/** What change costs, in parts: its output now, its input in the long run. To give away less is cheaper than change. */
export function changeCost({ changeScript, input, feeRateMilli, longTermRateMilli }: SelectionTask): bigint {
  return BigInt(outputWeight(changeScript)) * feeRateMilli + BigInt(inputWeight(input)) * longTermRateMilli;
}

/** The dust threshold of the wallet's own outputs, in satoshis. */
export function changeDust({ changeScript }: Pick<WalletShape, "changeScript">): bigint {
  return dustThreshold(classifyScript(changeScript)?.kind as ScriptKind);
}

/** Order of coins with the same amount. */
export function compareTies(
  a: SpentCoin,
  b: SpentCoin,
  { parentBytes }: Pick<WalletShape, "parentBytes">,
): number {
  const bySize = parentBytes(a.txid) - parentBytes(b.txid);
  if (bySize !== 0) return bySize;
  if (a.txid !== b.txid) return a.txid < b.txid ? -1 : 1;
  return a.vout - b.vout;
}

/** By outpoint: a coin that a node lists twice must not be spent twice (attack B10). */
export function distinct<Coin extends SpentCoin>(coins: readonly Coin[]): readonly Coin[] {
  return [...new Map(coins.map((coin) => [outpointText(coin), coin])).values()];
}

// Payments and everything but inputs, with the widest input count, and one virtual byte and one satoshi for the
// rounding of size and fee: whatever reaches this target pays at least the rate. With room, change at dust as well.
function targetOf(task: SelectionTask): bigint {
  const { scripts, payUnits, feeRateMilli, roomRateMilli, changeScript, ancestors } = task;
  const all = roomRateMilli === undefined ? scripts : [...scripts, changeScript];
  const dust = roomRateMilli === undefined ? 0n : changeDust(task);
  const rateMilli = roomRateMilli ?? feeRateMilli;
  const burden = BigInt(4 * ancestors.virtualSize) * rateMilli - ancestors.feeUnits * PARTS;
  const base = (payUnits + dust) * PARTS + BigInt(baseWeight(all) + 4) * rateMilli + PARTS;
  return burden > 0n ? base + burden : base;
}

function baseWeight(scripts: readonly Uint8Array[]): number {
  const outputs = scripts.reduce((total, script) => total + outputWeight(script), 0);
  return overheadWeight(LIMITS.transactionInputsMax, scripts.length) + outputs;
}
