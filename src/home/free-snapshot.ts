/** What a plan may take: a snapshot without what other plans hold. */
import { adapterOf } from "../chains/registry.ts";
import { allAttempts } from "../chains/attempts.ts";
import type { ChainSnapshot, DecodedAttempt, Taken, WalletView } from "../chains/adapter.ts";
import type { Effect } from "../chains/effect.ts";
import { amount, type Amount } from "../core/amount.ts";
import { nativeAsset, type AssetId } from "../core/asset.ts";
import type { Id } from "../core/identifier.ts";
import { getPlan, leasedKeys, lineOf, unsettledPlans } from "../store/plans.ts";
import type { Reader } from "../store/statement.ts";
import { getWallet } from "../store/wallets.ts";
import { attemptsAsBuilt, planDocumentOf } from "../withdrawals/planning/plan-bytes.ts";
import { readingIn } from "./plan-reading.ts";
import { READS } from "./ports.ts";

/**
 * Read in the transaction that leases what is chosen, so that two plans never take one coin (F3), nor one address of change.
 * @param instead a plan whose coins, and those of its line, may be taken: what is planned replaces or cancels it
 */
export function freeSnapshot(
  reader: Reader,
  snapshot: ChainSnapshot,
  view: WalletView,
  instead: Id | undefined,
): ChainSnapshot {
  const line = instead === undefined ? [] : lineOf(reader, instead).map(({ id }) => id);
  const { builder } = adapterOf(view.wallet.chain);
  return builder.free(snapshot, view, {
    leased: leasedKeys(reader, line),
    held: () => heldBy(reader, view, line),
    changeIndex: getWallet(reader, view.wallet.name).nextChange,
  }) as ChainSnapshot;
}

/** The snapshot as it was taken, for what takes no coin. */
export function wholeSnapshot(reader: Reader, snapshot: ChainSnapshot, view: WalletView): ChainSnapshot {
  const changeIndex = getWallet(reader, view.wallet.name).nextChange;
  const taken: Taken = { leased: new Set(), held: () => [], changeIndex };
  return adapterOf(view.wallet.chain).builder.free(snapshot, view, taken) as ChainSnapshot;
}

function heldBy(reader: Reader, view: WalletView, line: readonly Id[]): ReturnType<Taken["held"]> {
  return unsettledPlans(reader)
    .filter((id) => !line.includes(id))
    .map((id) => getPlan(reader, id))
    .filter(({ wallet }) => wallet === view.wallet.name)
    .map((plan) => {
      const decoded = attemptsAsBuilt(READS, reader, plan, readingIn(view));
      const { conflictKeys } = planDocumentOf(READS, reader, plan).body;
      return { conflictKeys, amounts: dearest(allAttempts(decoded), nativeAsset(view.wallet.chain)) };
    });
}

/** Of each asset the most that one of them takes. */
function dearest(attempts: readonly DecodedAttempt<unknown>[], coin: AssetId): readonly Amount[] {
  const most = new Map<AssetId, bigint>();
  for (const { effects, fee } of attempts) {
    const sums = new Map<AssetId, bigint>([[coin, fee.units]]);
    for (const { asset, units } of effects.flatMap(moved)) sums.set(asset, (sums.get(asset) ?? 0n) + units);
    for (const [asset, units] of sums) if (units > (most.get(asset) ?? -1n)) most.set(asset, units);
  }
  return [...most].map(([asset, units]) => amount(asset, units));
}

const moved = (effect: Effect): readonly Amount[] =>
  effect.type === "pay" || effect.type === "own" ? [{ asset: effect.asset, units: effect.units }] : [];
