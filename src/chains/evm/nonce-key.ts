/** What transactions of one account compete for: its nonce (law 4). At most one transaction with it can ever be mined. */
import type { ChainId } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import { declareError } from "../../core/errors.ts";
import { addressOf, type Address } from "./address.ts";
import { safeNonceKey, safeNonceOf } from "./safe-nonce-key.ts";
import { fromHex } from "../../core/hex.ts";

export const NONCE_MALFORMED = declareError(
  "EVM_NONCE_MALFORMED",
  "usage",
  "A nonce is named by its account and its number: ADDRESS:NONCE.",
);

export type AccountNonce = { readonly chain: ChainId; readonly address: Address; readonly nonce: bigint };

/** `eip155:1:nonce:0x…:7`. */
export function nonceKey({ chain, address, nonce }: AccountNonce): string {
  return conflictKey(chain, "nonce", `${address}:${nonce}`);
}

/** What a conflict key names; undefined where it is another chain's, of another kind, or spelt otherwise than ours. */
export function nonceOf(key: string): AccountNonce | undefined {
  const [, chain, digits, number] = NONCE_KEY.exec(key) ?? [];
  if (chain === undefined || digits === undefined || number === undefined) return undefined;
  const found = {
    chain: chain as ChainId,
    address: addressOf(fromHex(digits.toLowerCase())),
    nonce: BigInt(number),
  };
  return nonceKey(found) === key ? found : undefined;
}

const NONCE_KEY = /^(eip155:[1-9][0-9]{0,31}):nonce:0x([0-9a-fA-F]{40}):(0|[1-9][0-9]{0,19})$/;

/** The nonce that is used before this one. */
export function before(key: string): string | undefined {
  const [account, safe] = [nonceOf(key), safeNonceOf(key)];
  if (account !== undefined && account.nonce > 0n) return nonceKey({ ...account, nonce: account.nonce - 1n });
  if (safe !== undefined && safe.nonce > 0n) return safeNonceKey({ ...safe, nonce: safe.nonce - 1n });
  return undefined;
}

/** No transaction makes a nonce. */
export function makerOf(): undefined {
  return undefined;
}

/** For people: `nonce 7 of 0x…`. Another key comes back as it is. */
export function keyInWords(key: string): string {
  const found = nonceOf(key);
  if (found !== undefined) return `nonce ${found.nonce} of ${found.address}`;
  const safe = safeNonceOf(key);
  return safe === undefined ? key : `nonce ${safe.nonce} of the Safe ${safe.safe}`;
}

/** The conflict key of a nonce as people name it: `0x…:7`, or its whole key. @throws EVM_NONCE_MALFORMED */
export function namedKey(text: string, chain: ChainId): string {
  const key = text.startsWith("eip155:") ? text : conflictKey(chain, "nonce", text);
  if (nonceOf(key)?.chain === chain || safeNonceOf(key)?.chain === chain) return key;
  throw NONCE_MALFORMED(`${JSON.stringify(text)} names no nonce on ${chain}`, {
    field: "coin",
    hint: "ADDRESS:NONCE, the address with its checksum (EIP-55)",
  });
}
