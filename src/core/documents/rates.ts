import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { assetField, currencyField, instantField, unitsField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

const positiveField = unitsField.refine((text) => text !== "0", "is zero");

/**
 * What assets are worth in a reference currency, as whole numbers on both sides, so that valuing an amount rounds once.
 * Signed by one person of compliance or one admin. The online host alone reads it: no signer knows what anything is worth.
 */
export const RATES = documentType("rates", {
  currency: currencyField,
  issued: instantField,
  expires: instantField,
  /** So many minor units of the currency for so many base units of the asset. */
  rates: z
    .array(z.strictObject({ asset: assetField, minorUnits: positiveField, units: positiveField }))
    .min(1)
    .max(LIMITS.ratesMax)
    // Of two, each reader could take another.
    .refine(
      (rates) => new Set(rates.map(({ asset }) => asset)).size === rates.length,
      "an asset stands twice",
    ),
});

export type Rates = BodyOf<typeof RATES>;
export type RatesDocument = Document<Rates>;
