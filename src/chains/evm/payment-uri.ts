/** What wallets show as a QR code when they want to be paid: an address, or a URI that holds one (EIP-681, ERC-831). */
import type { ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Address } from "./address.ts";
import { chainIdOf } from "./transaction.ts";

export const EVM_URI_UNREAD = declareError(
  "EVM_URI_UNREAD",
  "invalid",
  "An ethereum: URI has no address, calls a contract, or says more than chain, value and gas (EIP-681).",
);

/** An address as it is written, and the chain's number where it is said. */
export type AddressAsked = { readonly address: string; readonly chain?: string | undefined };

/** Parameters that say nothing of where the money goes. */
const HARMLESS = ["value", "gas", "gasLimit", "gasPrice"];
const URI = /^ethereum:(?:pay-)?(0x[0-9a-fA-F]{40})(?:@([1-9][0-9]{0,9}))?(?:\?(.*))?$/s;

/** Whether a text is about an account of an EVM chain, however badly written. */
export function isAccountText(text: string): boolean {
  return /^(?:ethereum:|0x)/i.test(text);
}

/**
 * The address in `text`, not yet parsed. A URI with a function's name is refused: what stands in it is the contract, and the
 * payee is in its arguments.
 * @throws EVM_URI_UNREAD
 */
export function addressAsked(text: string, field = "address"): AddressAsked {
  if (!/^ethereum:/i.test(text)) return { address: text };
  const [whole, address = "", chain, query = ""] =
    URI.exec(text.slice(0, LIMITS.paymentUriCharactersMax + 1)) ?? [];
  const names = query.split("&").map((parameter) => parameter.split("=", 1)[0] as string);
  const stray = names.some((name) => name !== "" && !HARMLESS.includes(name));
  if (whole !== undefined && whole === text && !stray) return { address, chain };
  throw EVM_URI_UNREAD(`${field} is an ethereum: URI that is no plain address`, {
    field,
    hint: "let the wallet show the address itself",
  });
}

/** The URI of an address on its chain (EIP-681): without a chain's number a payer's wallet takes the one that it is on. */
export function paymentUri(address: Address, chain: ChainId): string {
  return `ethereum:${address}@${chainIdOf(chain)}`;
}
