/** What a plan of an account or a Safe may take, beside what other plans of it hold: the next nonce, and the money that they leave. */
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import type { Taken, WalletView } from "../adapter.ts";
import { leftOf } from "../left-of.ts";
import { nonceKey, nonceOf } from "./nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import type { Address } from "./address.ts";
import { isSafe } from "./safe-descriptor.ts";
import { safeNonceKey, safeNonceOf } from "./safe-nonce-key.ts";
import { placeOfWallet } from "./wallet.ts";

/**
 * The lowest nonce that neither a block nor a plan has: one lane, without gaps, for a plan that was dropped before it left
 * gives its nonce to the next. What plans may still take is not there to be paid twice; a plan whose nonce a block has by now
 * takes nothing more.
 */
export function free(snapshot: EvmSnapshot, view: WalletView, { leased, held }: Taken): EvmSnapshot {
  const { chain } = view.wallet;
  const { address } = placeOfWallet(view.wallet);
  const keyOf = (nonce: bigint) =>
    isSafe(view.wallet) ? safeNonceKey({ chain, safe: address, nonce }) : nonceKey({ chain, address, nonce });
  const used = BigInt(snapshot.nonce);
  let nonce = used;
  while (leased.has(keyOf(nonce))) nonce += 1n;
  const open = held().filter(({ conflictKeys }) =>
    conflictKeys.some((key) => {
      const nonce = nonceIn(key, address);
      return nonce !== undefined && nonce >= used;
    }),
  );
  const amounts = open.flatMap((plan) => plan.amounts);
  const left = (asset: AssetId, units: string) => leftOf(units, asset, amounts).toString();
  return {
    ...snapshot,
    nonce: nonce.toString(),
    balance: left(nativeAsset(chain), snapshot.balance),
    ...(snapshot.tokens === undefined
      ? {}
      : {
          tokens: snapshot.tokens.map(({ asset, balance }) => ({ asset, balance: left(asset, balance) })),
        }),
  };
}

function nonceIn(key: string, address: Address): bigint | undefined {
  const [account, safe] = [nonceOf(key), safeNonceOf(key)];
  if (account?.address === address) return account.nonce;
  return safe?.safe === address ? safe.nonce : undefined;
}
