/**
 * Rules that the online host alone keeps: how much one customer, one destination, all customers of one tier or one chain
 * may ask for. Signers know neither tiers nor rates nor each other's payments, so nothing here binds them.
 */
import * as z from "zod";
import { assetField, chainField, countField, currencyField, nameField, unitsField } from "../../fields.ts";
import { LIMITS } from "../../limits.ts";

/** What one sum is taken over. */
export const SCOPES = ["customer", "tier", "destination", "network"] as const;
export type Scope = (typeof SCOPES)[number];

/** Rolling windows: the last so many seconds before a request, never a calendar's day (F25). */
export const WINDOW_SECONDS = { hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
export type OnlineWindow = keyof typeof WINDOW_SECONDS;

const onlineLimitField = z.strictObject({
  name: nameField,
  per: z.enum(SCOPES),
  /** Whose payments it judges. Counted is everything in its scope, whatever tier the others have. */
  tiers: z.array(nameField).min(1).max(64),
  /** On this chain alone; left out: on each. */
  chain: chainField.optional(),
  window: z.enum(["hour", "day", "week", "month"]),
  /** Base units of one asset, or minor units of the reference currency over all assets. */
  max: z.union([
    z.strictObject({ asset: assetField, units: unitsField }),
    z.strictObject({ minorUnits: unitsField }),
  ]),
  /** How many payments, if that is limited too. */
  paymentsMax: countField(1_000_000_000, 1).optional(),
});

/** A payment needs a limit `per` customer that names the customer's tier; without one it is denied. */
export const onlineField = z.strictObject({
  /** The reference currency. */
  currency: currencyField,
  /** Oldest age of the rates by which an amount may be valued. */
  ratesSecondsMax: countField(366 * 86_400, 60),
  limits: z.array(onlineLimitField).max(LIMITS.onlineLimitsMax),
});

export type OnlineRules = z.infer<typeof onlineField>;
export type OnlineLimit = OnlineRules["limits"][number];
