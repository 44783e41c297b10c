/** The states of a withdrawal, and what each of them means. */

/**
 * REQUESTED: stored, its amount held. SCREENING: looked at (KYC, limits, destination), for the first time or again.
 * ON_HOLD: something speaks against paying it now, and compliance decides. BLOCKED: two of compliance have confirmed a
 * hit; its funds are frozen. INVALID: it can never be paid as it was asked for. COOLING: approved, waits for its release or
 * clearance. REVOKING: approved, and not wanted any more; its hold is kept until law 3 is met, or it is paid because it won
 * the race. EXPIRED: what was signed for it can never settle, or its time to be planned is over; only a new generation,
 * approved afresh, can pay it (law 4). FAILED_ONCHAIN: a block holds its payment without its effect, and that is final
 * (EVM: status 0 or no matching Transfer; Safe: ExecutionFailure; Stellar: a failed result). The fee is gone, the amount is
 * not. No bitcoin transaction can end so.
 */
export const WITHDRAWAL_STATES = [
  "REQUESTED",
  "SCREENING",
  "INVALID",
  "ON_HOLD",
  "BLOCKED",
  "PENDING_APPROVAL",
  "COOLING",
  "READY",
  "PLANNED",
  "EXPORTED",
  "SIGNED",
  "BROADCASTING",
  "UNCERTAIN",
  "BROADCAST",
  "CONFIRMING",
  "COMPLETED",
  "FAILED_ONCHAIN",
  "EXPIRED",
  "REVOKING",
  "REJECTED",
  "CANCELLED",
] as const;

export type WithdrawalState = (typeof WITHDRAWAL_STATES)[number];
