/** A policy's wallets, checked by the chains that they are on. */
import type { ChainCodec } from "../../chains/adapter.ts";
import { bitcoinCodec } from "../../chains/bitcoin/index.ts";
import { CHAIN_UNKNOWN } from "../../core/chain.ts";
import type { Policy } from "../../core/policy/policy.ts";

const CODECS: readonly Pick<ChainCodec<never>, "chains" | "assertWallet">[] = [bitcoinCodec];

/** @throws CHAIN_UNKNOWN, and what the wallet's chain has against it, such as WALLET_MISDESCRIBED */
export function assertWallets({ wallets, network }: Policy): void {
  for (const wallet of wallets) {
    const codec = CODECS.find(({ chains }) => chains.includes(wallet.chain));
    if (codec === undefined) {
      throw CHAIN_UNKNOWN(`wallet ${wallet.name} is on ${wallet.chain}, which nothing here can read`, {
        field: `wallets.${wallet.name}.chain`,
      });
    }
    codec.assertWallet(wallet, network);
  }
}
