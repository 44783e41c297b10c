/** A policy's wallets and tokens, checked by the chains that they are on. */
import { CODECS } from "../../chains/codecs.ts";
import { codecOf } from "../../chains/registry.ts";
import { assetFacts } from "../../core/asset.ts";
import { CHAIN_UNKNOWN } from "../../core/chain.ts";
import { tokensOn } from "../../core/policy/entries.ts";
import type { Policy } from "../../core/policy/policy.ts";

/** @throws CHAIN_UNKNOWN, and what a wallet's or token's chain has against it, such as WALLET_MISDESCRIBED */
export function assertWallets({ wallets, tokens = [] }: Policy): void {
  const stray = wallets.find(({ chain }) => !CODECS.some((codec) => codec.reads(chain)));
  if (stray !== undefined) {
    throw CHAIN_UNKNOWN(`wallet ${stray.name} is on ${stray.chain}, which nothing here can read`, {
      field: `wallets.${stray.name}.chain`,
    });
  }
  for (const chain of new Set(wallets.map((wallet) => wallet.chain))) {
    codecOf(chain).assertWallets(
      wallets.filter((wallet) => wallet.chain === chain),
      chain,
    );
  }
  for (const chain of new Set(tokens.map((token) => assetFacts(token).chain)))
    codecOf(chain).assertTokens(tokensOn({ tokens: [...tokens] }, chain));
}
