import type { Digest } from "../../../core/digest.ts";
import { shuffled } from "../shuffle.ts";
import { PARTS, type Candidate, type Pool } from "./candidates.ts";

/** Bitcoin Core, CHANGE_LOWER: satoshis of change below which a draw goes on, so that it leaves no crumbs. */
const CHANGE_UNITS_MIN = 50_000n;

/**
 * Single random draw: coins in an order that the seed decides, until they make fair change as well (Bitcoin Core,
 * SelectCoinsSRD). Over many payments it keeps a wallet's coins of all sizes moving, where the largest first leaves dust.
 * @param changeFee parts that the change output costs
 */
export function randomDraw(
  { candidates, target, countMax }: Pool,
  changeFee: bigint,
  seed: Digest,
): readonly Candidate[] | undefined {
  const wanted = target + changeFee + CHANGE_UNITS_MIN * PARTS;
  const drawn: Candidate[] = [];
  let sum = 0n;
  for (const candidate of shuffled(candidates, seed)) {
    if (sum >= wanted) break;
    drawn.push(candidate);
    sum += candidate.effective;
    if (drawn.length <= countMax) continue;
    // Too many for one transaction: the one that brings least goes back.
    const least = drawn.reduce(
      (low, { effective }, i) => (effective < (drawn[low] as Candidate).effective ? i : low),
      0,
    );
    sum -= (drawn.splice(least, 1)[0] as Candidate).effective;
  }
  return sum >= wanted ? drawn : undefined;
}
