/** What a plan is built from, of whatever chain: the nodes' facts, and what is chosen beside them. */
import type { ChainSnapshot, WalletView } from "../chains/adapter.ts";
import { BITCOIN_CHAINS } from "../core/chain.ts";
import type { Id } from "../core/identifier.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { takeBitcoinSnapshot } from "./bitcoin-snapshot.ts";
import { takeEvmSnapshot } from "./evm-snapshot.ts";
import type { Online } from "./online.ts";

export type SnapshotWish = {
  /** Within which the plan shall be mined, where it has a deadline. */
  readonly minutes?: number | undefined;
  /** A plan whose change is to be spent, even if no node holds its transaction any more: a package carries both. */
  readonly parent?: Id | undefined;
};

/**
 * Asks the nodes of the wallet's chain, which must agree with the ledger, and chooses what a plan is built from.
 * @throws QUARANTINED, RECONCILE_FIRST, TIP_STALE, FEE_FLOOR_ABOVE_CAP, PINNED_RATES_MALFORMED, NODE_…
 */
export async function takeSnapshot(
  online: Online,
  policy: PolicyDocument,
  view: WalletView,
  wish: SnapshotWish = {},
): Promise<ChainSnapshot> {
  if (view.wallet.chain === BITCOIN_CHAINS[view.network])
    return takeBitcoinSnapshot(online, policy, view, wish);
  return takeEvmSnapshot(online, policy, view);
}
