/** When many small coins should become one: while that costs less than it will (consolidation). */
import type { GatherRule, SmallCoins } from "../adapter.ts";
import type { BitcoinSnapshot } from "./snapshot.ts";
import { matureCoins } from "./snapshot-coins.ts";
import { inputWeight, type InputShape } from "./weight.ts";

/** The wallet's small coins that are worth more than their own input at the snapshot's rate. */
export function smallCoins(
  snapshot: Pick<BitcoinSnapshot, "coins" | "tip" | "feeRateMilli" | "longTermRateMilli">,
  input: InputShape,
  { belowUnits, coins }: GatherRule,
): SmallCoins {
  const rateMilli = BigInt(snapshot.feeRateMilli);
  const worth = BigInt(inputWeight(input)) * rateMilli;
  const small = matureCoins(snapshot)
    .map(({ units }) => BigInt(units))
    .filter((units) => units < belowUnits && units * 4000n > worth);
  const feesAreLow = rateMilli < BigInt(snapshot.longTermRateMilli);
  return {
    count: small.length,
    units: small.reduce((total, units) => total + units, 0n),
    feesAreLow,
    advised: feesAreLow && small.length >= coins,
    longTermRateMilli: snapshot.longTermRateMilli,
  };
}
