/** What a person compares when a wallet is registered (attacks B5 and B6): everything that decides who can spend. */
import type { WalletFacts } from "../adapter.ts";
import type { Network } from "../../core/chain.ts";
import { deriveAddress, parseDescriptor } from "./descriptor.ts";
import { KIND_NAMES } from "./exports/unfit.ts";
import { formatKeyPath } from "../key-path.ts";
import { walletPolicy } from "./wallet-policy.ts";

/** Addresses that are compared: BIP-129 wants the first, makers show a few. */
const FIRST_ADDRESSES = 3;

/** @throws as `parseDescriptor` */
export function walletFacts(text: string, network: Network): WalletFacts {
  const descriptor = parseDescriptor(text, network);
  const { threshold, keys, kind } = descriptor;
  return {
    quorum: `${threshold} of ${keys.length}`,
    kind: KIND_NAMES[kind],
    template: walletPolicy(descriptor).template,
    keys: keys.map(({ origin: { fingerprint, path }, xpub }) => ({
      fingerprint,
      path: formatKeyPath(path),
      xpub,
    })),
    receive: Array.from(
      { length: FIRST_ADDRESSES },
      (_, index) => deriveAddress(descriptor, 0, index).address,
    ),
  };
}
