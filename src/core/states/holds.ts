/**
 * A withdrawal's hold, and what the ledger books when it moves. Each state of a withdrawal has one state of its hold,
 * so that books and queue cannot say different things.
 */
import { assert } from "../errors.ts";
import {
  postRelease,
  postSend,
  postSettle,
  postUnsend,
  postUnsettle,
  type Payment,
  type Posting,
} from "../ledger.ts";
import type { Name } from "../identifier.ts";
import type { WithdrawalState } from "./edges.ts";

/** A hold is released or settled at last, never both (F12, F13). A reorganisation may take a settlement back. */
export type HoldState = "PLACED" | "RELEASED" | "SENT" | "SETTLED";

export const HOLD_EDGES: Readonly<Record<HoldState, readonly HoldState[]>> = Object.freeze({
  PLACED: ["RELEASED", "SENT"],
  RELEASED: [],
  SENT: ["SETTLED", "PLACED"],
  SETTLED: ["SENT"],
});

export const HOLD_OF: Readonly<Record<WithdrawalState, HoldState>> = Object.freeze({
  REQUESTED: "PLACED",
  PENDING_APPROVAL: "PLACED",
  COOLING: "PLACED",
  READY: "PLACED",
  PLANNED: "PLACED",
  EXPORTED: "PLACED",
  SIGNED: "PLACED",
  BROADCASTING: "SENT",
  UNCERTAIN: "SENT",
  BROADCAST: "SENT",
  CONFIRMING: "SENT",
  COMPLETED: "SETTLED",
  EXPIRED: "PLACED",
  REVOKING: "PLACED",
  REJECTED: "RELEASED",
  CANCELLED: "RELEASED",
});

/** Which wallet has paid, and this withdrawal's share of the network fee in base units. */
export type Settlement = { readonly wallet: Name; readonly feeUnits: bigint };

/**
 * What is booked when a withdrawal moves. Nothing where its hold stays as it is.
 * @param settlement of the attempt that settles it, or did; needed where one of the two states is COMPLETED
 */
export function postingsFor(
  payment: Payment,
  from: WithdrawalState,
  to: WithdrawalState,
  settlement: Settlement | undefined,
): readonly Posting[] {
  const [before, after] = [HOLD_OF[from], HOLD_OF[to]];
  if (before === after) return [];
  const booked = BOOKED[`${before} ${after}`];
  assert(booked !== undefined, `a hold never goes from ${before} to ${after}`);
  return booked(payment, settlement);
}

type Booked = (payment: Payment, settlement: Settlement | undefined) => readonly Posting[];

const BOOKED: Partial<Record<`${HoldState} ${HoldState}`, Booked>> = {
  "PLACED RELEASED": (payment) => [postRelease(payment)],
  "PLACED SENT": (payment) => [postSend(payment)],
  "SENT PLACED": (payment) => [postUnsend(payment)],
  "SENT SETTLED": (payment, settlement) => [postSettle(payment, ...paidBy(settlement))],
  "SETTLED SENT": (payment, settlement) => [postUnsettle(payment, ...paidBy(settlement))],
  "SETTLED PLACED": (payment, settlement) => [
    postUnsettle(payment, ...paidBy(settlement)),
    postUnsend(payment),
  ],
};

function paidBy(settlement: Settlement | undefined): [wallet: Name, feeUnits: bigint] {
  assert(settlement !== undefined, "who settles a withdrawal knows which wallet paid which fee");
  return [settlement.wallet, settlement.feeUnits];
}
