/**
 * A transaction that is no attempt of ours has not paid a withdrawal after all: it was another payment, or people had said
 * that it had paid, and a reorganisation has taken it out of the chain since (F3, F9, F10).
 */
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { parseName, type Id, type Name } from "../../core/identifier.ts";
import { rebook, type ForeignPorts } from "../following/foreign.ts";
import type { WithdrawalRow } from "../rows.ts";
import { stepWithdrawal } from "../step.ts";

export const SIGHTING_UNKNOWN = declareError(
  "SIGHTING_UNKNOWN",
  "notFound",
  "No payment of a transaction was matched with a withdrawal, or people have decided already.",
);
export const PAYMENT_IN_CHAIN = declareError(
  "PAYMENT_IN_CHAIN",
  "conflict",
  "The transaction by which people have said that a withdrawal is paid is in the chain still.",
);

type Sighting = { readonly withdrawal: Id; readonly coin: string; readonly transaction: string };
type Settled = {
  /** By which two admins have said so. */
  readonly warrant: Digest;
  readonly withdrawal: Id;
  readonly coin: string;
  readonly transaction: string;
  readonly wallet: Name;
  readonly units: bigint;
};

export type UnpaidPorts<Tx> = Pick<
  ForeignPorts<Tx>,
  "post" | "moveWithdrawal" | "takenBy" | "bookedLoss" | "feeOf" | "foreignSettlementsOf"
> & {
  findForeignSettlement(tx: Tx, withdrawal: Id): Settled | undefined;
  endForeignSettlement(tx: Tx, settlement: Digest, warrant: Digest): void;
  sightingsOf(tx: Tx, withdrawal: Id): readonly Sighting[];
  insertSighting(tx: Tx, sighting: Sighting): void;
  endSighting(tx: Tx, sighting: Sighting, warrant: Digest): void;
};

/**
 * The coins by which a transaction may have paid a withdrawal, as nobody has decided yet.
 * @throws SIGHTING_UNKNOWN
 */
export function coinsSighted<Tx>(
  ports: Pick<UnpaidPorts<Tx>, "sightingsOf">,
  tx: Tx,
  { id }: Pick<WithdrawalRow, "id">,
  transaction: string,
): readonly string[] {
  const open = ports.sightingsOf(tx, id).filter((sighting) => sighting.transaction === transaction);
  if (open.length > 0) return open.map(({ coin }) => coin).sort();
  throw SIGHTING_UNKNOWN(`no payment of transaction ${transaction} stands against withdrawal ${id}`, {
    field: "--by",
    hint: "custody status   (names what may have been paid)",
  });
}

/**
 * Payments were not this withdrawal's.
 * @param coins those that people have signed for: one that was matched since stands
 * @throws SIGHTING_UNKNOWN
 */
export function dismissSightings<Tx>(
  ports: Pick<UnpaidPorts<Tx>, "sightingsOf" | "endSighting" | "findForeignSettlement">,
  tx: Tx,
  withdrawal: Pick<WithdrawalRow, "id">,
  { transaction, coins, warrant }: { transaction: string; coins: readonly string[]; warrant: Digest },
): void {
  const { id } = withdrawal;
  const open = new Set(coinsSighted(ports, tx, withdrawal, transaction));
  if (ports.findForeignSettlement(tx, id) !== undefined || !coins.every((coin) => open.has(coin))) {
    throw SIGHTING_UNKNOWN(`people have decided already what transaction ${transaction} paid`, {
      field: "warrant.act",
      hint: `custody withdraw show ${id}`,
    });
  }
  for (const coin of coins) ports.endSighting(tx, { withdrawal: id, coin, transaction }, warrant);
}

const GONE = parseName("payment-gone", "code");

/**
 * A withdrawal is COMPLETED by a transaction that no block holds any more: it is not paid, and what was booked is taken back.
 * The payment stands against it like one that was never decided: a later block may hold it again, and then people say so.
 * @param settled by which it is COMPLETED, as people were shown it
 * @throws PAYMENT_IN_CHAIN, SIGHTING_UNKNOWN, STATE_CONFLICT
 */
export function unsettleForeign<Tx>(
  ports: UnpaidPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { settlement, warrant }: { readonly settlement: Digest; readonly warrant: Digest },
): WithdrawalRow {
  const { id, amount, plan } = withdrawal;
  const settled = ports.findForeignSettlement(tx, id);
  if (settled?.warrant !== settlement) {
    throw SIGHTING_UNKNOWN(`withdrawal ${id} is not paid by what the warrant names`, {
      field: "warrant.act",
      hint: `custody withdraw show ${id}`,
    });
  }
  assertGoneFromChain(ports, tx, settled);
  const { transaction, wallet, coin } = settled;
  ports.endForeignSettlement(tx, settlement, warrant);
  ports.insertSighting(tx, { withdrawal: id, coin, transaction });
  const event = { type: "payment left the chain", code: GONE, planned: plan !== undefined } as const;
  const unpaid = stepWithdrawal(ports, tx, withdrawal, event, { wallet, feeUnits: 0n });
  rebook(ports, tx, { transaction, wallet, asset: amount.asset, units: 0n });
  return unpaid;
}

/** @throws PAYMENT_IN_CHAIN */
export function assertGoneFromChain<Tx>(
  ports: Pick<UnpaidPorts<Tx>, "takenBy">,
  tx: Tx,
  { transaction }: Pick<Settled, "transaction">,
): void {
  const [taken] = ports.takenBy(tx, transaction);
  if (taken === undefined) return;
  throw PAYMENT_IN_CHAIN(`a block at height ${taken.height} holds transaction ${transaction}`, {
    field: "--by",
    hint: "custody withdraw show ID   (it is paid)",
  });
}
