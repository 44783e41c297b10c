/** A policy's wallet as this chain reads it: its descriptor, on the right network, and what the policy says beside it. */
import type { WalletView } from "../adapter.ts";
import { BITCOIN_CHAINS, type Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import { toHex } from "../../core/hex.ts";
import { deriveKey, parseDescriptor, type Descriptor } from "./descriptor.ts";

export const WALLET_MISMATCH = declareError(
  "WALLET_MISMATCH",
  "denied",
  "A wallet is not on the network that it is used for.",
);
export const WALLET_MISDESCRIBED = declareError(
  "WALLET_MISDESCRIBED",
  "invalid",
  "A wallet's threshold or number of keys in the policy is not that of its descriptor.",
);

export const WALLET_TWICE = declareError(
  "WALLET_TWICE",
  "invalid",
  "Two wallets of a policy are one: they have the same addresses.",
);

/** The descriptor of a view's wallet. @throws WALLET_MISMATCH (attack B19), and the errors of `parseDescriptor` */
export function walletDescriptor({ wallet, network }: Pick<WalletView, "wallet" | "network">): Descriptor {
  if (wallet.chain !== BITCOIN_CHAINS[network]) {
    throw WALLET_MISMATCH(`wallet ${wallet.name} is on ${wallet.chain}, not on bitcoin ${network}`, {
      field: "wallet.chain",
    });
  }
  return parseDescriptor(wallet.descriptor, network, "wallet.descriptor");
}

/**
 * Checks each of a policy's wallets on this chain, and that no two of them are one. Sorted keys give the same scripts in
 * any order, and their origins are words that no script knows: one wallet under two names would escape the halt of either,
 * and could be bound to signers under one name alone.
 * @throws WALLET_TWICE, and as `assertWallet`
 */
export function assertWallets(wallets: readonly PolicyWallet[], network: Network): void {
  const names = new Map<string, string>();
  for (const wallet of wallets) {
    const script = toHex(deriveKey(assertWallet(wallet, network), 0, 0).script);
    const other = names.get(script);
    if (other !== undefined) {
      throw WALLET_TWICE(`wallets ${other} and ${wallet.name} have the same addresses`, {
        field: "wallet.descriptor",
        hint: "leave one of them out; the order of keys and their origins make no other wallet",
      });
    }
    names.set(script, wallet.name);
  }
}

/**
 * Checks that a wallet is what the policy says of it (attack B5: a quorum that is smaller than people believe), in the
 * one spelling that `parseDescriptor` gives. Returns its descriptor.
 * @throws WALLET_MISDESCRIBED, and as `walletDescriptor`
 */
export function assertWallet(wallet: PolicyWallet, network: Network): Descriptor {
  const descriptor = walletDescriptor({ wallet, network });
  const { text, threshold, keys } = descriptor;
  const stated = wallet.signers.length + wallet.foreign;
  if (threshold !== wallet.threshold || keys.length !== stated) {
    throw WALLET_MISDESCRIBED(
      `wallet ${wallet.name} is ${threshold} of ${keys.length} by its descriptor, ${wallet.threshold} of ${stated} by the policy`,
      { field: "wallet.threshold", hint: "give one signer or foreign key for each key of the descriptor" },
    );
  }
  if (text !== wallet.descriptor) {
    throw WALLET_MISDESCRIBED(`wallet ${wallet.name} has a descriptor in another spelling than ours`, {
      field: "wallet.descriptor",
      hint: `write it as ${text}`,
    });
  }
  return descriptor;
}
