/** What transactions of one Safe compete for: the Safe's own nonce (law 4). A relayer's nonce proves nothing about it. */
import type { ChainId } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import { fromHex } from "../../core/hex.ts";
import { addressOf, type Address } from "./address.ts";

export type SafeNonce = { readonly chain: ChainId; readonly safe: Address; readonly nonce: bigint };

/** `eip155:1:safe-nonce:0x…:7`. */
export function safeNonceKey({ chain, safe, nonce }: SafeNonce): string {
  return conflictKey(chain, "safe-nonce", `${safe}:${nonce}`);
}

const KEY = /^(eip155:[1-9][0-9]{0,31}):safe-nonce:0x([0-9a-fA-F]{40}):(0|[1-9][0-9]{0,77})$/;

/** What a conflict key names; undefined where it is of another kind, or spelt otherwise than ours. */
export function safeNonceOf(key: string): SafeNonce | undefined {
  const [, chain, digits, number] = KEY.exec(key) ?? [];
  if (chain === undefined || digits === undefined || number === undefined) return undefined;
  const found = {
    chain: chain as ChainId,
    safe: addressOf(fromHex(digits.toLowerCase())),
    nonce: BigInt(number),
  };
  return safeNonceKey(found) === key ? found : undefined;
}
