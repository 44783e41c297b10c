/** What a plan is built from: the nodes' facts, the rate that was chosen, this plan's seed, and our own waiting change. */
import { milliOf } from "../core/fee-rate.ts";
import type { WalletView } from "../chains/adapter.ts";
import { attemptAt, rungOf } from "../chains/attempts.ts";
import {
  bitcoinCodec,
  offeredCoins,
  outpointKey,
  snapshotOf,
  targetWithin,
  waitingChange,
  type WaitingAttempt,
} from "../chains/bitcoin/index.ts";
import type { BitcoinFacts, BitcoinSnapshot } from "../chains/bitcoin/snapshot.ts";
import { parseDigest } from "../core/digest.ts";
import { toHex } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import { rulesFor } from "../core/policy/entries.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { attemptByTransaction, attemptsOf, livePlans } from "../store/attempts.ts";
import { getPlan, leasedKeys } from "../store/plans.ts";
import { assertWaits } from "../treasury/parent.ts";
import { feeCaps } from "../withdrawals/planning/build.ts";
import { attemptsAsBuilt } from "../withdrawals/planning/plan-bytes.ts";
import { withNode } from "./node.ts";
import type { Online } from "./online.ts";
import type { SnapshotWish } from "./chain-snapshot.ts";
import { parsePinnedRates } from "./pinned-rates.ts";
import { READS } from "./ports.ts";
import { countSetting, optionalSetting } from "./settings.ts";
import { trusted } from "./trust.ts";

/**
 * Asks the nodes, and chooses what a plan is built from.
 * @throws QUARANTINED, RECONCILE_FIRST, FEE_FLOOR_ABOVE_CAP, PINNED_RATES_MALFORMED, NODE_…
 */
export async function takeBitcoinSnapshot(
  online: Online,
  policy: PolicyDocument,
  view: WalletView,
  { minutes, parent }: SnapshotWish = {},
): Promise<BitcoinSnapshot> {
  const { io } = online.call;
  const [facts, pending] = await withNode(online.call, policy, async (node) => {
    await trusted(online, policy, node);
    return [await node.snapshot(view), await node.pending()] as const;
  });
  const own = waitingChange(waitingOf(online, view, pending, parent));
  return snapshotOf(deepEnough(online, policy, view, facts), {
    seed: parseDigest(toHex(io.random(32))),
    taken: io.now(),
    fees: {
      blocks: targetWithin(minutes),
      rateMax: feeCaps(policy, view).rateMax,
      pinned: parsePinnedRates(optionalSetting(io, "fees.pinned")),
    },
    longTermRateMilli: milliOf(countSetting(io, "fees.long-term-rate")),
    unconfirmed: own.unconfirmed,
    unconfirmedParents: own.parents,
  });
}

// Of strangers' payments those that customers are credited with, too: what a plan spends must not vanish under it (F10).
// What an attempt of ours pays back stands on coins that were as deep; what a plan holds is at stake already, and is wanted
// by whatever takes its place.
function deepEnough(
  { store }: Online,
  policy: PolicyDocument,
  view: WalletView,
  facts: BitcoinFacts,
): BitcoinFacts {
  const held = leasedKeys(store);
  return offeredCoins(facts, {
    confirmations: rulesFor(policy.body, view.wallet.chain).confirmations,
    early: (coin) =>
      held.has(outpointKey(coin, view.network)) || attemptByTransaction(store, coin.txid) !== undefined,
  });
}

// Attempts of this wallet that a node holds. Which of a plan's competes for the next block is the node's to say; that it
// is ours, and what it pays, is in our own bytes.
function waitingOf(
  { store }: Online,
  view: WalletView,
  pending: ReadonlySet<string>,
  parent: Id | undefined,
): readonly WaitingAttempt[] {
  return livePlans(store).flatMap((id) => {
    const plan = getPlan(store, id);
    if (plan.wallet !== view.wallet.name) return [];
    const attempts = attemptsOf(store, id);
    const held = attempts.filter(({ txid }) => pending.has(txid)).at(-1);
    const waits = held ?? (id === parent ? assertWaits(READS, store, plan) : undefined);
    const sent = attempts.find(({ txid }) => txid === waits?.txid);
    if (sent === undefined) return [];
    const decoded = attemptsAsBuilt(READS, store, plan, { codec: () => bitcoinCodec, view: () => view });
    const attempt = attemptAt(decoded, rungOf(sent));
    return attempt === undefined ? [] : [{ attempt, bytes: sent.bytes }];
  });
}
