/**
 * A deposit that was credited is not in the chain: a reorganisation went deeper than the policy waits (F10). It is taken out
 * of the books, and credited again, once, when a block as deep as that holds it again.
 */
import type { Amount } from "../../core/amount.ts";
import type { AssetId } from "../../core/asset.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { Entry, Posting } from "../../core/ledger.ts";
import { postRedeposit, postUndeposit } from "../../core/losses.ts";
import { assert, declareError } from "../../core/errors.ts";
import type { DepositEvent, DepositState } from "../../core/states/deposit.ts";

export const DEPOSIT_IN_CHAIN = declareError(
  "DEPOSIT_IN_CHAIN",
  "conflict",
  "A deposit is not one that has left the chain and that the books have still.",
);

type Deposit = {
  readonly coin: string;
  readonly customer: Id;
  readonly amount: Amount;
  readonly state: DepositState;
  readonly version: number;
};
type Block = { readonly hash: string; readonly height: number };

export type DepositPorts<Tx> = {
  moveDeposit(
    tx: Tx,
    deposit: Pick<Deposit, "coin" | "state" | "version">,
    event: DepositEvent,
    block?: Block,
  ): Deposit;
  availableOf(tx: Tx, customer: Id, asset: AssetId): bigint;
  post(tx: Tx, posting: Posting): void;
  postingsAbout(
    tx: Tx,
    subject: string,
  ): readonly { readonly reason: Posting["reason"]; readonly entries: readonly Entry[] }[];
};

/**
 * No block of the chain holds it any more. Where the customer has all of it still it is taken back at once; else people
 * decide, and nothing is paid to the customer meanwhile (DEPOSIT_UNDECIDED, DEPOSIT_GONE).
 */
export function loseDeposit<Tx>(
  ports: DepositPorts<Tx>,
  tx: Tx,
  deposit: Deposit,
  wallet: Name,
): DepositState {
  const gone = ports.moveDeposit(tx, deposit, "left the chain");
  if (shortOf(ports, tx, gone) > 0n) return gone.state;
  return takeBack(ports, tx, gone, wallet).state;
}

/** What of a deposit the customer has spent, in base units. */
export function shortOf<Tx>(
  ports: Pick<DepositPorts<Tx>, "availableOf">,
  tx: Tx,
  { customer, amount }: Deposit,
): bigint {
  const short = amount.units - ports.availableOf(tx, customer, amount.asset);
  return short > 0n ? short : 0n;
}

/** @throws DEPOSIT_IN_CHAIN */
export function assertGone({ coin, state }: Pick<Deposit, "coin" | "state">): void {
  if (state === "GONE") return;
  throw DEPOSIT_IN_CHAIN(`deposit ${coin} is ${state}`, {
    field: "coin",
    hint: "custody status   (names the deposits that have left the chain)",
  });
}

/** Takes a deposit that is GONE out of the books: what the customer has spent of it is a receivable. @throws STATE_CONFLICT */
export function takeBack<Tx>(ports: DepositPorts<Tx>, tx: Tx, deposit: Deposit, wallet: Name): Deposit {
  const { coin, customer, amount } = deposit;
  const moved = ports.moveDeposit(tx, deposit, "taken back");
  const available = ports.availableOf(tx, customer, amount.asset);
  const booked = { coin, wallet, customer, asset: amount.asset, units: amount.units };
  ports.post(tx, postUndeposit(booked, available));
  return moved;
}

/** A block as deep as the policy asks holds it again. What was taken back is booked again, the receivable first of all. */
export function regainDeposit<Tx>(ports: DepositPorts<Tx>, tx: Tx, deposit: Deposit, block: Block): Deposit {
  const moved = ports.moveDeposit(tx, deposit, "in the chain again", block);
  if (deposit.state !== "UNCREDITED") return moved;
  const last = ports.postingsAbout(tx, deposit.coin).at(-1);
  assert(last?.reason === "undeposit", "what is UNCREDITED was taken back");
  ports.post(tx, postRedeposit({ subject: deposit.coin, entries: last.entries }));
  return moved;
}
