/** What people answer when a custody is set up: who they are, how many signers, how much may move. Nothing secret. */
import * as z from "zod";
import { parseAmount, positive } from "../core/amount.ts";
import { bitcoinAsset } from "../core/asset.ts";
import type { Network } from "../core/chain.ts";
import { countField, nameField, networkField, textField } from "../core/fields.ts";
import { TEMPLATE_NAMES } from "./template.ts";

/** A decimal of the asset, as people write it: `0.25`. */
const decimalField = textField(32);

export const answersSchema = z.strictObject({
  version: z.literal(1),
  network: networkField,
  template: z.enum(TEMPLATE_NAMES),
  /** One for each seat of the template. */
  people: z
    .array(z.strictObject({ seat: textField(32), name: nameField, person: textField(64) }))
    .min(1)
    .max(64),
  wallet: nameField,
  /** Offline machines, each with one key of the wallet. */
  signers: z.array(nameField).min(1).max(15),
  /** How many of them must sign. */
  threshold: countField(15, 1),
  /** Amounts in the asset's decimals: the largest payment, and sums over 24 hours and 30 days. */
  small: z.strictObject({ upTo: decimalField, day: decimalField, month: decimalField }),
  /** What is above `small.upTo`. */
  large: z.strictObject({
    upTo: decimalField,
    day: decimalField,
    month: decimalField,
    /** Hours between the last approval and the release; 0: no release is needed. */
    delayHours: countField(30 * 24),
  }),
  /** Hours before a new destination can be paid. */
  newDestinationHours: countField(30 * 24),
  /** Customers' tiers that compliance may clear. */
  tiers: z.array(nameField).min(1).max(64),
  fees: z.strictObject({
    /** Of one transaction, in the asset's decimals. */
    max: decimalField,
    /** Base units per virtual byte. */
    rate: countField(100_000, 1),
    /** Thousandths of what is paid. */
    sharePermille: countField(1000, 1),
  }),
  /** Blocks after which a payment is final. */
  confirmations: countField(1000, 1),
  /** Life of the policy. */
  days: countField(3650, 1),
});

export type Answers = z.infer<typeof answersSchema>;

/** Base units of a decimal of bitcoin that is above zero. @throws AMOUNT_MALFORMED, AMOUNT_ZERO and their like */
export function unitsOf(text: string, network: Network, field: string): bigint {
  return positive(parseAmount(text, bitcoinAsset(network), field), field).units;
}
