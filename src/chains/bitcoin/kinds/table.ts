/** All kinds of wallets that are handled; a kind that is not here does not exist (law 5). */
import type { Network } from "../../../core/chain.ts";
import { declareError } from "../../../core/errors.ts";
import { BITCOIN_NETWORKS } from "../network.ts";
import type { DescriptorKind, WalletKind } from "./kind.ts";
import { nestedWpkh, wpkh } from "./single-key.ts";
import { tr, trSortedmulti } from "./taproot.ts";
import { nestedWshSortedmulti, wshSortedmulti } from "./witness-multisig.ts";

export const KINDS: readonly WalletKind[] = [
  wpkh,
  nestedWpkh,
  tr,
  wshSortedmulti,
  nestedWshSortedmulti,
  trSortedmulti,
];

const byName = new Map(KINDS.map((kind) => [kind.kind, kind]));

export const WALLET_KIND_UNKNOWN = declareError(
  "WALLET_KIND_UNKNOWN",
  "usage",
  "A kind of wallet is named that does not exist, or that has another number of keys.",
);

/** A kind by the name that people type. @throws WALLET_KIND_UNKNOWN */
export function parseKind(text: string, field: string): WalletKind {
  const found = KINDS.find(({ kind }) => kind === text);
  if (found !== undefined) return found;
  throw WALLET_KIND_UNKNOWN(`${field} ${JSON.stringify(text.slice(0, 40))} is no kind of wallet`, {
    field,
    hint: `give one of ${KINDS.map(({ kind }) => kind).join(", ")}`,
  });
}

/**
 * Steps of our own account 0 for wallets of a kind, all of them hardened: BIP-49, 84, 86 for one key; BIP-48 with its
 * script type for several. Other makers' keys may come from elsewhere.
 * @example accountPath("p2wsh-sortedmulti", "mainnet") gives [48, 0, 0, 2]
 */
export function accountPath(kind: DescriptorKind, network: Network): readonly number[] {
  const { purpose, scriptType } = walletKind(kind);
  return [purpose, BITCOIN_NETWORKS[network].coinType, 0, ...(scriptType === undefined ? [] : [scriptType])];
}

export function walletKind(kind: DescriptorKind): WalletKind {
  return byName.get(kind) as WalletKind;
}
