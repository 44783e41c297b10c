/** Whether this database is trusted to let something new out, for whoever looks at the whole. */
import { distrust, type Online } from "../home/online.ts";
import type { AssetId } from "../core/asset.ts";
import { formatAmount } from "../core/amount.ts";
import { goneDeposits } from "../store/deposits.ts";
import { unbookedLosses } from "../store/foreign.ts";
import { openSightings } from "../store/sightings.ts";
import { describeTaken } from "./foreign.ts";
import { openQuarantines } from "../store/quarantine.ts";
import { worstReconciliation } from "../store/reconciliations.ts";

export type Trust = {
  readonly trusted: boolean;
  readonly quarantine: readonly { readonly cause: string; readonly detail: string }[];
  /** Withdrawals that an unknown transaction may have paid: stopped until two admins say what that was. */
  readonly sightings: readonly { readonly withdrawal: string; readonly transaction: string }[];
  /** Coins that somebody else's transaction took and nobody has booked: the books owe more than there is. */
  readonly unbooked: readonly ReturnType<typeof describeTaken>[];
  /** Deposits that the chain does not hold and the books do. */
  readonly gone: readonly { readonly coin: string; readonly asset: AssetId; readonly units: string }[];
  readonly reconciled?: { readonly at: string; readonly verdict: string };
};

export function describeTrust(online: Online): Trust {
  const { store, witness } = online;
  const last = worstReconciliation(store);
  const doubt = witness?.doubt;
  return {
    trusted: distrust(online) === undefined,
    quarantine: [...openQuarantines(store), ...(doubt === undefined ? [] : [doubt])].map(
      ({ cause, detail }) => ({ cause, detail }),
    ),
    sightings: openSightings(store).map(({ withdrawal, transaction }) => ({ withdrawal, transaction })),
    unbooked: unbookedLosses(store).map(describeTaken),
    gone: goneDeposits(store).map(({ coin, amount: { asset, units } }) => ({
      coin,
      asset,
      units: units.toString(),
    })),
    ...(last === undefined ? {} : { reconciled: { at: last.at, verdict: last.verdict } }),
  };
}

export function drawTrust({
  quarantine,
  sightings,
  unbooked,
  gone,
  reconciled,
}: Trust): readonly (readonly [string, string])[] {
  return [
    ...quarantine.map(({ cause, detail }) => ["quarantine", `${cause}: ${detail}`] as const),
    ...(quarantine.length === 0
      ? []
      : [["", "custody db reconcile   (docs/runbooks/database-restored.md)"] as const]),
    ...sightings.map(
      ({ withdrawal, transaction }) =>
        [
          "perhaps paid",
          `withdrawal ${withdrawal} by unknown transaction ${transaction}: stopped   (custody withdraw paid ${withdrawal} --by ${transaction} --out warrant.json, or unpaid)`,
        ] as const,
    ),
    ...unbooked.map(
      ({ transaction, wallet, asset, units }) =>
        [
          "unbooked loss",
          `${formatAmount({ asset, units })} of wallet ${wallet} by ${transaction}   (custody ledger book-loss ${transaction} --wallet ${wallet} --out warrant.json)`,
        ] as const,
    ),
    ...gone.map(
      ({ coin, asset, units }) =>
        [
          "deposit gone",
          `${formatAmount({ asset, units })}, coin ${coin}   (custody deposit uncredit ${coin} --out warrant.json)`,
        ] as const,
    ),
    ...(reconciled === undefined || reconciled.verdict === "even"
      ? []
      : [["books", `differ from the chain since ${reconciled.at}   (custody ledger reconcile)`] as const]),
  ];
}
