/**
 * The lock time against fee sniping, as Bitcoin Core sets it (wallet/spend.cpp, DiscourageFeeSniping): the payment can be
 * mined in the next block and in none before, so that nobody gains by mining the newest blocks again for its fee. One in
 * ten looks further back, so that what was held back for a while, as anything that crosses the gap is, stands out less.
 */
import { seconds } from "../../core/instant.ts";
import { drawer, seedFor } from "./shuffle.ts";
import type { BitcoinSnapshot } from "./snapshot.ts";

/** Bitcoin Core, MAX_ANTI_FEE_SNIPING_TIP_AGE: with an older tip a height would tell that this node lags. */
const TIP_AGE_SECONDS_MAX = 8 * 3600;
const ONE_IN = 10;
const BLOCKS_BACK = 100;

/** Always a height, at most the tip's: such a transaction can be sent at once (attack B21). */
export function lockTimeOf({ tip, taken, seed }: Pick<BitcoinSnapshot, "tip" | "taken" | "seed">): number {
  if (seconds(taken) - seconds(tip.time) > TIP_AGE_SECONDS_MAX) return 0;
  const draw = drawer(seedFor(seed, "lock-time"));
  return draw(ONE_IN) === 0 ? Math.max(0, tip.height - draw(BLOCKS_BACK)) : tip.height;
}
