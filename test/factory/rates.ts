import { parseCurrency } from "../../src/core/currency.ts";
import { makeDocument } from "../../src/core/document.ts";
import { RATES, type Rates, type RatesDocument } from "../../src/core/documents/rates.ts";
import { BTC, header, signedDocument } from "./documents.ts";
import { ALICE, at, type Cast } from "./identities.ts";

/** One bitcoin is 50,000 EUR, so that one satoshi is a twentieth of a cent. */
export function ratesOf(changes: Partial<Rates> = {}, signers: readonly Cast[] = [ALICE]): RatesDocument {
  const body: Rates = {
    ...header("rates"),
    currency: parseCurrency("EUR"),
    issued: at("08:30:00"),
    expires: at("20:00:00"),
    rates: [{ asset: BTC, minorUnits: "5000000", units: "100000000" }],
    ...changes,
  };
  return signedDocument(makeDocument(RATES, body), signers, at("08:31:00"));
}
