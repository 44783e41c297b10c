/**
 * The field types that documents are made of: zod schemas that turn text into our branded types, so that
 * inside nothing is validated twice. Each accepts exactly one spelling of a value.
 */
import * as z from "zod";
import { parseAccount, type AccountId } from "./account.ts";
import { parseAsset, type AssetId } from "./asset.ts";
import { NETWORKS, parseChain, type ChainId } from "./chain.ts";
import { parseCurrency, type Currency } from "./currency.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { parsePublicKey, type PublicKey } from "./ed25519.ts";
import { CustodyError } from "./errors.ts";
import { fromBase64, fromHex } from "./hex.ts";
import { parseId, parseName, type Id, type Name } from "./identifier.ts";
import { parseInstant, type Instant } from "./instant.ts";
import { isSafeText } from "./text.ts";

/** A zod string that one of our parsers reads; its typed error becomes the issue's text. */
export function parsed<T extends string>(parse: (text: string) => T): z.ZodType<T> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

export const networkField = z.enum(NETWORKS as readonly ["mainnet", "testnet", "regtest"]);
export const chainField: z.ZodType<ChainId> = parsed((text) => parseChain(text));
export const assetField: z.ZodType<AssetId> = parsed((text) => parseAsset(text));
export const currencyField: z.ZodType<Currency> = parsed((text) => parseCurrency(text));
export const accountField: z.ZodType<AccountId> = parsed((text) => parseAccount(text));
export const digestField: z.ZodType<Digest> = parsed((text) => parseDigest(text));
export const publicKeyField: z.ZodType<PublicKey> = parsed((text) => parsePublicKey(text));
export const instantField: z.ZodType<Instant> = parsed((text) => parseInstant(text));
export const idField: z.ZodType<Id> = parsed((text) => parseId(text));
export const nameField: z.ZodType<Name> = parsed((text) => parseName(text));

/** Base units as a decimal string; stays text in the document, `BigInt` where it is used. */
export const unitsField = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "is not a whole number of base units");

/** A count: 0 to `max`. Not -0: no document of ours can spell it, so that what is read could not be written. */
export function countField(max: number, min = 0) {
  return z
    .number()
    .int()
    .min(min)
    .max(max)
    .refine((count) => !Object.is(count, -0), "is -0");
}

/** Free text, NFC, without control or bidirectional characters. */
export function textField(max: number) {
  return z.string().min(1).max(max).refine(isSafeText, "holds unsafe characters");
}

/** Bytes as lowercase hex. */
export const hexField = parsed((text) => {
  fromHex(text);
  return text;
});

/** Bytes as canonical base64. */
export const base64Field = parsed((text) => {
  fromBase64(text);
  return text;
});
