/** Where a wallet has an address, within bounds that a person or the journal gives. */
import type { Address } from "../../../src/chains/bitcoin/address.ts";
import type { Branch, WalletKey } from "../../../src/chains/bitcoin/descriptor.ts";
import { findScript, ownLookAlike } from "../../../src/chains/bitcoin/own-address.ts";
import { declareError } from "../../../src/core/errors.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { remember } from "../../journal/memory.ts";
import type { Loaded } from "../../keystore/load.ts";
import type { PinnedWallet } from "../pinned-wallet.ts";

export const ADDRESS_NOT_OURS = declareError(
  "ADDRESS_NOT_OURS",
  "verification",
  "An address was derived from no wallet of the pinned policy, as far as was searched.",
);
export const ADDRESS_IS_CHANGE = declareError(
  "ADDRESS_IS_CHANGE",
  "verification",
  "An address is on a wallet's change branch, which nobody is given to pay to.",
);

/** How far to look: at one index, up to one, or up to what is in use. */
export type Reach = { readonly index?: number | undefined; readonly within?: number | undefined };

export type Place = PinnedWallet & {
  readonly key: WalletKey;
  /** The highest index that the wallet's gap allows; further ones are searched only when a person asks. */
  readonly expected: number;
};

type Search = PinnedWallet & { readonly expected: number; readonly from: number; readonly to: number };

/**
 * The place of `address` in one of `wallets` on `branch`.
 * @throws ADDRESS_NOT_OURS, ADDRESS_IS_CHANGE
 */
export function placeOf(
  address: Address,
  wallets: readonly PinnedWallet[],
  loaded: Loaded,
  branch: Branch,
  reach: Reach,
): Place {
  const { indexes } = remember(loaded.read.journal);
  const searches = wallets.map((pinned): Search => {
    const { name, indexGap } = pinned.wallet;
    // As law 10 and rule G6 OWN_INDEX_AHEAD count: above it a restored wallet would not look (attack B7).
    const expected = Math.min((indexes.get(name)?.any ?? -1) + indexGap, LIMITS.addressIndexMax);
    const from = reach.index ?? 0;
    return { ...pinned, expected, from, to: reach.index ?? reach.within ?? expected };
  });
  for (const search of searches) {
    const key = findScript(search.descriptor, address.script, { ...search, branch });
    if (key !== undefined) return { ...search, key };
  }
  throw elsewhere(address, searches, branch, reach) ?? notOurs(address, searches, branch, reach);
}

/** Ours, but where it was not asked for: somebody who swaps branches or indexes must not be told that all is well. */
function elsewhere(address: Address, searches: readonly Search[], branch: Branch, reach: Reach) {
  if (branch === 1) return undefined;
  for (const search of searches) {
    const change = findScript(search.descriptor, address.script, { ...search, branch: 1 });
    if (change === undefined) continue;
    return ADDRESS_IS_CHANGE(
      `${address.address} is change ${change.index} of wallet ${search.wallet.name}, and no receive address`,
      {
        field: "address",
        hint: `give nobody a change address; a new receive address: custody wallet address ${search.wallet.name}`,
        details: { wallet: search.wallet.name, index: change.index, path: change.path },
      },
    );
  }
  if (reach.index === undefined) return undefined;
  for (const { descriptor, wallet, expected } of searches) {
    const other = findScript(descriptor, address.script, { branch, from: 0, to: expected });
    if (other === undefined) continue;
    return ADDRESS_NOT_OURS(
      `${address.address} is receive ${other.index} of wallet ${wallet.name}, not ${reach.index}`,
      {
        field: "--index",
        hint: `ask the online host why it says ${reach.index}; the address itself: add --index ${other.index}`,
        details: { wallet: wallet.name, index: other.index },
      },
    );
  }
  return undefined;
}

function notOurs(address: Address, searches: readonly Search[], branch: Branch, reach: Reach) {
  const name = branch === 0 ? "receive" : "change";
  const where = searches
    .map(({ wallet, from, to }) => `${wallet.name} ${name} ${from === to ? from : `${from} to ${to}`}`)
    .join(", ");
  for (const { descriptor, wallet, expected } of searches) {
    const like = ownLookAlike(descriptor, address.address, { branch, from: 0, to: expected });
    if (like === undefined) continue;
    return ADDRESS_NOT_OURS(
      `${address.address} is not ours: it only looks like ${name} ${like.index} of wallet ${wallet.name}`,
      {
        field: "address",
        hint: "give this address to nobody: somebody has made it to be mistaken for ours",
        details: { looksLike: like.address, wallet: wallet.name, index: like.index },
      },
    );
  }
  return ADDRESS_NOT_OURS(`${address.address} is none of: ${where}`, {
    field: "address",
    hint:
      reach.index === undefined
        ? `give it to nobody; if the online host says a higher index: custody-signer address verify ${address.address} --index NUMBER`
        : "give this address to nobody, and find out where it came from",
    details: { searched: where },
  });
}
