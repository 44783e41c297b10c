import type { Brand } from "./brand.ts";
import { parseChain, type ChainId } from "./chain.ts";
import { declareError } from "./errors.ts";
import { quoted } from "./text.ts";

/** A CAIP-10 account id: `bip122:<chain>:<address>`. The address part is checked by its chain's codec. */
export type AccountId = Brand<string, "AccountId">;

export const ACCOUNT_MALFORMED = declareError(
  "ACCOUNT_MALFORMED",
  "invalid",
  "An account is not a CAIP-10 id of a known chain.",
);

/** Joins a chain and an address that its codec has parsed. */
export function accountId(chain: ChainId, address: string): AccountId {
  return `${chain}:${address}` as AccountId;
}

/** @throws ACCOUNT_MALFORMED, CHAIN_UNKNOWN */
export function parseAccount(text: string, field = "account"): AccountId {
  const match = /^([a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})$/.exec(text);
  if (match === null)
    throw ACCOUNT_MALFORMED(`${field} ${quoted(text)} is not a CAIP-10 account id`, { field });
  return accountId(parseChain(match[1] as string, field), match[2] as string);
}

/** The chain and the address of an account. */
export function splitAccount(account: AccountId): { chain: ChainId; address: string } {
  const cut = account.lastIndexOf(":");
  return { chain: account.slice(0, cut) as ChainId, address: account.slice(cut + 1) };
}
