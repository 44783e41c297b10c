/** What wallets show as a QR code when they want to be paid: an address, or a URI that holds one (BIP-21, BIP-321). */
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { quoted } from "../../core/text.ts";

export const PAYMENT_URI_UNREAD = declareError(
  "PAYMENT_URI_UNREAD",
  "invalid",
  "A bitcoin: URI has no address, or says more than address, amount, label and message (BIP-21, BIP-321).",
);

/** Parameters that say nothing of where the money goes. */
const HARMLESS = ["amount", "label", "message"];

/**
 * The address in `text`, not yet parsed. Amount, label and message are left aside. Any other parameter is refused: it can be
 * a second way to pay, which the payer's wallet may prefer (BIP-321 `bc`, `lightning`, `lno`, `sp`; BIP-78 `pj`, whose
 * server may put another address in the place of this one), so that to prove the address would prove nothing.
 * @throws PAYMENT_URI_UNREAD
 */
export function addressInUri(text: string, field = "address"): string {
  const scheme = /^bitcoin:/i.exec(text);
  if (scheme === null) return text;
  if (text.length > LIMITS.paymentUriCharactersMax) {
    throw PAYMENT_URI_UNREAD(`${field} has more than ${LIMITS.paymentUriCharactersMax} characters`, {
      field,
    });
  }
  const [address = "", query = ""] = text.slice(scheme[0].length).split(/\?(.*)/s, 2);
  if (address === "") {
    throw PAYMENT_URI_UNREAD(`${field} is a bitcoin: URI without an address`, {
      field,
      hint: "let the wallet show the address itself",
    });
  }
  const names = query.split("&").map((parameter) => (parameter.split("=", 1)[0] as string).toLowerCase());
  const other = names.find((name) => name !== "" && !HARMLESS.includes(name));
  if (other !== undefined) {
    throw PAYMENT_URI_UNREAD(
      `${field} is a bitcoin: URI with ${quoted(other)}, which may pay somewhere else than to its address`,
      { field, hint: "let the wallet show the address itself, and give the payer that alone" },
    );
  }
  return address;
}
