/** A house of people: the seats in it, what they keep apart, and what it does not have. */
import type { Role } from "../core/policy/policy.ts";
import type { Gap } from "../core/policy/verify.ts";

export type Seat = {
  /** How answers name it. */
  readonly id: string;
  readonly does: string;
  readonly roles: readonly Role[];
};

/** Something that a house does not have. */
export type GivenUp = {
  readonly says: string;
  /** Whether a warning of `problemsOf` says the same; some things are not warned of. */
  readonly isWarned?: (gap: Gap) => boolean;
};

export type Template = {
  readonly says: string;
  readonly seats: readonly Seat[];
  /** Distinct approvers of a payment; what only comes back to ourselves needs as many as a large one. */
  readonly approvers: Readonly<Record<"small" | "large", number>>;
  /** Payments that compliance clears one by one. */
  readonly cleared: readonly ("small" | "large")[];
  readonly quorums: { readonly admin: number; readonly beneficiary: number; readonly resume: number };
  readonly recovery?: { readonly quorum: number; readonly days: number };
  readonly keeps: readonly string[];
  readonly givesUp: readonly GivenUp[];
};
