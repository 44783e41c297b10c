/** Coin control: coins that a plan is to spend whatever else it takes, as people name them. */
import type { WalletView } from "../chains/adapter.ts";
import { codecOf } from "../chains/registry.ts";
import { repeatedFlag, type Flags } from "../terminal/command.ts";

export const COIN_OPTION = {
  flags: "--coin <coin...>",
  about: "spend these coins of the wallet, whatever else: TXID:VOUT",
};

/** @throws OUTPOINT_MALFORMED */
export function namedCoins(
  flags: Flags,
  { wallet: { chain }, network }: Pick<WalletView, "network" | "wallet">,
): readonly string[] {
  const codec = codecOf(chain);
  return repeatedFlag(flags, "coin").map((text) => codec.namedKey(text, network));
}
