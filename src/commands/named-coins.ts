/** Coin control: coins that a plan is to spend whatever else it takes, as people name them. */
import type { WalletView } from "../chains/adapter.ts";
import { assertNameable } from "../chains/bitcoin/index.ts";
import type { BitcoinSnapshot } from "../chains/bitcoin/snapshot.ts";
import { codecOf } from "../chains/registry.ts";
import { repeatedFlag, type Flags } from "../terminal/command.ts";

/**
 * @param free what the plan may take
 * @throws OUTPOINT_MALFORMED, COIN_MISSING
 */
export function namedCoins(
  flags: Flags,
  { wallet: { chain }, network }: Pick<WalletView, "network" | "wallet">,
  free: BitcoinSnapshot,
): readonly string[] {
  const codec = codecOf(chain);
  const keys = repeatedFlag(flags, "coin").map((text) => codec.namedKey(text, chain));
  assertNameable(keys, free, network);
  return keys;
}
