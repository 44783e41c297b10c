/** Coin control: coins that a plan is to spend whatever else it takes, as people name them. */
import type { ChainSnapshot, WalletView } from "../chains/adapter.ts";
import { adapterOf } from "../chains/registry.ts";
import { repeatedFlag, type Flags } from "../terminal/command.ts";

/**
 * @param free what the plan may take
 * @throws OUTPOINT_MALFORMED, COIN_MISSING
 */
export function namedCoins(flags: Flags, view: WalletView, free: ChainSnapshot): readonly string[] {
  const { chain } = view.wallet;
  const { codec, builder } = adapterOf(chain);
  const keys = repeatedFlag(flags, "coin").map((text) => codec.namedKey(text, chain));
  builder.assertNameable(keys, free, view);
  return keys;
}
