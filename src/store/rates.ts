import type { Currency } from "../core/currency.ts";
import type { Digest } from "../core/digest.ts";
import { RATES, type RatesDocument } from "../core/documents/rates.ts";
import { declareError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { findDocument, saveDocument } from "./documents.ts";
import { pageLimit } from "./page.ts";
import type { RatesTable } from "./schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export const RATES_NOT_NEWER = declareError(
  "RATES_NOT_NEWER",
  "conflict",
  "Rates were issued no later than those that are here already.",
);

export type StoredRates = {
  readonly digest: Digest;
  readonly currency: Currency;
  readonly issued: Instant;
  readonly expires: Instant;
};

/**
 * Stores rates that have been verified. The same again change nothing; older ones never take the place of newer.
 * @throws RATES_NOT_NEWER
 */
export function insertRates(tx: Tx, rates: RatesDocument): void {
  const { digest, body } = rates;
  const { currency, issued, expires } = body;
  if (get(tx, "SELECT 1 FROM rates WHERE digest = ?", digest) !== undefined) {
    saveDocument(tx, rates);
    return;
  }
  const newest = newestRates(tx, currency);
  if (newest !== undefined && newest.issued >= issued) {
    throw RATES_NOT_NEWER(`the rates were issued at ${issued}, those of ${newest.issued} are here`, {
      field: "rates.issued",
      hint: "custody rates show",
    });
  }
  saveDocument(tx, rates);
  const after = { currency, expires, issued };
  tx.audit({ entity: "rates", entityId: digest, version: 1, event: "imported", after });
  const sql = "INSERT INTO rates (digest, currency, issued, expires, imported) VALUES (?, ?, ?, ?, ?)";
  run(tx, sql, digest, currency, issued, expires, tx.now);
}

/** The rates in a currency that were issued last. Whether they are in force is the policy's business. */
export function newestRates(reader: Reader, currency: Currency): StoredRates | undefined {
  const sql =
    "SELECT digest, currency, issued, expires FROM rates WHERE currency = ? ORDER BY issued DESC LIMIT 1";
  return get<StoredRates>(reader, sql, currency);
}

export function findNewestRates(reader: Reader, currency: Currency): RatesDocument | undefined {
  const newest = newestRates(reader, currency);
  return newest === undefined ? undefined : findDocument(reader, RATES, newest.digest);
}

/** Imported rates in a currency, the newest first. @throws PAGE_MALFORMED */
export function listRates(reader: Reader, currency: Currency, limit: number): readonly StoredRates[] {
  const sql =
    "SELECT digest, currency, issued, expires FROM rates WHERE currency = ? ORDER BY issued DESC LIMIT ?";
  return all<StoredRates & RatesTable>(reader, sql, currency, pageLimit({ limit }));
}
