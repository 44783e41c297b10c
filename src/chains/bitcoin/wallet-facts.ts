/** What a person compares when a wallet is registered (attacks B5 and B6): everything that decides who can spend. */
import type { Network } from "../../core/chain.ts";
import { deriveAddress, parseDescriptor } from "./descriptor.ts";
import { KIND_NAMES } from "./exports/unfit.ts";
import { formatKeyPath } from "../key-path.ts";
import { walletPolicy } from "./wallet-policy.ts";

export type WalletFacts = {
  /** `2 of 3`. */
  readonly quorum: string;
  /** `P2WSH of several keys`. */
  readonly kind: string;
  /** BIP-388's template, as other makers' signers show it. */
  readonly template: string;
  /** In the descriptor's order. */
  readonly keys: readonly {
    readonly fingerprint: string;
    readonly path: string;
    readonly xpub: string;
  }[];
  /** The first addresses of the receive branch, from index 0. */
  readonly receive: readonly string[];
};

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
