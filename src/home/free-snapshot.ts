/** What a plan may take: a snapshot without the coins that other plans hold. */
import type { WalletView } from "../chains/adapter.ts";
import { freeCoins } from "../chains/bitcoin/index.ts";
import type { BitcoinSnapshot } from "../chains/bitcoin/snapshot.ts";
import type { Id } from "../core/identifier.ts";
import { leasedKeys, lineOf } from "../store/plans.ts";
import type { Reader } from "../store/statement.ts";
import { getWallet } from "../store/wallets.ts";

/**
 * Read in the transaction that leases what is chosen, so that two plans never take one coin (F3), nor one address of change.
 * @param instead a plan whose coins, and those of its line, may be taken: what is planned replaces or cancels it
 */
export function freeSnapshot(
  reader: Reader,
  snapshot: BitcoinSnapshot,
  view: WalletView,
  instead: Id | undefined,
): BitcoinSnapshot & { readonly changeIndex: number } {
  const line = instead === undefined ? [] : lineOf(reader, instead).map(({ id }) => id);
  const leased = leasedKeys(reader, line);
  return {
    ...snapshot,
    coins: [...freeCoins(snapshot.coins, leased, view.network)],
    unconfirmed: [...freeCoins(snapshot.unconfirmed, leased, view.network)],
    changeIndex: getWallet(reader, view.wallet.name).nextChange,
  };
}
