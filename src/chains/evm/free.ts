/** What a plan of an account may take, beside what other plans of it hold: the next nonce, and the money that they leave. */
import { amount, sum, type Amount } from "../../core/amount.ts";
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import type { Taken, WalletView } from "../adapter.ts";
import { nonceKey, nonceOf } from "./nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import { walletAccount } from "./wallet.ts";

/**
 * The lowest nonce that neither a block nor a plan has: one lane, without gaps, for a plan that was dropped before it left
 * gives its nonce to the next. What plans may still take is not there to be paid twice; a plan whose nonce a block has by now
 * takes nothing more.
 */
export function free(snapshot: EvmSnapshot, view: WalletView, { leased, held }: Taken): EvmSnapshot {
  const { chain } = view.wallet;
  const { address } = walletAccount(view);
  const keyOf = (nonce: bigint) => nonceKey({ chain, address, nonce });
  const used = BigInt(snapshot.nonce);
  let nonce = used;
  while (leased.has(keyOf(nonce))) nonce += 1n;
  const open = held().filter(({ conflictKeys }) =>
    conflictKeys.some((key) => {
      const own = nonceOf(key);
      return own?.address === address && own.nonce >= used;
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

function leftOf(units: string, asset: AssetId, amounts: readonly Amount[]): bigint {
  const taken = sum(
    asset,
    amounts.filter((one) => one.asset === asset),
  ).units;
  const left = BigInt(units) - taken;
  return left < 0n ? amount(asset, 0n).units : left;
}
