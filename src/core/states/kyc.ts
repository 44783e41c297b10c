/**
 * What is known of a customer (KYC). Only a review accepts; a suspension ends by another review, never by itself. Who
 * submits again is not accepted until that is reviewed.
 */
import type { Id } from "../identifier.ts";
import { from, movesOf, targetOf, type Transition } from "./moves.ts";

export const KYC_STATES = ["NONE", "SUBMITTED", "ACCEPTED", "REJECTED", "SUSPENDED"] as const;

export type KycState = (typeof KYC_STATES)[number];

export type KycEvent = "submitted" | "accepted" | "rejected" | "suspended";

export const KYC_MOVES = movesOf<KycEvent, KycState>({
  submitted: from(["NONE", "ACCEPTED", "REJECTED", "SUSPENDED"], "SUBMITTED"),
  accepted: from(["SUBMITTED", "SUSPENDED"], "ACCEPTED"),
  rejected: from(["SUBMITTED", "SUSPENDED"], "REJECTED"),
  suspended: { ACCEPTED: "SUSPENDED" },
});

/** What `event` makes of a customer's record. @throws STATE_CONFLICT */
export function kycTransition(
  { customer: id, state }: { readonly customer: Id; readonly state: KycState },
  event: KycEvent,
): Transition<KycState> {
  return { to: targetOf("kyc", { id, state }, KYC_MOVES, event), event };
}
