/** An account's facts as several endpoints tell them: what all of them allow. */
import { assert } from "../../core/errors.ts";
import { middleOf } from "../middle.ts";
import type { StellarFacts } from "./node.ts";

/**
 * The least that one of them lets the account give, the highest number that one of them has seen used, the lowest tip; of
 * what is bid the middle, of two the lower, for one endpoint must not set our fee (F15).
 */
export function commonFacts(all: readonly StellarFacts[]): StellarFacts {
  const [first] = all;
  assert(first !== undefined, "facts come from an endpoint");
  const least = (of: (facts: StellarFacts) => bigint) =>
    all.map(of).reduce((low, one) => (one < low ? one : low));
  const most = (of: (facts: StellarFacts) => bigint) => -least((facts) => -of(facts));
  const usual = middleOf(all.flatMap(({ fees }) => fees.usual ?? []));
  return {
    tip: all.map(({ tip }) => tip).reduce((low, tip) => (tip.height < low.height ? tip : low)),
    sequence: most(({ sequence }) => sequence),
    balance: least(({ balance }) => balance),
    tokens: first.tokens.map(({ asset }) => ({
      asset,
      balance: least(({ tokens }) => tokens.find((one) => one.asset === asset)?.balance ?? 0n),
    })),
    reserveUnits: most(({ reserveUnits }) => reserveUnits),
    fees: { least: most(({ fees }) => fees.least), usual },
  };
}
