/** A policy's wallet as this chain reads it: its account, and what the policy says beside it. */
import { isStellarChain, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import type { WalletFacts, WalletView } from "../adapter.ts";
import { formatKeyPath } from "../key-path.ts";
import type { Address } from "./address.ts";
import { keysNeeded, parseStellarDescriptor, type StellarDescriptor } from "./descriptor.ts";

export const WALLET_MISMATCH = declareError(
  "STELLAR_WALLET_MISMATCH",
  "denied",
  "A wallet is not on the chain that it is used for.",
);
export const WALLET_MISDESCRIBED = declareError(
  "STELLAR_WALLET_MISDESCRIBED",
  "invalid",
  "What a policy says of a Stellar account is not what its descriptor says.",
);
export const WALLET_TWICE = declareError(
  "STELLAR_WALLET_TWICE",
  "invalid",
  "Two wallets of a policy are one account on one network.",
);

// A plan is read against its wallet several times. A policy's wallets are never changed in place.
const accounts = new WeakMap<PolicyWallet, StellarDescriptor>();

/** The account of a view's wallet. @throws STELLAR_WALLET_MISMATCH, and as `parseStellarDescriptor` */
export function walletAccount({ wallet }: Pick<WalletView, "wallet">): StellarDescriptor {
  const known = accounts.get(wallet);
  if (known !== undefined) return known;
  if (!isStellarChain(wallet.chain))
    throw WALLET_MISMATCH(`wallet ${wallet.name} is on ${wallet.chain}`, { field: "wallet.chain" });
  const read = parseStellarDescriptor(wallet.descriptor, wallet.chain, "wallet.descriptor");
  accounts.set(wallet, read);
  return read;
}

/** Where its first key stands. */
export function pathOf({ keys }: StellarDescriptor): string {
  return formatKeyPath(keys[0]?.path ?? []);
}

/** Which wallet of ours has `address` on the view's chain. */
export function ownPlace(
  { wallet: { chain }, own }: Pick<WalletView, "wallet" | "own">,
  address: Address,
): { readonly wallet: PolicyWallet["name"]; readonly path: string } | undefined {
  const found = own.find((wallet) => wallet.chain === chain && walletAccount({ wallet }).address === address);
  return found && { wallet: found.name, path: pathOf(walletAccount({ wallet: found })) };
}

/**
 * Checks each of a policy's wallets on one chain, and that no two of them are one. The policy counts keys where the ledger
 * counts weight: its threshold is the fewest keys that can pay, so that whatever is concluded from it holds for every group
 * that can sign. @throws STELLAR_WALLET_MISDESCRIBED, STELLAR_WALLET_TWICE, and as `walletAccount`
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

function assertWallet(wallet: PolicyWallet): StellarDescriptor {
  const account = walletAccount({ wallet });
  const named = wallet.signers.length + wallet.foreign;
  const least = keysNeeded(account, "medium");
  if (wallet.threshold === least && named === account.keys.length) return account;
  throw WALLET_MISDESCRIBED(
    `wallet ${wallet.name} is paid from by ${least} of ${account.keys.length} keys at least, the policy says ${wallet.threshold} of ${named}`,
    {
      field: "wallet.threshold",
      hint: "name each key's signer once, and the fewest keys that reach the medium threshold",
    },
  );
}

/** Whether two descriptors are of one account, whoever signs for it. */
export function isSamePlace(before: PolicyWallet, next: PolicyWallet): boolean {
  return (
    before.chain === next.chain &&
    walletAccount({ wallet: before }).address === walletAccount({ wallet: next }).address
  );
}

/** An account as people compare it: keys with their weights, and its one address. @throws as `parseStellarDescriptor` */
export function walletFacts(descriptor: string, chain: ChainId): WalletFacts {
  const account = parseStellarDescriptor(descriptor, chain);
  const { address, thresholds, keys } = account;
  const { low, medium, high } = thresholds;
  return {
    quorum: quorumOf(account),
    kind: `account on ${chain}`,
    template: `stellar(…,${low}:${medium}:${high},${keys.map(({ weight }, place) => `@${place}:${weight}`).join(",")})`,
    keys: keys.map((key) => ({
      fingerprint: key.fingerprint,
      path: formatKeyPath(key.path),
      xpub: key.address,
    })),
    receive: [address],
  };
}

/** `2 of 3`, of keys of one weight; else the weights, for a number of keys would say too little. */
export function quorumOf(account: StellarDescriptor): string {
  const { keys, thresholds } = account;
  const alike = keys.every(({ weight }) => weight === keys[0]?.weight);
  if (alike) return `${keysNeeded(account, "medium")} of ${keys.length}`;
  return `weight ${thresholds.medium} of ${keys.map(({ weight }) => weight).join(" + ")}`;
}
