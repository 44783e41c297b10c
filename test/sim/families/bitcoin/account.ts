/** Whose a script is. */
import { addressOfScript } from "../../../../src/chains/bitcoin/address.ts";
import { deriveKey, parseDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import type { AccountId } from "../../../../src/core/account.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { toHex } from "../../../../src/core/hex.ts";

/** Receive and change addresses that a world comes to use. */
export const INDEX_MAX = 120;

/** The CAIP-10 account that a script pays, where it has an address. */
export function accountOfScript(script: Uint8Array): AccountId | undefined {
  const address = addressOfScript(script, "regtest")?.address;
  return address === undefined ? undefined : (`${BITCOIN_CHAINS.regtest}:${address}` as AccountId);
}

type Place = { readonly branch: 0 | 1; readonly index: number };
const derived = new Map<string, Map<string, Place>[]>();

/** A wallet's scripts on both branches up to `last`. Derived once for all worlds: it takes a millisecond for each. */
export function scriptsOf(descriptorText: string, last: number): ReadonlyMap<string, Place> {
  const known = derived.get(descriptorText) ?? [];
  derived.set(descriptorText, known);
  if (known.length <= last) {
    const descriptor = parseDescriptor(descriptorText, "regtest");
    for (let index = known.length; index <= last; index++) {
      const both = ([0, 1] as const).map(
        (branch) => [toHex(deriveKey(descriptor, branch, index).script), { branch, index }] as const,
      );
      known.push(new Map([...(known[index - 1] ?? []), ...both]));
    }
  }
  return known[last] ?? new Map();
}
