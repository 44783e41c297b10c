/** A policy's wallet as this chain reads it: its account, and what the policy says beside it. */
import { EVM_CHAIN_IDS, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import type { WalletView } from "../adapter.ts";
import { parseAccountDescriptor, type AccountDescriptor } from "./account-descriptor.ts";

export const WALLET_MISMATCH = declareError(
  "EVM_WALLET_MISMATCH",
  "denied",
  "A wallet is not on the chain that it is used for.",
);
export const WALLET_MISDESCRIBED = declareError(
  "EVM_WALLET_MISDESCRIBED",
  "invalid",
  "What a policy says of an account is not what its descriptor says.",
);
export const WALLET_TWICE = declareError(
  "EVM_WALLET_TWICE",
  "invalid",
  "Two wallets of a policy are one account on one chain.",
);

/** The account of a view's wallet. @throws EVM_WALLET_MISMATCH, and the errors of `parseAccountDescriptor` */
export function walletAccount({ wallet }: Pick<WalletView, "wallet">): AccountDescriptor {
  if (!EVM_CHAIN_IDS.includes(wallet.chain)) {
    throw WALLET_MISMATCH(`wallet ${wallet.name} is on ${wallet.chain}`, { field: "wallet.chain" });
  }
  return parseAccountDescriptor(wallet.descriptor, wallet.chain, "wallet.descriptor");
}

/**
 * Checks each of a policy's wallets on one chain, and that no two of them are one: an account under two names would have
 * two lanes of nonces, and escape the halt of either.
 * @throws EVM_WALLET_MISDESCRIBED, EVM_WALLET_TWICE, and as `walletAccount`
 */
export function assertWallets(wallets: readonly PolicyWallet[], chain: ChainId): void {
  const names = new Map<string, string>();
  for (const wallet of wallets) {
    if (wallet.chain !== chain)
      throw WALLET_MISMATCH(`wallet ${wallet.name} is on ${wallet.chain}`, { field: "wallet.chain" });
    const { address } = assertWallet(wallet);
    const other = names.get(address);
    if (other !== undefined) {
      throw WALLET_TWICE(`wallets ${other} and ${wallet.name} are both ${address}`, {
        field: "wallet.descriptor",
        hint: "leave one of them out",
      });
    }
    names.set(address, wallet.name);
  }
}

function assertWallet(wallet: PolicyWallet): AccountDescriptor {
  const account = walletAccount({ wallet });
  if (wallet.threshold !== 1 || wallet.signers.length !== 1 || wallet.foreign !== 0) {
    throw WALLET_MISDESCRIBED(
      `wallet ${wallet.name} is an account of one key, the policy says ${wallet.threshold} of ${wallet.signers.length + wallet.foreign}`,
      { field: "wallet.threshold", hint: "name one signer, threshold 1, no foreign keys" },
    );
  }
  if (account.text !== wallet.descriptor) {
    throw WALLET_MISDESCRIBED(`wallet ${wallet.name} has a descriptor in another spelling than ours`, {
      field: "wallet.descriptor",
      hint: `write it as ${account.text}`,
    });
  }
  return account;
}
