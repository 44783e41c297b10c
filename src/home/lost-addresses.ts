/**
 * Addresses that were given out in hours which this database has lost (F9). Of receive addresses nobody here knows to whom:
 * they are passed over, so that no second customer gets one, and kept as ours, so that money to them is seen and credited to
 * nobody. Change is found in what blocks show that it was paid with.
 */
import { codecOf } from "../chains/registry.ts";
import type { Name } from "../core/identifier.ts";
import { LIMITS } from "../core/limits.ts";
import { findWallet } from "../core/policy/entries.ts";
import type { Policy, PolicyDocument } from "../core/policy/policy.ts";
import { forgetBlocksAbove, oldestSeen } from "../store/coins.ts";
import type { Reader } from "../store/statement.ts";
import type { Tx } from "../store/transaction.ts";
import { getWallet, insertAddress, listWallets, type Wallet } from "../store/wallets.ts";
import type { ChangeAddress } from "../withdrawals/following/blocks.ts";

type PassedOver = { readonly wallet: Name; readonly from: number; readonly to: number };

/**
 * Passes over receive addresses of every wallet, and has the blocks read again that are kept: a payment to one of them may
 * have been in one. By default one fewer than the wallet's gap: the next address is then as far from the last one that is
 * known as a signer follows (law 10), and no further.
 * @param count how many of each wallet, where people know that it was more; else 0
 * @returns the indices of each wallet, both ends included
 */
export function passOverAddresses(tx: Tx, policy: PolicyDocument, count: number): readonly PassedOver[] {
  const known = listWallets(tx);
  const passed = known.map((wallet) =>
    passOver(tx, wallet, Math.max(gapOf(policy.body, wallet.name) - 1, count, 1)),
  );
  for (const chain of new Set(known.map((wallet) => wallet.chain))) {
    const oldest = oldestSeen(tx, chain);
    if (oldest !== undefined) forgetBlocksAbove(tx, chain, oldest.height);
  }
  return passed.filter(({ from, to }) => from <= to);
}

// A wallet that the policy does not name has given out addresses all the same.
function gapOf(policy: Policy, name: Name): number {
  const widest = Math.max(...policy.wallets.map(({ indexGap }) => indexGap));
  return findWallet(policy, name)?.indexGap ?? widest;
}

/** A wallet's next change addresses, as many as a signer follows beyond what it knows (law 10). */
export function changeAhead(reader: Reader, policy: PolicyDocument, name: Name): readonly ChangeAddress[] {
  const { chain, descriptor, nextChange } = getWallet(reader, name);
  const codec = codecOf(chain);
  if (codec.addresses === "one") return [];
  const own = codec.ownAccounts(descriptor, chain);
  const count = Math.min(gapOf(policy.body, name), LIMITS.addressIndexMax - nextChange + 1);
  return Array.from({ length: count }, (_, i) => {
    const index = nextChange + i;
    return { account: own(1, index).account, index };
  });
}

function passOver(tx: Tx, wallet: Wallet, count: number): PassedOver {
  const codec = codecOf(wallet.chain);
  const from = wallet.nextReceive;
  if (codec.addresses === "one") return { wallet: wallet.name, from, to: from - 1 };
  const own = codec.ownAccounts(wallet.descriptor, wallet.chain);
  const to = Math.min(from + count - 1, LIMITS.addressIndexMax);
  for (let index = from; index <= to; index++) {
    const { account } = own(0, index);
    insertAddress(tx, { account, wallet: wallet.name, branch: 0, index });
  }
  return { wallet: wallet.name, from, to };
}
