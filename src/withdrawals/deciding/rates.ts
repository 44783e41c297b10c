/** Signed rates come in: what an amount is worth is said by people, not by the host that counts. */
import { assertBelongs } from "../../core/document.ts";
import type { RatesDocument } from "../../core/documents/rates.ts";
import { declareError } from "../../core/errors.ts";
import type { Instant } from "../../core/instant.ts";
import { withCountedSignatures } from "../../core/policy/counting.ts";
import { RATES_ROLES, ratesDenial } from "../../core/policy/online/rates.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";

export const RATES_UNSIGNED = declareError(
  "RATES_UNSIGNED",
  "verification",
  "Rates carry no valid signature of anybody who may say what an asset is worth.",
);
export const RATES_NOT_IN_FORCE = declareError(
  "RATES_NOT_IN_FORCE",
  "denied",
  "Rates are in another currency than the policy's, too old, expired, or of a time to come.",
);

/**
 * Keeps rates that can be used now, with the signatures that count.
 * @throws RATES_UNSIGNED, RATES_NOT_IN_FORCE, RATES_NOT_NEWER
 */
export function importRates<Tx>(
  ports: { insertRates(tx: Tx, rates: RatesDocument): void },
  tx: Tx,
  document: RatesDocument,
  { policy, now }: { readonly policy: PolicyDocument; readonly now: Instant },
): RatesDocument {
  assertBelongs(document, { network: policy.body.network, custody: custodyId(policy) });
  const kept = withCountedSignatures(policy.body, RATES_ROLES, document);
  if (kept.signatures.length === 0) {
    throw RATES_UNSIGNED(`nobody with role ${RATES_ROLES.join(" or ")} has validly signed the rates`, {
      field: "rates.signatures",
      hint: "custody desk sign rates.json --as rates --identity NAME.key --out rates.signed.json",
    });
  }
  const denial = ratesDenial(policy.body, kept, now);
  if (denial !== undefined) {
    throw RATES_NOT_IN_FORCE(denial, {
      field: "rates.issued",
      hint: "custody rates new --rate btc=PRICE --out rates.json   (and have it signed)",
    });
  }
  ports.insertRates(tx, kept);
  return kept;
}
