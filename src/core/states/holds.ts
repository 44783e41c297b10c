/**
 * A withdrawal's hold, and what the ledger books when it moves. Each state of a withdrawal has one state of its hold,
 * so that books and queue cannot say different things.
 */
import { assert } from "../errors.ts";
import { feeAsset, type AssetId } from "../asset.ts";
import {
  postFailure,
  postFreeze,
  postPaymentFee,
  postPaymentUnfee,
  postRelease,
  postSend,
  postSettle,
  postUnfailure,
  postUnfreeze,
  postUnsend,
  postUnsettle,
  type FeeShare,
  type Payment,
  type Posting,
} from "../ledger.ts";
import type { Name } from "../identifier.ts";
import { edgesOf, movesOf } from "./moves.ts";
import type { WithdrawalState } from "./withdrawal-states.ts";

const HOLD_STATES = ["PLACED", "FROZEN", "RELEASED", "SENT", "SETTLED"] as const;

export type HoldState = (typeof HOLD_STATES)[number];

/** Postings that move a hold. */
export type HoldEvent = "release" | "freeze" | "unfreeze" | "send" | "unsend" | "settle" | "unsettle";

/** A hold is released or settled at last, never both (F12, F13). A reorganisation may take a settlement back. */
export const HOLD_MOVES = movesOf<HoldEvent, HoldState>({
  release: { PLACED: "RELEASED" },
  freeze: { PLACED: "FROZEN" },
  unfreeze: { FROZEN: "PLACED" },
  send: { PLACED: "SENT" },
  unsend: { SENT: "PLACED" },
  settle: { SENT: "SETTLED" },
  unsettle: { SETTLED: "SENT" },
});

export const HOLD_EDGES = edgesOf(HOLD_STATES, HOLD_MOVES);

export const HOLD_OF: Readonly<Record<WithdrawalState, HoldState>> = Object.freeze({
  REQUESTED: "PLACED",
  SCREENING: "PLACED",
  INVALID: "RELEASED",
  ON_HOLD: "PLACED",
  BLOCKED: "FROZEN",
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
  FAILED_ONCHAIN: "PLACED",
  EXPIRED: "PLACED",
  REVOKING: "PLACED",
  REJECTED: "RELEASED",
  CANCELLED: "RELEASED",
});

/** Which wallet has paid, and this withdrawal's share of the network fee in base units. */
export type Settlement = {
  readonly wallet: Name;
  readonly feeUnits: bigint;
  /** What the chain takes its fees in; its coin, where nothing is said. */
  readonly feeAsset?: AssetId | undefined;
};

/**
 * What is booked when a withdrawal moves. Nothing where its hold stays as it is and no failure comes or goes.
 * @param settlement of the attempt that settles it, did, or has failed; needed where one of the two states is COMPLETED or
 *   FAILED_ONCHAIN
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
  const moved = booked(payment, settlement);
  if (to === "FAILED_ONCHAIN") return [...moved, postFailure(payment, feeOf(payment, settlement))];
  // A failure stays booked when people give up or ask anew: that fee was paid.
  if (from === "FAILED_ONCHAIN") return [postUnfailure(payment, feeOf(payment, settlement)), ...moved];
  return moved;
}

type Booked = (payment: Payment, settlement: Settlement | undefined) => readonly Posting[];

const BOOKED: Partial<Record<`${HoldState} ${HoldState}`, Booked>> = {
  "PLACED RELEASED": (payment) => [postRelease(payment)],
  "PLACED FROZEN": (payment) => [postFreeze(payment)],
  "FROZEN PLACED": (payment) => [postUnfreeze(payment)],
  "FROZEN SENT": (payment) => [postUnfreeze(payment), postSend(payment)],
  "SENT FROZEN": (payment) => [postUnsend(payment), postFreeze(payment)],
  "PLACED SENT": (payment) => [postSend(payment)],
  "SENT PLACED": (payment) => [postUnsend(payment)],
  "SENT SETTLED": (payment, settlement) => settled(payment, settlement),
  // By a transaction that is no attempt of ours, as people have found.
  "PLACED SETTLED": (payment, settlement) => [postSend(payment), ...settled(payment, settlement)],
  "FROZEN SETTLED": (payment, settlement) => [
    postUnfreeze(payment),
    postSend(payment),
    ...settled(payment, settlement),
  ],
  "SETTLED SENT": (payment, settlement) => unsettled(payment, settlement),
  "SETTLED PLACED": (payment, settlement) => [...unsettled(payment, settlement), postUnsend(payment)],
  "SETTLED FROZEN": (payment, settlement) => [
    ...unsettled(payment, settlement),
    postUnsend(payment),
    postFreeze(payment),
  ],
};

// The fee of a token is paid in another asset, and booked beside it.
function settled(payment: Payment, settlement: Settlement | undefined): readonly Posting[] {
  const fee = feeOf(payment, settlement);
  if (fee.asset === payment.asset) return [postSettle(payment, fee.wallet, fee.units)];
  return [postSettle(payment, fee.wallet, 0n), postPaymentFee(payment, fee)];
}

function unsettled(payment: Payment, settlement: Settlement | undefined): readonly Posting[] {
  const fee = feeOf(payment, settlement);
  if (fee.asset === payment.asset) return [postUnsettle(payment, fee.wallet, fee.units)];
  return [postPaymentUnfee(payment, fee), postUnsettle(payment, fee.wallet, 0n)];
}

function feeOf({ asset }: Payment, settlement: Settlement | undefined): FeeShare {
  assert(settlement !== undefined, "who settles a withdrawal knows which wallet paid which fee");
  const { wallet, feeUnits } = settlement;
  return { wallet, asset: settlement.feeAsset ?? feeAsset(asset), units: feeUnits };
}
