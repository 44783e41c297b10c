/** Whether this database is trusted to let something new out, for whoever looks at the whole. */
import { distrust, type Online } from "../home/online.ts";
import { openSightings } from "../store/coins.ts";
import { openQuarantines } from "../store/quarantine.ts";
import { lastReconciliation } from "../store/reconciliations.ts";

export type Trust = {
  readonly trusted: boolean;
  readonly quarantine: readonly { readonly cause: string; readonly detail: string }[];
  /** Withdrawals that an unknown transaction may have paid: stopped for ever. */
  readonly sightings: readonly { readonly withdrawal: string; readonly transaction: string }[];
  readonly reconciled?: { readonly at: string; readonly verdict: string };
};

export function describeTrust(online: Online): Trust {
  const { store, witness } = online;
  const last = lastReconciliation(store);
  const doubt = witness?.doubt;
  return {
    trusted: distrust(online) === undefined,
    quarantine: [...openQuarantines(store), ...(doubt === undefined ? [] : [doubt])].map(
      ({ cause, detail }) => ({ cause, detail }),
    ),
    sightings: openSightings(store).map(({ withdrawal, transaction }) => ({ withdrawal, transaction })),
    ...(last === undefined ? {} : { reconciled: { at: last.at, verdict: last.verdict } }),
  };
}

export function drawTrust({
  quarantine,
  sightings,
  reconciled,
}: Trust): readonly (readonly [string, string])[] {
  return [
    ...quarantine.map(
      ({ cause, detail }) => ["quarantine", `${cause}: ${detail}   (custody db reconcile)`] as const,
    ),
    ...sightings.map(
      ({ withdrawal, transaction }) =>
        ["perhaps paid", `withdrawal ${withdrawal} by unknown transaction ${transaction}: stopped`] as const,
    ),
    ...(reconciled === undefined || reconciled.verdict === "even"
      ? []
      : [["books", `differ from the chain since ${reconciled.at}   (custody ledger reconcile)`] as const]),
  ];
}
