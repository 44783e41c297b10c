import type { Candidate, Pool } from "./candidates.ts";

/** Steps of the search; after that the best so far is the answer. Bitcoin Core takes 100,000. */
const STEPS_MAX = 20_000;

/**
 * Coins that need no change, with the least waste: depth first over "take it or leave it", dearest coins first, for sums
 * from the target to `tolerance` above it (Murch, "An evaluation of coin selection strategies", 2016, §4; Bitcoin Core,
 * wallet/coinselection.cpp, SelectCoinsBnB).
 * @param tolerance parts that may be given away
 * @param inputWaste parts that each coin adds to the waste: negative where spending is cheap now
 */
export function branchAndBound(
  { candidates, target, countMax }: Pool,
  tolerance: bigint,
  inputWaste: bigint,
): readonly Candidate[] | undefined {
  const remaining = suffixSums(candidates);
  const taken: number[] = [];
  let best: { readonly waste: bigint; readonly taken: readonly number[] } | undefined;
  let sum = 0n;
  let next = 0;
  for (let step = 0; step < STEPS_MAX; step++) {
    const excess = sum - target;
    const waste = BigInt(taken.length) * inputWaste + (excess > 0n ? excess : 0n);
    if (excess >= 0n && excess <= tolerance && (best === undefined || waste < best.waste))
      best = { waste, taken: [...taken] };
    // Where each coin adds waste, a branch that has as much as the best cannot become better.
    const hopeless = best !== undefined && inputWaste > 0n && waste >= best.waste;
    const reachable = next < candidates.length && sum + (remaining[next] as bigint) >= target;
    if (excess < 0n && reachable && !hopeless && taken.length < countMax) {
      taken.push(next);
      sum += (candidates[next] as Candidate).effective;
      next += 1;
      continue;
    }
    // Back to the last coin taken: leave it, and everything after it is open again; but not its like, which was tried.
    const last = taken.pop();
    if (last === undefined) break;
    const left = (candidates[last] as Candidate).effective;
    sum -= left;
    for (next = last + 1; candidates[next]?.effective === left; ) next += 1;
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
