/**
 * Houses of three, five and nine people: who holds which roles, what that keeps apart, and what it gives up. Whatever a
 * policy made from one is warned of (`policy verify`) stands here in words first, so that nobody finds it out later.
 */
import type { Role } from "../core/policy/policy.ts";
import { FIVE } from "./template-five.ts";
import { NINE } from "./template-nine.ts";
import { THREE } from "./template-three.ts";

export const TEMPLATE_NAMES = ["three", "five", "nine"] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

export type Seat = {
  /** How answers name it. */
  readonly id: string;
  readonly does: string;
  readonly roles: readonly Role[];
};

/** Something that a house does not have. */
export type GivenUp = {
  readonly says: string;
  /** Which of the warnings of `problemsOf` say the same, read as `field: why`; some things are not warned of. */
  readonly warnedAs?: RegExp;
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

export const TEMPLATES: Readonly<Record<TemplateName, Template>> = { three: THREE, five: FIVE, nine: NINE };
