/** A policy's wallet as this chain reads it: its account, and what the policy says beside it. */
import { isEvmChain, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import type { WalletView } from "../adapter.ts";
import { formatKeyPath } from "../key-path.ts";
import { parseAccountDescriptor, type AccountDescriptor } from "./account-descriptor.ts";
import type { Address } from "./address.ts";
import { isSafe, parseSafeDescriptor, type SafeDescriptor } from "./safe-descriptor.ts";

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

// A plan is read against its wallet several times, and each reading of a descriptor makes its keys' addresses anew. A policy's
// wallets are never changed in place.
const accounts = new WeakMap<PolicyWallet, AccountDescriptor>();
const safes = new WeakMap<PolicyWallet, SafeDescriptor>();

/** The account of a view's wallet. @throws EVM_WALLET_MISMATCH, and the errors of `parseAccountDescriptor` */
export function walletAccount({ wallet }: Pick<WalletView, "wallet">): AccountDescriptor {
  return readOnce(accounts, wallet, parseAccountDescriptor);
}

/** The Safe of a view's wallet. @throws EVM_WALLET_MISMATCH, and the errors of `parseSafeDescriptor` */
export function walletSafe({ wallet }: Pick<WalletView, "wallet">): SafeDescriptor {
  return readOnce(safes, wallet, parseSafeDescriptor);
}

function readOnce<Descriptor>(
  known: WeakMap<PolicyWallet, Descriptor>,
  wallet: PolicyWallet,
  parse: (text: string, chain: ChainId, field: string) => Descriptor,
): Descriptor {
  const earlier = known.get(wallet);
  if (earlier !== undefined) return earlier;
  if (!isEvmChain(wallet.chain))
    throw WALLET_MISMATCH(`wallet ${wallet.name} is on ${wallet.chain}`, { field: "wallet.chain" });
  const read = parse(wallet.descriptor, wallet.chain, "wallet.descriptor");
  known.set(wallet, read);
  return read;
}

/** A wallet's one address, and where its first key stands. @throws as `walletAccount` and `walletSafe` */
export function placeOfWallet(wallet: PolicyWallet): { readonly address: Address; readonly path: string } {
  if (!isSafe(wallet)) {
    const { address, key } = walletAccount({ wallet });
    return { address, path: formatKeyPath(key.path) };
  }
  const { address, keys } = walletSafe({ wallet });
  return { address, path: formatKeyPath(keys[0]?.key.path ?? []) };
}

/** Which wallet of ours has `address` on the view's chain. */
export function ownPlace(
  { wallet: { chain }, own }: Pick<WalletView, "wallet" | "own">,
  address: Address,
): { readonly wallet: PolicyWallet["name"]; readonly path: string } | undefined {
  const found = own.find((wallet) => wallet.chain === chain && placeOfWallet(wallet).address === address);
  return found && { wallet: found.name, path: placeOfWallet(found).path };
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
    const address = isSafe(wallet) ? assertSafe(wallet).address : assertWallet(wallet).address;
    const other = names.get(address);
    if (other !== undefined) {
      throw WALLET_TWICE(`wallets ${other} and ${wallet.name} are both ${address}`, {
        field: "wallet.descriptor",
        hint: "leave one of them out",
      });
    }
    names.set(address, wallet.name);
  }
  assertOwnersApart(wallets);
}

function assertSafe(wallet: PolicyWallet): SafeDescriptor {
  const safe = walletSafe({ wallet });
  const named = wallet.signers.length + wallet.foreign;
  if (wallet.threshold !== safe.threshold || named !== safe.owners.length) {
    throw WALLET_MISDESCRIBED(
      `wallet ${wallet.name} is a Safe of ${safe.threshold} of ${safe.owners.length}, the policy says ${wallet.threshold} of ${named}`,
      { field: "wallet.threshold", hint: "name each owner's signer once, and the Safe's threshold" },
    );
  }
  return safe;
}

// Whoever owns a Safe signs its hashes; as an account's key it would sign transactions as well, and an officer who reads the
// one might confirm the other.
function assertOwnersApart(wallets: readonly PolicyWallet[]): void {
  const accounts = new Map(
    wallets
      .filter((wallet) => !isSafe(wallet))
      .map((wallet) => [walletAccount({ wallet }).address, wallet.name]),
  );
  for (const wallet of wallets.filter(isSafe)) {
    const owner = walletSafe({ wallet }).owners.find((address) => accounts.has(address));
    if (owner === undefined) continue;
    throw WALLET_TWICE(`wallet ${accounts.get(owner)} is an account of an owner of the Safe ${wallet.name}`, {
      field: "wallet.descriptor",
      hint: "give the Safe owners of their own",
    });
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

/** Of a Safe, whose owners and threshold may change. */
export function isSamePlace(before: PolicyWallet, next: PolicyWallet): boolean {
  if (!isSafe(before) || !isSafe(next)) return false;
  const [old, now] = [before, next].map(({ descriptor, chain }) => parseSafeDescriptor(descriptor, chain));
  const kept = ["version", "address", "singleton", "multiSendCallOnly"] as const;
  return kept.every((name) => old?.[name] === now?.[name]);
}
